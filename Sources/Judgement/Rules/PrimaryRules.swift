import ReplicationModel

/// What is wrong with roles and primaries.
enum PrimaryRules {
    static func twoPrimaries(_ view: FleetView) -> [Finding] {
        var told: Set<String> = []
        return view.servers.flatMap { server -> [Finding] in
            let system = server.systemIdentifier
            guard server.isPrimary, told.insert(system).inserted else { return [] }
            let primaries = view.primaries(of: system)
            guard primaries.count > 1, let leading = view.leadingPrimary(of: system) else { return [] }
            let split = view.splits.first { $0.systemIdentifier == system }
            return primaries.filter { $0.instance != leading.instance }.map { stale in
                let isDecided = stale.isBehind(leading)
                // Either may be the copy: one that was recovered to a point in time is on a later timeline.
                let copy = [(stale, leading), (leading, stale)].lazy.compactMap { one, other in
                    CopyEvidence(of: one, beside: other, in: view).map { (server: one, evidence: $0) }
                }.first
                var evidence = [Finding.Evidence("system_identifier", system)]
                for primary in [leading, stale] {
                    evidence.append(.init("timeline of \(primary.target)", primary.snapshot.timeline.map { "\($0)" } ?? "unknown"))
                    if let fork = primary.fork { evidence.append(.init("\(primary.target) was promoted at", fork.description)) }
                    if let promotion = primary.promotion {
                        evidence.append(.init("newest history file of \(primary.target) written", HumanText.time(promotion)))
                    }
                    if let end = primary.snapshot.currentPosition { evidence.append(.init("end of WAL at \(primary.target)", end.description)) }
                }
                if let split { evidence.append(.init("both seen since", HumanText.time(split.since))) }
                if let copy { evidence.append(.init("\(copy.server.target) may be a copy", copy.evidence.reasons.joined(separator: "; "))) }
                evidence.append(.init("if \(stale.target) gives way to \(leading.target)", way(from: stale, to: leading)))
                if !isDecided { evidence.append(.init("which one is right", "cannot be told: a timeline may be chosen twice, by each of them")) }
                return Finding(
                    copy == nil ? .twoPrimaries : .twoPrimariesOrCopy,
                    target: stale.target,
                    upstream: leading.target,
                    summary: copy.map { copySummary($0.server, stale, leading) }
                        ?? (isDecided
                            ? "\(stale.target) and \(leading.target) are both primaries of one system; \(leading.target) is on the later timeline."
                            : "\(stale.target) and \(leading.target) are both primaries of one system on one timeline, and it cannot be told which one is right."),
                    evidence: evidence,
                    cures: (copy.map { [detaching($0.server)] } ?? []) + [
                        .init(
                            .advice,
                            "Decide which one keeps its data, and keep clients from writing to the other one at once: what that one wrote since "
                                + "the fork has to be given up or carried over by hand."
                        ),
                        .init(.advice, "Then stop the other one, and bring it back by pg_rewind or a base backup; never just let it follow."),
                    ]
                )
            }
        }
    }

    private static func copySummary(_ copy: FleetServer, _ stale: FleetServer, _ leading: FleetServer) -> String {
        "\(stale.target) and \(leading.target) are both primaries of one system; \(copy.target) may be a clone or copy with a life of its own."
    }

    private static func detaching(_ copy: FleetServer) -> Finding.Cure {
        .init(
            .advice,
            "If \(copy.target) is a copy that is meant to be one, say so in the exporter's configuration: expect: {detached: true} at its target. "
                + "If it was a standby, or clients write to both of them:"
        )
    }

    /// What it would take to bring one back as a standby of the other: it may help to decide.
    private static func way(from stale: FleetServer, to leading: FleetServer) -> String {
        let verdict = FailbackVerdict(former: stale.snapshot, survivor: leading.snapshot, isPast: false)
        return switch verdict.way {
        case .follow, .undecided: "undecided: \(verdict.reason)"
        case .rewind: "pg_rewind: \(verdict.reason)"
        case .baseBackup: "a base backup: \(verdict.reason)"
        }
    }

    static func unresolvedSplits(_ view: FleetView) -> [Finding] {
        view.splits.flatMap { split -> [Finding] in
            guard view.primaries(of: split.systemIdentifier).count < 2 else { return [] }
            return split.sides.filter(\.isSuspect).compactMap { side in
                guard let server = view.server(ofTarget: side.target), server.snapshot.role == .standby,
                    server.systemIdentifier == split.systemIdentifier
                else { return nil }
                let survivor = view.primary(of: split.systemIdentifier)
                let other = survivor?.target ?? split.sides.first { $0.target != side.target && !$0.isSuspect }?.target
                var evidence: [Finding.Evidence] = [
                    .init("two primaries seen from", HumanText.time(split.since)),
                    .init("two primaries seen until", HumanText.time(split.lastSeen)),
                    .init("\(server.target) was a primary last", "\(HumanText.time(side.lastPrimary)), on timeline \(side.timeline)"),
                ]
                if let directory = server.snapshot.walDirectory, let history = directory.historyFileTimeline {
                    evidence.append(
                        .init(
                            "newest history file of \(server.target)",
                            "timeline \(history)" + (directory.historyFileModified.map { ", written \(HumanText.time($0))" } ?? "")
                        )
                    )
                } else if server.snapshot.walDirectory == nil {
                    evidence.append(.init("history files of \(server.target)", "unknown: pg_ls_waldir() was not read"))
                }
                if let receiver = server.snapshot.receiver, let status = receiver.status {
                    evidence.append(.init("pg_stat_wal_receiver.status at \(server.target)", status.rawValue))
                }
                return Finding(
                    .splitBrainUnresolved,
                    target: server.target,
                    standby: server.target,
                    upstream: other,
                    summary:
                        "\(server.target) was a primary beside \(other ?? "another one") and is a standby now, without proof of a rewind or base "
                        + "backup: its data may differ, whatever its positions say.",
                    evidence: evidence,
                    cures: [
                        .init(
                            .advice,
                            "Do not trust pg_rewind's \"no rewind required\": of two servers on one timeline it compares no data. Unless you know "
                                + "that it was rebuilt, only a base backup makes sure:"
                        )
                    ] + RebuildCures.baseBackup(of: server, from: survivor) + [
                        .init(
                            .advice,
                            "If it was rebuilt and that was not noticed, a restart of the exporter without its state file forgets the split."
                        )
                    ]
                )
            }
        }
    }

    static func roleMismatch(_ view: FleetView) -> [Finding] {
        var rightOnes: [String: String] = [:]
        return view.reports.compactMap { report in
            guard let snapshot = report.snapshot, let expected = report.expectations.role, report.expectations.isRoleMismatched(in: snapshot)
            else { return nil }
            let system = snapshot.identity.systemKey
            let key = "\(system) \(expected)"
            let right = rightOnes[key] ?? HumanText.list(view.servers(of: system).filter { $0.snapshot.role == expected }.map(\.target))
            rightOnes[key] = right
            var evidence: [Finding.Evidence] = [
                .init("role of \(report.name)", snapshot.role.rawValue),
                .init("expected role", expected.rawValue),
            ]
            if let server = view.server(ofTarget: report.name) {
                let others = server.reports.lazy.map(\.name).filter { $0 != report.name }
                if server.reports.count > 1 { evidence.append(.init("the same server is", HumanText.list(others, of: server.reports.count - 1))) }
            }
            if !snapshot.identity.clusterName.isEmpty { evidence.append(.init("cluster_name", snapshot.identity.clusterName)) }
            if let address = snapshot.identity.address { evidence.append(.init("inet_server_addr()", address)) }
            evidence.append(.init("\(expected.rawValue) of this system", right))
            let node = view.node(behind: report)
            let fault =
                node.map { "\(report.name) leads to \($0), a \(snapshot.role.rawValue), and should lead to a \(expected.rawValue)" }
                ?? "\(report.name) is a \(snapshot.role.rawValue), and should be a \(expected.rawValue)"
            return Finding(
                expected == .primary ? .addressReadOnly : .roleMismatch,
                target: report.name,
                summary: fault + (expected == .primary ? ": nobody can write through it." : "."),
                evidence: evidence,
                cures: [
                    .init(
                        .advice,
                        "If \(report.name) is a virtual address, look at what moves it\(node.map { " on \($0)" } ?? ""): keepalived, vip-manager, HAProxy. "
                            + "If it is one server, switch over, or correct what is expected."
                    )
                ]
            )
        }
    }
}

extension FleetView {
    /// The server that a target leads to, by the name of the target that is the server's own, else by what the server calls itself; nil when it has no name
    /// but the target's.
    fileprivate func node(behind report: TargetReport) -> String? {
        guard let identity = report.snapshot?.identity else { return nil }
        if let server = server(ofTarget: report.name), server.target != report.name { return server.target }
        guard report.isVirtualAddress else { return nil }
        let place = identity.address.map { host in identity.port.map { ServerAddress(host: host, port: $0).description } ?? host }
        let names = [identity.clusterName.isEmpty ? nil : identity.clusterName, place].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: " at ")
    }
}

extension ServerSnapshot {
    /// When the present timeline's history file was written: on a promoted server, when it was promoted. Unix time by the server's clock.
    var promotion: Double? {
        guard let directory = walDirectory, directory.historyFileTimeline == timeline else { return nil }
        return directory.historyFileModified
    }
}

extension FleetServer {
    /// See `ServerSnapshot.promotion`.
    var promotion: Double? { snapshot.promotion }

    /// Whether it is certain that the other one was promoted later.
    func isBehind(_ other: FleetServer) -> Bool {
        guard let timeline = snapshot.timeline, let otherTimeline = other.snapshot.timeline else { return false }
        return timeline < otherTimeline
    }
}
