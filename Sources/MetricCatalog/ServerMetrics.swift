import ReplicationModel

/// Is the server there, and which one is it?
enum ServerMetrics {
    static let all: [Metric] = [
        .number(
            "up",
            of: .target,
            "1: connected, and the server's identity and role were read in time. 0: the server failed. Absent before its first answer.",
            source: "measured by the exporter",
            .from(when: "the server has answered or failed")
        ) { $0.isUp },
        .info(
            "target_info",
            of: .server,
            ["version", "system_identifier", "server_address", "cluster_name"],
            "The server behind the target. system_identifier is equal on all members of a physical cluster; empty where a service does not show it. Of a target that is detached, @ and its name follow.",
            source: "pg_control_system(), inet_server_addr(), cluster_name"
        ) { [$0.identity.version, $0.identity.familyName, $0.identity.address ?? "", $0.identity.clusterName] },
        .number(
            "in_recovery",
            of: .server,
            "1: a standby (or a server in recovery); 0: a primary.",
            source: "pg_is_in_recovery()"
        ) { $0.role == .standby },
        .number(
            "timeline",
            of: .server,
            "Timeline that the server writes or follows.",
            source: "primary: pg_walfile_name(); standby: received_tli, pg_stat_recovery, pg_control_recovery()",
            .from(when: "the WAL position or the receiver could be read")
        ) { $0.timeline },
        .number(
            "promotion_fork_position_bytes",
            of: .server,
            "Where a promoted primary left its old timeline, in bytes since 0/0. Known until its next restart.",
            source: "pg_last_wal_replay_lsn()",
            .from(13, .primary, when: "promoted since its start, and pg_wal was listed since")
        ) { $0.promotionFork },
        .number(
            "promotion_timestamp_seconds",
            of: .server,
            "When the history file of the current timeline was written: on the server that was promoted, when that happened.",
            source: "pg_ls_waldir().modification",
            .from(13, .primary, when: "its history file is in pg_wal")
        ) { $0.role == .primary ? $0.walDirectory?.historyFileModified : nil },
        .number(
            "postmaster_start_timestamp_seconds",
            of: .server,
            "When the server was started, Unix time by its own clock.",
            source: "pg_postmaster_start_time()"
        ) { $0.identity.postmasterStart },
        .number(
            "server_clock_offset_seconds",
            of: .server,
            "Server clock minus exporter clock, at the middle of the round trip.",
            source: "clock_timestamp()"
        ) { $0.clockOffset },
    ]
}

extension ServerSnapshot {
    /// A primary keeps its last replay position also after a mere crash recovery, so the history file must be younger than the
    /// start: only then was it promoted in this life. The server tells modification times in whole seconds.
    fileprivate var promotionFork: LSN? {
        guard role == .primary, let fork = primaryWAL?.lastReplayed,
            let promoted = walDirectory?.historyFileModified, let start = identity.postmasterStart, promoted >= start.rounded(.down)
        else { return nil }
        return fork
    }
}
