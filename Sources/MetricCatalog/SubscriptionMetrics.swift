import Exposition
import ReplicationModel

/// Logical subscriptions, on the subscriber.
enum SubscriptionMetrics {
    private static let exists = Metric.Availability.from(when: "a subscription exists")
    private static let running = Metric.Availability.from(when: "the apply worker runs")

    static let all: [Metric] = [
        .number(
            "subscription_enabled",
            of: .subscription,
            "1: the subscription is enabled.",
            source: "pg_subscription.subenabled",
            exists
        ) { $0.isEnabled },
        .number(
            "subscription_up",
            of: .subscription,
            "1: its apply worker runs. Enabled and not up: it fails, or cannot reach the publisher.",
            source: "pg_stat_subscription.pid",
            exists
        ) { $0.isRunning },
        .number(
            "subscription_received_bytes_total",
            .counter,
            of: .subscription,
            "WAL received from the publisher, as the publisher's position in bytes since 0/0.",
            source: "pg_stat_subscription.received_lsn",
            running
        ) { $0.received },
        .number(
            "subscription_latest_end_timestamp_seconds",
            of: .subscription,
            "When the publisher's end of WAL last moved, Unix time. Grows old while the publisher idles.",
            source: "pg_stat_subscription.latest_end_time",
            running
        ) { $0.latestEnd },
        .number(
            "subscription_last_message_timestamp_seconds",
            of: .subscription,
            "When the last message from the publisher was received, Unix time.",
            source: "pg_stat_subscription.last_msg_receipt_time",
            running
        ) { $0.lastMessage },
        .numbers(
            "subscription_errors_total",
            .counter,
            of: .subscriptionStatistics,
            by: "kind",
            "Failures while applying changes (apply), copying tables (sync) or, from 19 on, synchronizing sequences (sequence).",
            source: "pg_stat_subscription_stats.apply_error_count, sync_error_count; 19+: sync_table_error_count, sync_seq_error_count",
            .from(15, when: "a subscription exists")
        ) { [("apply", $0.applyErrors), ("sync", $0.syncErrors)] + ($0.sequenceErrors.map { [("sequence", $0)] } ?? []) },
        .numbers(
            "subscription_conflicts_total",
            .counter,
            of: .subscriptionStatistics,
            by: "conflict",
            "Conflicts while applying changes.",
            source: "pg_stat_subscription_stats.confl_*",
            .from(18, when: "a subscription exists")
        ) { statistics in
            SubscriptionStatistics.Conflict.allCases.compactMap { conflict in
                statistics.conflicts[conflict].map { (conflict.rawValue, $0) }
            }
        },
        .numbers(
            "subscription_tables",
            of: .subscriptionTables,
            by: "state",
            "Tables of the subscription by state of synchronization; only for subscriptions in the database that the exporter connects to.",
            source: "pg_subscription_rel.srsubstate",
            .from(when: "the subscription is in the database of the connection")
        ) { tables in SubscriptionTables.State.allCases.map { ($0.rawValue, tables.counts[$0] ?? 0) } },
        .numbers(
            "subscription_sequences",
            of: .subscriptionTables,
            by: "state",
            "Sequences of the subscription by state of synchronization; ready: copied once, and drifting since. Only for subscriptions in the database that the "
                + "exporter connects to.",
            source: "pg_subscription_rel.srsubstate, pg_class.relkind",
            .from(19, when: "a subscription in the database of the connection has sequences")
        ) { tables in tables.sequences.isEmpty ? [] : SubscriptionTables.State.allCases.map { ($0.rawValue, tables.sequences[$0] ?? 0) } },
        .number(
            "replication_origins",
            of: .server,
            "Replication origins that exist.",
            source: "pg_replication_origin"
        ) { $0.replicationOrigins },
        .number(
            "replication_origins_limit",
            of: .server,
            "Replication origins that may be in use at once.",
            source: "max_replication_slots; 18+: max_active_replication_origins"
        ) { $0.settings?.maxReplicationOrigins },
    ]
}
