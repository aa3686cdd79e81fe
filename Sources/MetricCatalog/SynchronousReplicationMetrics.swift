import ReplicationModel

/// Does every commit find the synchronous standbys that it must wait for?
enum SynchronousReplicationMetrics {
    static let all: [Metric] = [
        .number(
            "sync_standbys_required",
            of: .server,
            "Standbys that a commit waits for; 0 when synchronous_standby_names is empty.",
            source: "synchronous_standby_names",
            .from(13, .primary)
        ) { $0.synchronousReplication?.required },
        .number(
            "sync_standbys_connected",
            of: .server,
            "Streaming standbys that count as synchronous now (sync or quorum).",
            source: "pg_stat_replication.sync_state",
            .from(13, .primary)
        ) { $0.synchronousReplication?.connected },
        .number(
            "sync_satisfied",
            of: .server,
            "1: as many synchronous standbys are connected as commits wait for; 0: commits hang (with synchronous_commit on or higher).",
            source: "synchronous_standby_names, pg_stat_replication.sync_state",
            .from(13, .primary)
        ) { $0.synchronousReplication.map { $0.connected >= $0.required } },
    ]
}

extension ServerSnapshot {
    /// nil on a standby, whose own standbys are always asynchronous, and when the setting has a form that no version documents.
    fileprivate var synchronousReplication: (required: Int, connected: Int)? {
        guard role == .primary, hiddenWalsenders == 0, let walsenders, let setting = settings?.synchronousStandbyNames else { return nil }
        do {
            guard let standbys = try SynchronousStandbys(setting) else { return (0, 0) }
            return (standbys.required, standbys.connected(among: walsenders))
        } catch {
            return nil
        }
    }
}
