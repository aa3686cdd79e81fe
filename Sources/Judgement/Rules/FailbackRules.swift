import ReplicationModel

/// Whether a server could come back after a failover, and after one, how it can.
enum FailbackRules {
    static func rewindNotReady(_ view: FleetView) -> [Finding] {
        view.servers.compactMap { server in
            let readiness = RewindReadiness(server.snapshot)
            guard readiness.isReady == false, view.isReplicated(server) else { return nil }
            let blocking = RewindReadiness.Blocker.allCases.filter { readiness.blockers[$0] == true }
            var evidence: [Finding.Evidence] = []
            let settings = server.snapshot.settings
            if let hints = settings?.walLogHints { evidence.append(.init("wal_log_hints", hints ? "on" : "off")) }
            if let checksums = settings?.dataChecksums { evidence.append(.init("data_checksums", checksums ? "on" : "off")) }
            if let writes = settings?.fullPageWrites { evidence.append(.init("full_page_writes", writes ? "on" : "off")) }
            if blocking.contains(.walNotKept) {
                if let keep = settings?.walKeepSizeBytes { evidence.append(.init("wal_keep_size", HumanText.bytes(keep))) }
                if let end = server.snapshot.currentPosition, let redo = server.snapshot.checkpoints?.redo {
                    evidence.append(.init("WAL since the last checkpoint's redo position", HumanText.bytes(end.lag(of: redo))))
                }
                if let cycle = server.snapshot.checkpoints?.cycleBytes {
                    evidence.append(.init("most WAL since then, before the last checkpoint or now", HumanText.bytes(cycle)))
                }
                evidence.append(.init("restore_command", "not set"))
            }
            return Finding(
                server.isPrimary ? .rewindNotReady : .rewindNotReadyStandby,
                target: server.target,
                summary: "After a failover, pg_rewind could not bring \(server.target) back: "
                    + blocking.map(\.explanation).joined(separator: "; ") + ".",
                evidence: evidence,
                cures: blocking.flatMap { cures($0, server) }
            )
        }
    }

    private static func cures(_ blocker: RewindReadiness.Blocker, _ server: FleetServer) -> [Finding.Cure] {
        switch blocker {
        case .hintsAndChecksumsOff:
            [
                .init(.setting, "wal_log_hints = on"),
                .init(.advice, "It takes effect at a restart. Data checksums do as well: pg_checksums --enable, while the server is stopped."),
            ]
        case .fullPageWritesOff: [.init(.setting, "full_page_writes = on")]
        case .walNotKept:
            [
                .init(.setting, "wal_keep_size = '\(keepSize(server.snapshot))MB'"),
                .init(
                    .advice,
                    "It should hold the WAL between two checkpoints, at peak times too. A restore_command that reads an archive does as well."
                ),
            ]
        }
    }

    /// Twice the WAL since the last checkpoint, in whole GiB, in MB.
    private static func keepSize(_ snapshot: ServerSnapshot) -> Int64 {
        let now = snapshot.checkpoints?.redo.flatMap { redo in snapshot.currentPosition?.lag(of: redo) } ?? 0
        let distance = max(now, snapshot.checkpoints?.cycleBytes ?? 0)
        return (distance >> 29 +| 1) *| 1024
    }

    static func failback(_ view: FleetView) -> [Finding] {
        var told: Set<ServerInstance> = []
        var survivors: [String: FleetServer?] = [:]
        return (view.formerPrimaries + view.lostStandbys).compactMap { former -> Finding? in
            let system = former.snapshot.identity.systemKey
            let known = survivors[system] ?? view.leadingPrimary(of: system)
            survivors[system] = .some(known)
            // While two primaries are alive nobody knows yet whose data are to live.
            guard let survivor = known, !view.isUndecided(system), survivor.instance != former.instance,
                told.insert(former.instance).inserted,
                let old = former.snapshot.timeline, let new = survivor.snapshot.timeline,
                old < new || old == new && view.isApart(former, survivor)
            else { return nil }
            return finding(former, survivor, FailbackVerdict(former: former.snapshot, survivor: survivor.snapshot, isPast: !former.isUp))
        }
    }

    private static func finding(_ former: FormerPrimary, _ survivor: FleetServer, _ verdict: FailbackVerdict) -> Finding {
        let name = former.report.name
        var evidence = verdict.evidence
        if case .snapshot(_, let at)? = former.report.lastSeen, !former.isUp {
            evidence.insert(.init("\(name) seen last", HumanText.time(at)), at: 0)
        }
        evidence += verdict.doubts.map { .init("not certain", $0) }
        let way =
            switch verdict.way {
            case .follow: "can follow primary \(survivor.target) as it is"
            case .rewind: "needs pg_rewind to follow primary \(survivor.target)"
            case .baseBackup: "needs a base backup to follow primary \(survivor.target)"
            case .undecided: "may need pg_rewind or a base backup to follow primary \(survivor.target)"
            }
        return Finding(
            verdict.row,
            target: name,
            standby: former.snapshot.role == .standby ? name : nil,
            upstream: survivor.target,
            summary: former.snapshot.role == .primary
                ? "Former primary \(name) \(way): \(verdict.reason)."
                : "Standby \(name) \(verdict.isCertain ? "has" : "seems to have") data that primary \(survivor.target) never had, and \(way): "
                    + "\(verdict.reason).",
            evidence: evidence,
            cures: FailbackCures(former, survivor).steps(verdict.way)
        )
    }
}

extension RewindReadiness.Blocker {
    fileprivate var explanation: String {
        switch self {
        case .hintsAndChecksumsOff: "neither wal_log_hints nor data checksums are on"
        case .fullPageWritesOff: "full_page_writes is off"
        case .walNotKept: "WAL since its last checkpoint is not kept"
        }
    }
}

/// A server that is, or was when it was seen last, a primary beside the one that counts; or a standby of such a one.
struct FormerPrimary {
    let report: TargetReport
    let snapshot: ServerSnapshot
    let isUp: Bool
    let cluster: PatroniCluster?

    var instance: ServerInstance { ServerInstance(snapshot) }
}

extension FleetView {
    /// The primaries that are up, and the targets that are down and were primaries when they were seen last.
    fileprivate var formerPrimaries: [FormerPrimary] {
        let up = servers.filter(\.isPrimary).map { FormerPrimary(report: $0.report, snapshot: $0.snapshot, isUp: true, cluster: $0.cluster) }
        let alive = Set(servers.map(\.instance))
        let down = reports.enumerated().sorted { ($0.element.roaming, $0.offset) < ($1.element.roaming, $1.offset) }
            .compactMap { _, report -> FormerPrimary? in
                // An address that reaches nothing is no server: of the one that it led to, that one's own target tells.
                guard report.snapshot == nil, !report.isVirtualAddress, case .snapshot(let snapshot, _)? = report.lastSeen, snapshot.role == .primary,
                    !alive.contains(ServerInstance(snapshot))
                else { return nil }
                return FormerPrimary(report: report, snapshot: snapshot, isUp: false, cluster: patroni.entry(of: report)?.cluster)
            }
        return up + down
    }

    /// The standbys that hold WAL which the primary of their system never had: they end beyond where its timeline left theirs, or were promoted
    /// to a timeline of the same number.
    fileprivate var lostStandbys: [FormerPrimary] {
        standbys.compactMap { standby in
            guard let primary = leadingPrimary(of: standby.systemIdentifier),
                standby.isBeyondFork(of: primary) || standby.isOfAnotherPromotion(than: primary)
            else { return nil }
            return FormerPrimary(report: standby.report, snapshot: standby.snapshot, isUp: true, cluster: standby.cluster)
        }
    }

    /// The primary on the latest timeline. Of several on one timeline the one that was promoted first: who comes back and promotes itself
    /// after that is in all likelihood the one that nobody meant to be a primary.
    func leadingPrimary(of systemIdentifier: String) -> FleetServer? {
        primaries(of: systemIdentifier).max {
            ($0.snapshot.timeline ?? 0, -($0.promotion ?? .infinity)) < ($1.snapshot.timeline ?? 0, -($1.promotion ?? .infinity))
        }
    }

    /// Whether two servers on one timeline were promoted on their own, and are not one data directory that moved.
    fileprivate func isApart(_ former: FormerPrimary, _ survivor: FleetServer) -> Bool {
        if former.isUp { return true }
        if splits.contains(where: { split in split.sides.contains { $0.target == former.report.name } }) { return true }
        guard let written = former.snapshot.promotion, let survived = survivor.promotion else { return false }
        return written != survived
    }

    /// Whether a failover is thinkable: there is, or should be, another server of the system.
    fileprivate func isReplicated(_ server: FleetServer) -> Bool {
        if server.snapshot.role == .standby || server.report.membership != nil { return true }
        if count(of: server.systemIdentifier) > 1 { return true }
        if server.snapshot.slots?.contains(where: { $0.type == .physical && !$0.isTemporary }) == true { return true }
        return server.snapshot.walsenders?.contains { $0.replayed != nil && [.streaming, .catchup].contains($0.state) } == true
    }
}

extension FailbackVerdict {
    /// That it wrote beyond the fork stays true, whatever it wrote since. That it wrote nothing more, nobody knows of a server that is down.
    fileprivate var row: Verdict.Case {
        switch way {
        case .follow, .undecided: .failback
        case .rewind: .failbackByRewind
        case .baseBackup: doubts.isEmpty ? .failbackNeedsBaseBackup : .failbackMayNeedBaseBackup
        }
    }
}
