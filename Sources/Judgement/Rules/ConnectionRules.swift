import ReplicationModel

/// What is wrong with who is connected, who archives, and who answers.
enum ConnectionRules {
    static func standbyMissing(_ view: FleetView) -> [Finding] {
        view.servers.flatMap { server -> [Finding] in
            var told: Set<String> = []
            let missing = server.expectations.standbys.filter { server.presence.isMissing($0) == true }
            let sources = Dictionary(grouping: missing, by: \.applicationName).mapValues { Set($0.map(\.source.rawValue)) }
            return missing.compactMap { expected -> Finding? in
                let name = expected.applicationName
                guard told.insert(name).inserted else { return nil }
                let connected = (server.snapshot.walsenders ?? []).lazy.map { "\($0.applicationName) (\($0.state.rawValue))" }
                let standby = view.standby(named: name, of: server)
                var evidence: [Finding.Evidence] = [
                    .init("expected by", sources[name, default: []].sorted().joined(separator: ", ")),
                    .init("pg_stat_replication at \(server.target)", HumanText.list(connected)),
                ]
                if let standby { evidence += standby.upstreamEvidence }
                let place = server.target(expecting: expected)
                return Finding(
                    .standbyMissing,
                    target: place,
                    standby: standby?.target ?? name,
                    upstream: server.target,
                    summary: "Standby \(name) is expected at \(place) and does not stream from it.",
                    evidence: evidence,
                    cures: [
                        .init(.advice, "Look at the standby: does it run, and does its server log say why it cannot stream?"),
                        .init(.sql, "SELECT * FROM pg_stat_replication WHERE application_name = \(SQLText.literal(name));"),
                    ]
                )
            }
        }
    }

    static func syncNotSatisfied(_ view: FleetView) -> [Finding] {
        view.servers.compactMap { server in
            guard let wanted = server.snapshot.synchronousReplication, !wanted.isSatisfied, let settings = server.snapshot.settings,
                let names = settings.synchronousStandbyNames, let walsenders = server.snapshot.walsenders
            else { return nil }
            let connected = wanted.connected
            // Off and local do not wait, though a session may choose otherwise.
            let waits = !["off", "local"].contains(settings.synchronousCommit ?? "on")
            var evidence: [Finding.Evidence] = [
                .init("synchronous_standby_names", names),
                .init("synchronous standbys wanted", "\(wanted.required)"),
                .init("synchronous standbys connected", "\(connected)"),
                .init(
                    "pg_stat_replication at \(server.target)",
                    HumanText.list(walsenders.map { "\($0.applicationName) (\($0.state.rawValue), \($0.syncState?.rawValue ?? "NULL"))" })
                ),
            ]
            if let commit = settings.synchronousCommit { evidence.append(.init("synchronous_commit", commit)) }
            return Finding(
                waits ? .syncNotSatisfied : .syncNotSatisfiedNorAwaited,
                target: server.target,
                summary: "\(server.target) has \(connected) of the \(wanted.required) synchronous standbys that it waits for"
                    + (waits ? ": commits hang." : "."),
                evidence: evidence,
                cures: server.report.membership == nil
                    ? [
                        .init(.advice, "Bring the standby back. To let commits go on without it, at the price of losing them with this server:"),
                        .init(.sql, "ALTER SYSTEM SET synchronous_standby_names = '';"),
                        .init(.sql, "SELECT pg_reload_conf();"),
                    ]
                    : [
                        .init(.advice, "Bring the standby back: Patroni sets synchronous_standby_names itself."),
                        .init(.command, "patronictl list \(SQLText.shell(server.scope))"),
                    ]
            )
        }
    }

    static func archiverFailing(_ view: FleetView) -> [Finding] {
        view.servers.compactMap { server in
            guard let archiver = server.snapshot.archiver, archiver.isFailing else { return nil }
            var evidence: [Finding.Evidence] = [
                .init("failed_count", "\(archiver.failed)"),
                .init("last_failed_time", archiver.lastFailed.map(HumanText.time) ?? "NULL"),
                .init("last_archived_wal", archiver.lastArchivedFile ?? "NULL"),
                .init("last_archived_time", archiver.lastArchived.map(HumanText.time) ?? "NULL"),
            ]
            if let status = server.snapshot.archiveStatus { evidence.append(.init("files that wait to be archived", "\(status.ready)")) }
            evidence += RetentionText.evidence(server.snapshot, .archiver, now: view.now)
            if archiver.lacksCommand { evidence.insert(.init("archive_command and archive_library", "not set"), at: 0) }
            return Finding(
                .archiverFailing,
                target: server.target,
                summary: archiver.lacksCommand
                    ? "\(server.target) should archive its WAL and has nothing to do it with: WAL piles up."
                    : "\(server.target) cannot archive its WAL: it piles up until the disk is full.",
                evidence: evidence,
                cures: archiver.lacksCommand
                    ? [.init(.setting, "archive_command = '…'")]
                    : [
                        .init(.sql, "SELECT last_failed_wal, last_failed_time FROM pg_stat_archiver;"),
                        .init(.advice, "The server log says what archive_command or archive_library complained of."),
                    ]
            )
        }
    }

    /// The server counts the tries that ended by failing. A command that is not found, is killed or hangs leaves no trace there; its files do.
    static func archiveBacklogOld(_ view: FleetView) -> [Finding] {
        view.servers.compactMap { server in
            // Both listings are read together, by the server's clock.
            guard let archiver = server.snapshot.archiver, !archiver.isFailing, let status = server.snapshot.archiveStatus,
                let oldest = status.oldestReady, let readAt = server.snapshot.walDirectory?.readAt,
                readAt - oldest > Verdict.Threshold.archiveBacklogAge.value
            else { return nil }
            return Finding(
                .archiveBacklogOld,
                target: server.target,
                summary:
                    "WAL of \(server.target) has been waiting \(HumanText.duration(readAt - oldest)) for the archive, and no failure is counted: "
                    + "it piles up until the disk is full.",
                evidence: [
                    .init("files that wait to be archived", "\(status.ready)"),
                    .init("the oldest waits since", HumanText.time(oldest)),
                    .init("failed_count", "\(archiver.failed)"),
                    .init("last_archived_wal", archiver.lastArchivedFile ?? "NULL"),
                    .init("last_archived_time", archiver.lastArchived.map(HumanText.time) ?? "NULL"),
                ] + RetentionText.evidence(server.snapshot, .archiver, now: view.now),
                cures: [
                    .init(
                        .advice,
                        "No archiver there, or another one each time: archive_command cannot be run, is killed, or archive_library cannot be loaded. "
                            + "ArchiveCommand: it hangs, or is too slow."
                    ),
                    .init(.sql, "SELECT pid, backend_start, wait_event FROM pg_stat_activity WHERE backend_type = 'archiver';"),
                    .init(.advice, "The server log says why it ends."),
                ]
            )
        }
    }

    static func privilegeMissing(_ view: FleetView) -> [Finding] {
        // By target: another target may come with another role. What the same server says twice is told once.
        var told: Set<[String]> = []
        let said = view.servers.flatMap { server in server.reports.map { (server, $0) } }
        return said.compactMap { server, report -> Finding? in
            let target = report.name
            let missing = (report.snapshot?.privileges ?? []).filter { !$0.isGranted }.map(\.privilege)
            guard !missing.isEmpty, told.insert([server.target] + missing.map(\.rawValue)).inserted else { return nil }
            return Finding(
                .privilegeMissing,
                target: target,
                summary: "The exporter's role at \(target) may not see all that it needs.",
                evidence: missing.map { .init("may use \($0.rawValue)", "false") },
                cures: missing.map { .init(.sql, $0.cure + ";") }
            )
        }
    }

    static func targetDown(_ view: FleetView) -> [Finding] {
        view.reports.compactMap { report in
            guard case .down(let reason) = report.outcome else { return nil }
            var evidence = [Finding.Evidence("connection", reason)]
            if case .snapshot(let snapshot, let at)? = report.lastSeen {
                evidence.append(.init("role when it was seen last", snapshot.role.rawValue))
                evidence.append(.init("seen last", HumanText.time(at)))
            }
            if let member = view.patroni.member(of: report) { evidence.append(.init("Patroni says", "\(member.role), \(member.state)")) }
            return Finding(
                .targetDown,
                target: report.name,
                summary: "\(report.name) does not answer.",
                evidence: evidence,
                cures: [.init(.advice, "Look at the server, the network, and what the exporter connects with, in this order.")]
            )
        }
    }

    static func patroniDown(_ view: FleetView) -> [Finding] {
        view.clusters.compactMap { cluster in
            guard !cluster.endpoints.isEmpty, cluster.endpoints.allSatisfy({ !$0.isUp }),
                // One that answered before may have lost its DCS a moment ago: a few polls tell.
                cluster.readAt == nil || ![1, 2].contains(cluster.failedPolls)
            else { return nil }
            var evidence = cluster.endpoints.map { Finding.Evidence($0.url, $0.problem ?? "") }
            if let readAt = cluster.readAt { evidence.append(.init("answered last", HumanText.time(readAt))) }
            return Finding(
                .patroniDown,
                target: nil,
                summary: "No REST interface of Patroni cluster \(cluster.name) answers: what it expects is as it was told last.",
                evidence: evidence,
                cures: [.init(.advice, "Look at Patroni on the members, and whether the exporter may reach its REST interface.")]
            )
        }
    }

    /// Patroni's members answer, and know nothing of their cluster.
    static func dcsUnreachable(_ view: FleetView) -> [Finding] {
        view.clusters.compactMap { cluster in
            guard cluster.isDCSReachable == false else { return nil }
            let answering = cluster.endpoints.filter(\.isUp).map(\.url)
            var evidence: [Finding.Evidence] = [.init("GET /patroni answers at", HumanText.list(answering))]
            if let problem = cluster.dcsProblem { evidence.append(.init("what comes from the DCS does not", problem)) }
            if let readAt = cluster.readAt { evidence.append(.init("answered last", HumanText.time(readAt))) }
            return Finding(
                .patroniDCSUnreachable,
                target: nil,
                summary:
                    "Patroni of cluster \(cluster.name) runs and does not reach its DCS: nobody fails over, and without failsafe_mode the primary is "
                    + "demoted when its leader lock runs out.",
                evidence: evidence,
                cures: [
                    .init(.advice, "Look at the DCS (etcd, Consul, ZooKeeper, Kubernetes' API), and at the network from Patroni's members to it."),
                    .init(
                        .advice,
                        "Patroni's log says of each member what it gets from the DCS. Do not restart Patroni meanwhile: it would not start PostgreSQL."
                    ),
                ]
            )
        }
    }

    /// A member without an address may be about to start; the others stay unwatched until somebody does something.
    static func patroniMembersUnwatched(_ view: FleetView) -> [Finding] {
        view.clusters.compactMap { cluster in
            let reasons: [(PatroniCluster.UnwatchedReason, String, String)] = [
                (
                    .outside, "outside members_within",
                    "Add their range to members_within if they belong there; if they do not, ask who can write to Patroni's DCS."
                ),
                (.atOthers, "at the address of another member", "Give each member a connect_address of its own."),
                (.beyondLimit, "beyond max_members", "Raise max_members if all of them are meant."),
            ]
            let unwatched = reasons.compactMap { reason, place, cure in
                (cluster.unwatched[reason] ?? []).isEmpty ? nil : (names: cluster.unwatched[reason] ?? [], place: place, cure: cure)
            }
            guard !unwatched.isEmpty else { return nil }
            return Finding(
                cluster.unwatched[.outside]?.isEmpty == false ? .patroniMembersOutside : .patroniMembersUnwatched,
                target: nil,
                summary: "Members that Patroni lists in cluster \(cluster.name) are not watched, nor connected to.",
                evidence: unwatched.map { names, place, _ in
                    .init(place, names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : ""))
                },
                cures: unwatched.map { .init(.advice, $0.cure) }
            )
        }
    }
}
