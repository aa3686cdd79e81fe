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
        ) { $0.synchronousReplication?.isSatisfied },
        .number(
            "sync_waiting_sessions",
            of: .server,
            "Sessions whose commit waits for a synchronous standby at this moment.",
            source: "pg_stat_activity.wait_event SyncRep",
            .from(13, .primary, when: "the role has pg_read_all_stats")
        ) { $0.commitWaits?.sessions },
        .number(
            "sync_wait_oldest_seconds",
            of: .server,
            "How long ago the statement began whose commit waits longest: it has waited so long at most.",
            source: "pg_stat_activity.query_start",
            .from(13, .primary, when: "a commit waits")
        ) { $0.commitWaits?.oldestSeconds },
        .numbers(
            "synchronized_standby_slot",
            of: .server,
            by: "slot_name",
            "1: the slot is named in synchronized_standby_slots: consumers of failover slots get nothing that it has not confirmed.",
            source: "synchronized_standby_slots",
            .from(17, .primary, when: "synchronized_standby_slots is set")
        ) { ($0.synchronizedStandbySlots ?? []).map { ($0.name, 1.0) } },
        .numbers(
            "synchronized_standby_slot_blocking",
            of: .server,
            by: "slot_name",
            "1: a slot that is named there confirms nothing, so that they all wait: it is missing, lost, no physical one, or nobody is connected and "
                + "there is WAL that it has not confirmed.",
            source: "synchronized_standby_slots, pg_replication_slots",
            .from(17, .primary, when: "synchronized_standby_slots is set")
        ) { ($0.synchronizedStandbySlots ?? []).map { ($0.name, $0.problem != nil) } },
    ]
}
