import Logging
import ReplicationModel
import Synchronization

/// Members of Patroni's clusters are targets too.
extension Fleet {
    /// Begins to ask Patroni.
    func discover(andGoOn isLasting: Bool) {
        patroni?.begin(andGoOn: isLasting) { await self.take($0) }
    }

    /// Gathers from all monitors: from those that are known at once, then from those of members that turn up, for which only a part of
    /// the time is waited. Nobody shall see a page without them because it was the first, and Patroni's hanging costs nobody else's time.
    /// - Returns: what `gather` gives, in the order of `names`.
    func withMembers(
        until deadline: ContinuousClock.Instant,
        _ gather: @escaping @Sendable ([TargetMonitor]) async -> [TargetReport]
    ) async -> [TargetReport] {
        guard let patroni, !patroni.isDiscovered else { return await gather(monitors) }
        discover(andGoOn: isStarted)
        let known = monitors
        async let first = gather(known)
        await patroni.discovered(until: discoveryDeadline(deadline))
        let present = monitors
        let asked = Set(known.map(ObjectIdentifier.init))
        let found = present.filter { !asked.contains(ObjectIdentifier($0)) }
        let reports = await first + (found.isEmpty ? [] : gather(found))
        let byName = Dictionary(reports.map { ($0.name, $0) }) { $1 }
        return present.compactMap { byName[$0.name] }
    }

    /// The monitor of a target; one that is not known yet may be a member that Patroni is about to name.
    func monitor(of name: String, until deadline: ContinuousClock.Instant) async -> TargetMonitor? {
        if let known = state.withLock({ $0.monitors[name] }) { return known }
        guard let patroni, !patroni.isDiscovered else { return nil }
        discover(andGoOn: isStarted)
        await patroni.discovered(until: discoveryDeadline(deadline))
        return state.withLock { $0.monitors[name] }
    }

    /// Members that are found have to be asked in the rest of the time. Who asks just once, and is gone then, waits for longer.
    private func discoveryDeadline(_ deadline: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        return now + max(deadline - now, .zero) / (isStarted ? 4 : 2)
    }

    private var isStarted: Bool { state.withLock { $0.isStarted } }

    /// Takes in what Patroni told of a cluster.
    private func take(_ answer: PatroniCluster) async {
        let (change, omissions) = state.withLock { state -> (Change, [String]) in
            guard !state.isStopped else { return (Change(), []) }
            Self.noteLeader(of: answer, in: &state, logger)
            let isChanged = state.roster.update(answer, at: WallClock.monotonic(.now))
            let change = isChanged ? follow(&state) : Change()
            return (change, state.roster.clusters.first { $0.name == answer.name }?.oddities ?? [])
        }
        patroni?.tell(of: omissions, of: answer.name)
        tell(of: change.difference.added, at: change.addresses, "member of Patroni found")
        tell(of: change.difference.moved, at: change.addresses, "member of Patroni is elsewhere now")
        tell(of: change.difference.removed, at: [:], "member of Patroni is gone")
        await carryOut(change)
    }

    /// Hundreds may come and go at once, and again and again.
    private func tell(of names: [String], at addresses: [String: ServerAddress], _ what: String) {
        for name in names.prefix(Self.mostTold) {
            var metadata: Logger.Metadata = ["target": "\(name)"]
            metadata["address"] = addresses[name].map { "\($0)" }
            logger.notice("\(what)", metadata: metadata)
        }
        guard names.count > Self.mostTold else { return }
        logger.notice("\(what)", metadata: ["and more": "\(names.count - Self.mostTold)"])
    }

    private static let mostTold = 10
}
