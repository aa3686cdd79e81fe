package import ReplicationModel

/// What has to be remembered from one look at the servers to the next: times with two primaries.
///
/// Reports may come all at once or one by one, each with its own time. They are put in order by the exporter's monotonic clock: a step of
/// its wall clock makes no primary of the past one of the present.
package struct FleetMemory: Sendable {
    /// Times with two primaries that are not settled, one a system, in the order in which they began.
    package var splits: [SplitBrain] {
        unsettled.values.sorted { ($0.since, $0.systemIdentifier) < ($1.since, $1.systemIdentifier) }
    }

    /// By system.
    var unsettled: [String: SplitBrain] = [:]
    /// When two primaries of a system were seen last.
    var lastTogether: [String: MonotonicTime] = [:]
    var sightings = PrimarySightings()
    var reached = ReachedServers()
    private var links = SilentLinks()

    /// The links between servers that fell silent, and of which nothing was heard since.
    package var silentLinks: [SilentLink] { links.all }

    /// The lives of servers in which they were seen as standbys.
    package var wereStandbys: Set<ServerInstance> { reached.wereStandbys }

    /// More systems with two primaries than anybody has: beyond it, the one that was seen longest ago goes.
    static let maximumSplits = 256

    package init() {}

    /// Of how many systems the primaries are remembered.
    package var rememberedSystems: Int { sightings.count }

    /// Learns from what a target said. A target that is down says nothing.
    ///
    /// - Parameter now: when it said so: of a report that is handed out again, the same moment again.
    package mutating func note(_ report: TargetReport, at now: Moment) {
        guard let snapshot = report.snapshot else { return }
        let instance = ServerInstance(snapshot)
        let former = reached.note(instance, by: report)
        follow(instance, after: former)
        if former != nil { links.keep(where: reached.isReached) }
        links.noteSender(instance, snapshot, at: now.wall)
        if snapshot.role == .standby {
            links.noteStandby(snapshot, named: report.names(snapshot), at: now.wall)
        }
        let target = reached.speaker(of: instance) ?? report.name
        switch snapshot.role {
        case .primary:
            // Without the server's clock, nothing could be proven by the times of its files later.
            guard let timeline = snapshot.timeline, let clockOffset = snapshot.clockOffset else { return }
            let side = SplitBrain.Side(
                target: target,
                instance: instance,
                timeline: timeline,
                lastPrimary: now.wall + clockOffset,
                isSuspect: false
            )
            sawPrimary(side, at: now)
        case .standby:
            reached.noteStandby(instance)
            sawStandby(instance, snapshot)
        }
    }

    /// Forgets targets that are configured no more.
    package mutating func keep(onlyTargets targets: Set<String>) {
        reached.keep(onlyTargets: targets)
        sightings.keep(onlyTargets: targets)
        links.keep(where: reached.isReached)
        for system in unsettled.keys {
            unsettled[system]?.sides.removeAll { !targets.contains($0.target) }
            settle(system)
        }
    }

    /// A side's server has started anew, or another target turns out to speak for it.
    private mutating func follow(_ instance: ServerInstance, after former: ServerInstance?) {
        guard !unsettled.isEmpty else { return }
        if let former, let index = unsettled[former.systemIdentifier]?.sides.firstIndex(where: { $0.instance == former }) {
            if instance.systemIdentifier == former.systemIdentifier {
                unsettled[former.systemIdentifier]?.sides[index].instance = instance
            } else {
                // Another system in its place: nothing is left of the old data. Or it is said now that it is none of this family.
                unsettled[former.systemIdentifier]?.sides.remove(at: index)
                sightings.forget(former)
                rename(former.systemIdentifier)
            }
        }
        rename(instance.systemIdentifier)
    }

    /// Lets each side of a split go by the target that speaks for its server now.
    private mutating func rename(_ system: String) {
        guard let sides = unsettled[system]?.sides else { return }
        for (index, side) in sides.enumerated() {
            if let speaker = reached.speaker(of: side.instance) { unsettled[system]?.sides[index].target = speaker }
        }
        settle(system)
    }

    private mutating func sawPrimary(_ side: SplitBrain.Side, at now: Moment) {
        let system = side.instance.systemIdentifier
        let together = sightings.note(side, at: now, isReached: reached.isReached)
        if let position = unsettled[system]?.sides.firstIndex(where: { $0.instance == side.instance }) {
            unsettled[system]?.sides[position] = side
        }
        guard let since = together.map(\.first).min(), let lastSeen = together.map(\.last).max() else { return }
        let sides = together.map { present($0.side) } + [side]
        guard var split = unsettled[system] else {
            makeRoom()
            unsettled[system] = SplitBrain(systemIdentifier: system, since: since.wall, lastSeen: lastSeen.wall, sides: sides)
            lastTogether[system] = lastSeen.monotonic
            return
        }
        if lastTogether[system].map({ $0 < lastSeen.monotonic }) ?? true {
            split.lastSeen = lastSeen.wall
            lastTogether[system] = lastSeen.monotonic
        }
        for side in sides where !split.sides.contains(where: { $0.instance == side.instance || $0.target == side.target }) {
            split.sides.append(side)
        }
        unsettled[system] = split
    }

    private mutating func makeRoom() {
        guard unsettled.count >= Self.maximumSplits, let oldest = lastTogether.min(by: { $0.value < $1.value })?.key else { return }
        unsettled[oldest] = nil
        lastTogether[oldest] = nil
    }

    /// A side that was seen in the past, under the names that its server has now.
    private func present(_ side: SplitBrain.Side) -> SplitBrain.Side {
        var side = side
        if let instance = reached.server(of: side.target), !reached.isReached(side.instance) { side.instance = instance }
        if let target = reached.speaker(of: side.instance) { side.target = target }
        return side
    }

    private mutating func sawStandby(_ instance: ServerInstance, _ snapshot: ServerSnapshot) {
        let system = instance.systemIdentifier
        guard let split = unsettled[system], let position = split.sides.firstIndex(where: { $0.instance == instance }) else { return }
        var side = split.sides[position]
        // The last side that others have not given way to: what it follows now has its data.
        guard side.isSuspect || split.sides.contains(where: { $0.target != side.target && !$0.isSuspect }) else { return }
        side.isSuspect = true
        let survivor = sightings.last(of: system) { $0.target != side.target }
        if let survivor, side.isReplaced(by: snapshot, survivorTimeline: survivor.timeline) {
            unsettled[system]?.sides.remove(at: position)
            // What was seen before proves nothing of the time from now on.
            sightings.forget(system)
        } else {
            unsettled[system]?.sides[position] = side
        }
        settle(system)
    }

    /// One side alone has nobody to differ from, unless it is the one that was to give way.
    private mutating func settle(_ system: String) {
        guard let sides = unsettled[system]?.sides, sides.count < 2, !sides.contains(where: \.isSuspect) else { return }
        unsettled[system] = nil
        lastTogether[system] = nil
    }
}

extension SplitBrain.Side {
    /// Whether a standby's state proves that its data directory is not any more the one that was a primary's, or was rewound.
    ///
    /// Both pg_rewind and a base backup write all history files anew and remove those that the source does not have. Without them the
    /// server keeps the file that it wrote at its own promotion. But it also fetches files that it lacks when it follows: so a file of a
    /// higher timeline proves nothing of a standby that was seen without it.
    fileprivate mutating func isReplaced(by snapshot: ServerSnapshot, survivorTimeline: Int64) -> Bool {
        guard let directory = snapshot.walDirectory, directory.readAt > lastPrimary else { return false }
        guard let history = directory.historyFileTimeline else { return timeline > 1 }
        if history < timeline { return true }
        guard let modified = directory.historyFileModified else { return false }
        let isNew =
            if let unproven {
                history < unproven.timeline || history == unproven.timeline && modified > unproven.modified
            } else {
                history >= survivorTimeline && modified > lastPrimary
            }
        guard isNew else {
            unproven = SplitBrain.HistoryFile(timeline: history, modified: modified)
            return false
        }
        // It may just have fetched the file, and be refused for what it has beyond the fork: at each retry it is sent the WAL of its own timeline up to
        // there. So only what it receives of the new one shows that it is not.
        guard let receiver = snapshot.receiver, let isUp = receiver.isUp(settings: snapshot.settings) else { return true }
        return isUp && receiver.session?.timeline.map { $0 >= history } == true
    }
}
