import ReplicationModel

/// What is wrong at a standby, or between it and its upstream.
enum StandbyRules {
    static func slotMissingAtUpstream(_ view: FleetView) -> [Finding] {
        view.standbys.compactMap { standby in
            // One that streams has its slot, whoever its upstream is.
            guard let slot = standby.snapshot.receiver?.upstream?.slotName, standby.isStreaming != true, !view.isStarting(standby) else { return nil }
            let upstreams = view.upstreams(of: standby)
            guard
                !upstreams.isEmpty,
                upstreams.allSatisfy({ $0.snapshot.slots.map { !$0.contains { $0.name == slot && $0.type == .physical } } ?? false })
            else { return nil }
            let names = upstreams.map(\.target)
            var cures = [Finding.Cure(.sql, SlotRules.create(slot, .physical))]
            for upstream in upstreams where upstream.cluster != nil { cures.append(SlotRules.permanent(slot, .physical, upstream)) }
            var evidence = standby.upstreamEvidence
            for upstream in upstreams {
                let slots = upstream.snapshot.slots ?? []
                evidence.append(.init("pg_replication_slots at \(upstream.target)", HumanText.list(slots.lazy.map(\.name))))
            }
            return Finding(
                view.isUpstreamKnown(of: standby) ? .slotMissingAtUpstream : .slotMissingAtPrimary,
                target: names.count == 1 ? names[0] : nil,
                slot: slot,
                standby: standby.target,
                upstream: names.joined(separator: ", "),
                summary:
                    "Standby \(standby.target) is told to use slot \(slot), which does not exist at its upstream \(names.joined(separator: " or ")).",
                evidence: evidence,
                cures: cures
            )
        }
    }

    static func notStreaming(_ view: FleetView) -> [Finding] {
        view.standbys.compactMap { standby in
            // One that replays its own pg_wal after a restart asks for more only when it has come to its end; so does a recovery to a point in time.
            guard standby.isStreaming == false, standby.snapshot.recovery?.isEndKnown != false, let receiver = standby.snapshot.receiver,
                !view.isStarting(standby)
            else { return nil }
            let upstream = view.upstream(of: standby)
            let address = receiver.upstream?.addressText
            let slot = receiver.upstream?.slotName
            let source = address ?? upstream?.target ?? "its upstream"
            var cures: [Finding.Cure] = []
            if let primary = view.leadingPrimary(of: standby.systemIdentifier), standby.isBeyondFork(of: primary) {
                cures.append(
                    .init(
                        .advice,
                        "It cannot stream from \(primary.target): it has WAL that \(primary.target) never had. What it needs stands with its other finding."
                    )
                )
            } else if let primary = view.leadingPrimary(of: standby.systemIdentifier), standby.isOfAnotherPromotion(than: primary) {
                cures.append(
                    .init(
                        .advice,
                        standby.snapshot.wasPromoted(beside: primary.snapshot)
                            ? "It was promoted by itself once, and cannot follow \(primary.target): see its other finding."
                            : "It may have been promoted by itself once, and cannot stream from \(primary.target) then: see its other finding."
                    )
                )
            } else if let slot {
                cures.append(.init(.advice, "At \(source), check that slot \(slot) exists and is not lost:"))
                cures.append(
                    .init(
                        .command,
                        "psql \(SQLText.shell(connection(receiver.upstream))) -c "
                            + SQLText.shell("SELECT * FROM pg_replication_slots WHERE slot_name = \(SQLText.literal(slot))")
                    )
                )
            }
            cures.append(.init(.advice, "The server log of \(standby.target) says at every retry why it cannot stream."))
            return Finding(
                .standbyNotStreaming,
                target: standby.target,
                slot: slot,
                standby: standby.target,
                upstream: upstream?.target ?? address,
                summary: "Standby \(standby.target) receives nothing from \(source)\(slot.map { " through slot \($0)" } ?? "").",
                evidence: standby.upstreamEvidence + [.init("end of WAL at \(standby.target)", position(standby))],
                cures: cures
            )
        }
    }

    static func walGone(_ view: FleetView) -> [Finding] {
        view.standbys.compactMap { standby in
            guard standby.isStreaming == false, standby.snapshot.recovery?.isEndKnown == true, let end = standby.snapshot.recovery?.end
            else { return nil }
            let upstreams = view.upstreams(of: standby)
            // The upstream that keeps most decides, and all have to be known.
            let oldest = upstreams.compactMap(\.snapshot.walDirectory?.oldestKept)
            guard let kept = oldest.min(), oldest.count == upstreams.count, end < kept else { return nil }
            let names = upstreams.map(\.target)
            let hasArchive = standby.snapshot.receiver?.hasRestoreCommand == true
            var evidence: [Finding.Evidence] = [
                .init("end of WAL at \(standby.target)", end.description),
                .init("oldest WAL in pg_wal at \(names.joined(separator: ", "))", kept.description),
                .init("WAL that is gone", HumanText.bytes(kept.lag(of: end))),
                .init("restore_command at \(standby.target)", hasArchive ? "set: the archive may have it" : "not set"),
            ]
            if let slot = standby.snapshot.receiver?.upstream?.slotName, upstreams.count == 1 {
                let found = upstreams[0].snapshot.slots.map { $0.first { $0.name == slot } }
                switch found {
                case .some(.some(let found)):
                    evidence.append(.init("restart_lsn of slot \(slot)", found.restart?.description ?? "NULL"))
                case .some(.none): evidence.append(.init("slot \(slot)", "missing"))
                case .none: break
                }
            }
            return Finding(
                hasArchive ? .walGoneButArchived : view.isUpstreamKnown(of: standby) ? .walGone : .walGoneAtPrimary,
                target: standby.target,
                slot: standby.snapshot.receiver?.upstream?.slotName,
                standby: standby.target,
                upstream: names.joined(separator: ", "),
                summary:
                    "Standby \(standby.target) needs WAL from \(end) on, "
                    + "of which \(names.joined(separator: " or ")) keeps only what is after \(kept).",
                evidence: evidence,
                cures: [
                    hasArchive
                        ? .init(
                            .advice,
                            "The archive must still have this WAL: the server log of \(standby.target) says what it finds there. If not:"
                        )
                        : .init(.advice, "With an archive that has this WAL, restore_command brings it back. Else, if it still lacks it:"),
                    .init(.sql, "SELECT pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn();", .check),
                ] + upstreams.map { .init(.sql, "SELECT min(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$';", at: $0.target, .check) }
                    + RebuildCures.baseBackup(of: standby, from: upstreams.first)
            )
        }
    }

    static func diverged(_ view: FleetView) -> [Finding] {
        var findings: [Finding] = []
        var told: Set<ServerInstance> = []
        for sender in view.servers {
            let walsenders = sender.snapshot.walsenders ?? []
            guard walsenders.contains(where: { $0.isDiverged == true }) else { continue }
            for (walsender, standby) in zip(walsenders, view.receivers(at: sender)) where walsender.isDiverged == true {
                if let standby, !told.insert(standby.instance).inserted { continue }
                var evidence: [Finding.Evidence] = []
                if let replayed = walsender.replayed {
                    evidence.append(.init("pg_stat_replication.replay_lsn at \(sender.target)", replayed.description))
                }
                if let sent = walsender.sent { evidence.append(.init("pg_stat_replication.sent_lsn at \(sender.target)", sent.description)) }
                if walsender.slotIsAhead, let slot = walsender.slotName {
                    evidence.append(.init("restart_lsn of slot \(slot)", "ahead of the end of WAL at \(sender.target)"))
                }
                if let current = walsender.current { evidence.append(.init("end of WAL at \(sender.target)", current.description)) }
                findings.append(
                    diverged(standby, named: standby?.target ?? walsender.applicationName, from: sender, sender.target, walsender.slotName, evidence)
                )
            }
        }
        for standby in view.standbys where standby.isStreaming == true && !told.contains(standby.instance) {
            // The position was read before the receiver's row, and the end is never less than what has come: this is no race.
            guard let replayed = standby.snapshot.recovery?.replayed, let end = standby.snapshot.receiver?.session?.upstreamEnd,
                replayed > end,
                // What the upstream told is its end only if it is a primary, or a standby that is through with its own pg_wal; and what it told
                // before it was may still stand there.
                let upstream = view.upstream(of: standby), upstream.isPrimary || upstream.snapshot.recovery?.isEndKnown == true,
                let position = upstream.snapshot.currentPosition, replayed > position
            else { continue }
            let evidence: [Finding.Evidence] = [
                .init("pg_last_wal_replay_lsn() at \(standby.target)", replayed.description),
                .init("pg_stat_wal_receiver.latest_end_lsn at \(standby.target)", end.description),
            ]
            let receiver = standby.snapshot.receiver?.upstream
            findings.append(
                diverged(
                    standby,
                    named: standby.target,
                    from: upstream,
                    upstream.target,
                    receiver?.slotName,
                    evidence
                )
            )
        }
        return findings
    }

    private static func diverged(
        _ standby: FleetServer?,
        named name: String,
        from upstream: FleetServer?,
        _ upstreamName: String,
        _ slot: String?,
        _ evidence: [Finding.Evidence]
    ) -> Finding {
        Finding(
            .standbyDiverged,
            target: standby?.target ?? upstream?.target,
            slot: slot,
            standby: name,
            upstream: upstreamName,
            summary: "Standby \(name) follows \(upstreamName) and holds WAL that \(upstreamName) never had: their data differ.",
            evidence: evidence,
            cures: [
                .init(.advice, "Do not promote \(name), and do not read from it. As long as it is ahead of \(upstreamName), it has to be rebuilt:"),
                .init(
                    .sql,
                    "SELECT application_name, sent_lsn, replay_lsn FROM pg_stat_replication WHERE replay_lsn > sent_lsn;",
                    at: upstreamName,
                    .check
                ),
            ] + RebuildCures.baseBackup(of: standby, named: name, from: upstream)
        )
    }

    static func timelineBehind(_ view: FleetView) -> [Finding] {
        view.standbys.compactMap { standby in
            // One that lives on its archive only learns of a timeline late.
            guard standby.isStreaming != nil || standby.snapshot.recovery?.timeline != nil, !view.isStarting(standby),
                let primary = view.primary(of: standby.systemIdentifier),
                let written = primary.snapshot.timeline, let followed = standby.snapshot.timeline, followed < written,
                // That is told as what it is, with what to do.
                !standby.isBeyondFork(of: primary)
            else { return nil }
            var evidence: [Finding.Evidence] = [
                .init("timeline of \(standby.target)", "\(followed)"),
                .init("timeline of primary \(primary.target)", "\(written)"),
                .init("end of WAL at \(standby.target)", position(standby)),
            ]
            if let fork = primary.fork { evidence.append(.init("timeline \(written) began at", fork.description)) }
            return Finding(
                .timelineBehind,
                target: standby.target,
                slot: standby.snapshot.receiver?.upstream?.slotName,
                standby: standby.target,
                upstream: primary.target,
                summary: "Standby \(standby.target) follows timeline \(followed), while primary \(primary.target) writes timeline \(written).",
                evidence: evidence + standby.upstreamEvidence,
                cures: [
                    .init(
                        .advice,
                        "Make it stream from \(primary.target), or from one that follows it: primary_conninfo, recovery_target_timeline = 'latest'."
                    ),
                    .init(.advice, "If its end of WAL is beyond the fork, it needs pg_rewind or a base backup."),
                ]
            )
        }
    }

    static func replayPaused(_ view: FleetView) -> [Finding] {
        view.standbys.compactMap { standby in
            guard let recovery = standby.snapshot.recovery, recovery.pauseState != .notPaused else { return nil }
            var evidence: [Finding.Evidence] = [.init("pg_get_wal_replay_pause_state()", recovery.pauseState.rawValue)]
            if let backlog = recovery.replayBacklogBytes { evidence.append(.init("received and not replayed", HumanText.bytes(backlog))) }
            return Finding(
                .replayPaused,
                target: standby.target,
                standby: standby.target,
                summary: "Replay is paused at standby \(standby.target).",
                evidence: evidence,
                cures: resuming(standby)
            )
        }
    }

    private static func resuming(_ standby: FleetServer) -> [Finding.Cure] {
        switch standby.snapshot.settings?.hasRecoveryTarget {
        case nil:
            [
                .init(
                    .advice,
                    "Look first for a recovery_target in its configuration: resuming at one ends recovery, and the server is a primary then."
                )
            ]
        case true?:
            [
                .init(
                    .advice,
                    "A recovery_target is set at \(standby.target). If recovery has come to it, resuming ends recovery, and the server is a primary "
                        + "then: resume only if that is meant. To go on as a standby, take the target out of the configuration, and restart."
                )
            ]
        case false?:
            [
                .init(
                    .advice,
                    "If its server log says that a setting is lower than the primary's, raise that and restart: resuming would stop the server."
                ),
                .init(
                    .sql,
                    "SELECT name, setting FROM pg_settings WHERE name LIKE 'recovery\\_target%' AND source <> 'default';",
                    .check
                ),
                .init(.advice, "With no target there (recovery_target_timeline is none):"),
                .init(.sql, "SELECT pg_wal_replay_resume();"),
            ]
        }
    }

    private static func position(_ standby: FleetServer) -> String {
        standby.snapshot.recovery?.end?.description ?? "NULL"
    }

    /// Only host and port: the rest of the connection string is never known.
    private static func connection(_ upstream: Receiver.Upstream?) -> String {
        upstream.map { ConnectionText.words($0) } ?? ""
    }
}

extension FleetView {
    /// The servers in recovery.
    var standbys: [FleetServer] { servers.filter { $0.snapshot.role == .standby } }
}

extension FleetServer {
    /// What a standby says of its receiver and of where it streams from.
    var upstreamEvidence: [Finding.Evidence] {
        guard let receiver = snapshot.receiver else { return [] }
        var evidence: [Finding.Evidence] = []
        if let address = receiver.upstream?.addressText { evidence.append(.init("upstream of \(target)", address)) }
        if let slot = receiver.upstream?.slotName { evidence.append(.init("primary_slot_name at \(target)", slot)) }
        if let status = receiver.status { evidence.append(.init("pg_stat_wal_receiver.status at \(target)", status.rawValue)) }
        if let age = receiver.session?.lastMessageAge { evidence.append(.init("last message from the upstream", HumanText.duration(age) + " ago")) }
        if let state = member?.state { evidence.append(.init("Patroni says of \(target)", "\(member?.role ?? ""), \(state)")) }
        return evidence
    }

    /// See `ServerSnapshot.fork`.
    var fork: LSN? { snapshot.fork }
}
