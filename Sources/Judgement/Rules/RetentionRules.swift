import ReplicationModel

/// Why pg_wal is larger than its settings ask for, where nothing else that is found says so.
enum RetentionRules {
    /// An idle slot and a failing archiver are told of by themselves, `wal_keep_size` was asked for, and a base backup's slot goes with it.
    static func kept(_ view: FleetView) -> [Finding] {
        view.servers.compactMap { server in
            let snapshot = server.snapshot
            guard let limit = snapshot.settings?.maxWALSizeBytes, let retention = WALRetention(snapshot), retention.releasableBytes > limit,
                let cures = cures(retention, snapshot, limit: limit), let text = RetentionText.clause(snapshot, now: view.now)
            else { return nil }
            return Finding(
                .walKept,
                target: server.target,
                slot: retention.keeper.slot,
                summary: "pg_wal at \(server.target) holds \(HumanText.bytes(retention.directoryBytes)): \(text).",
                evidence: evidence(retention, limit: limit),
                cures: cures
            )
        }
    }

    /// - Returns: nil where there is nothing to be told.
    private static func cures(_ retention: WALRetention, _ snapshot: ServerSnapshot, limit: Int64) -> [Finding.Cure]? {
        switch retention.keeper.reason {
        case .walKeepSize, .archiver: return nil
        case .slots:
            guard let slot = snapshot.slots?.first(where: { $0.name == retention.keeper.slot }), slot.isActive, !slot.isTemporary else { return nil }
            return [
                .init(.advice, "Its consumer is connected and behind. Find out what holds it up:"),
                .init(
                    .sql,
                    "SELECT s.slot_name, s.restart_lsn, a.pid, a.application_name, a.wait_event FROM pg_replication_slots s "
                        + "LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid WHERE s.slot_name = \(SQLText.literal(slot.name));",
                    .check
                ),
            ]
        case .summarizer:
            return [
                .init(.sql, "SELECT * FROM pg_get_wal_summarizer_state();", .check),
                .init(
                    .advice,
                    "The server log says what the summarizer complains of. Without summarize_wal nothing is kept for it, and the next backup has to be a full one."
                ),
            ]
        case .checkpoint:
            // A standby cannot do more than replay, and a primary under load is past max_wal_size for a while.
            guard snapshot.role == .primary, retention.keeper.bytes > limit *| 2 else { return nil }
            return [
                .init(
                    .advice,
                    "A checkpoint should have ended long before: the server log says how long they take (log_checkpoints). To see one end:"
                ),
                .init(.sql, "CHECKPOINT;"),
            ]
        }
    }

    private static func evidence(_ retention: WALRetention, limit: Int64) -> [Finding.Evidence] {
        let kept = WALRetention.Reason.allCases.compactMap { reason in
            retention.kept[reason].map { Finding.Evidence("kept by \(reason.rawValue)", HumanText.bytes($0)) }
        }
        return [Finding.Evidence("max_wal_size", HumanText.bytes(limit))] + kept + [
            .init("freed at the next checkpoint without the keeper", HumanText.bytes(retention.releasableBytes)),
            .init("freed at the next checkpoint anyway", HumanText.bytes(retention.removableBytes)),
            .init("segments ahead, no WAL in them", HumanText.bytes(retention.aheadBytes)),
            .init("files that are no segments", HumanText.bytes(retention.unexplainedBytes)),
        ]
    }
}
