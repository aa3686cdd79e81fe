import Exposition
import ReplicationModel

/// Who is connected for replication, and how far back it is. The reference is always this server's end of WAL, not what was sent.
enum WalsenderMetrics {
    private static let connected = Metric.Availability.from(when: "a walsender is connected")
    private static let replies = Metric.Availability.from(when: "the walsender's client has replied")
    private static let measured = Metric.Availability.from(when: "the server has a measure, or all is confirmed")

    static let all: [Metric] = [
        .number(
            "walsender_connections",
            of: .walsender,
            "Walsenders told in this series: those that share application name, address and slot. Other values are of the worst of them.",
            source: "pg_stat_replication",
            connected
        ) { $0.members.count },
        .states(
            "walsender_state",
            of: .walsender,
            "state",
            Walsender.State.allCases.map(\.rawValue),
            "State of the walsender; backup is a base backup.",
            source: "pg_stat_replication.state",
            connected
        ) { $0.state.rawValue },
        .states(
            "walsender_sync_state",
            of: .walsender,
            "sync_state",
            Walsender.SyncState.allCases.map(\.rawValue),
            "Whether commits wait for this standby.",
            source: "pg_stat_replication.sync_state",
            connected
        ) { $0.syncState?.rawValue },
        .number(
            "walsender_sync_priority",
            of: .walsender,
            "Priority in synchronous_standby_names, 1 first; 0 asynchronous.",
            source: "pg_stat_replication.sync_priority",
            connected
        ) { $0.syncPriority },
        .number(
            "walsender_sent_lag_bytes",
            of: .walsender,
            "Current position minus what was sent.",
            source: "pg_stat_replication.sent_lsn",
            replies
        ) { $0.worst { $0.lagBytes(\.sent) } },
        .number(
            "walsender_write_lag_bytes",
            of: .walsender,
            "Current position minus what the standby has written.",
            source: "pg_stat_replication.write_lsn",
            replies
        ) { $0.worst { $0.lagBytes(\.written) } },
        .number(
            "walsender_flush_lag_bytes",
            of: .walsender,
            "Current position minus what the standby has flushed to disk.",
            source: "pg_stat_replication.flush_lsn",
            replies
        ) { $0.worst { $0.lagBytes(\.flushed) } },
        .number(
            "walsender_replay_lag_bytes",
            of: .walsender,
            "Current position minus what the standby has replayed.",
            source: "pg_stat_replication.replay_lsn",
            replies
        ) { $0.worst { $0.lagBytes(\.replayed) } },
        .number(
            "walsender_write_lag_seconds",
            of: .walsender,
            "Time until the standby had written recent WAL, as the server measured it; 0 only when streaming and caught up.",
            source: "pg_stat_replication.write_lag",
            measured
        ) { $0.lagSeconds(\.writeLag, at: \.written) },
        .number(
            "walsender_flush_lag_seconds",
            of: .walsender,
            "Time until the standby had flushed recent WAL, as the server measured it; 0 only when streaming and caught up.",
            source: "pg_stat_replication.flush_lag",
            measured
        ) { $0.lagSeconds(\.flushLag, at: \.flushed) },
        .number(
            "walsender_replay_lag_seconds",
            of: .walsender,
            "Time until the standby had replayed recent WAL, as the server measured it; 0 only when streaming and caught up.",
            source: "pg_stat_replication.replay_lag",
            measured
        ) { $0.lagSeconds(\.replayLag, at: \.replayed) },
        .number(
            "walsender_write_age_seconds",
            of: .walsender,
            "How long ago the WAL end passed what a receiver that replays nothing has written. Without --synchronous pg_receivewal flushes a segment "
                + "at its end only: what it has written is not lost with this server.",
            source: "pg_stat_replication.write_lsn by the WAL clock",
            .from(when: "a receiver replies that replays nothing, as pg_receivewal")
        ) { $0.worst(\.writeAge) },
        .number(
            "walsender_flush_age_seconds",
            of: .walsender,
            "How long ago the WAL end passed what the standby has flushed: what a loss of this server now would cost. 0 when all is flushed.",
            source: "pg_stat_replication.flush_lsn by the WAL clock",
            replies
        ) { $0.worst(\.flushAge) },
        .number(
            "walsender_unanswered_seconds",
            of: .walsender,
            "For how long WAL has waited for this standby without a reply, by the exporter's clock: at least so long. Above 10 the link is dead or the standby hangs, "
                + "long before wal_sender_timeout. 0 while replies come or nothing waits; absent for what is no physical standby.",
            source: "pg_stat_replication.reply_time unchanged, flush_lsn by the WAL clock",
            replies
        ) { $0.worst(\.unansweredSeconds) },
        .number(
            "walsender_replay_age_seconds",
            of: .walsender,
            "How long ago the WAL end passed what the standby has replayed. 0 when caught up, also on an idle server; grows while replay stands.",
            source: "pg_stat_replication.replay_lsn by the WAL clock",
            replies
        ) { $0.worst(\.replayAge) },
        .number(
            "walsender_commit_age_seconds",
            of: .walsender,
            "How long ago the oldest transaction ended that the standby has not replayed, at most: 0 when none is missing, however much other WAL is, as of a "
                + "checkpoint or of a load that has not ended. One that was rolled back counts.",
            source: "pg_stat_replication.replay_lsn by where the WAL was when pg_current_snapshot() changed",
            .from(13, .primary, when: "a standby replies, and has replayed what was written since the exporter's start")
        ) { $0.worst(\.commitAge) },
        .number(
            "walsender_age_is_lower_bound",
            of: .walsender,
            "1: the flush or replay age may be more than is told, because nothing is known of the WAL of that time. 0: it is what it says.",
            source: "pg_stat_replication.flush_lsn, replay_lsn by the WAL clock",
            replies
        ) { group in
            group.worst { $0.flushAge ?? $0.replayAge } == nil ? nil : group.members.contains(where: \.ageIsLowerBound)
        },
        .flushAgeSampled,
        .replayAgeSampled,
        .number(
            "walsender_reply_timestamp_seconds",
            of: .walsender,
            "When the standby sent its last reply, Unix time by the standby's clock.",
            source: "pg_stat_replication.reply_time",
            replies
        ) { $0.least(\.reply) },
        .number(
            "walsender_start_timestamp_seconds",
            of: .walsender,
            "When the walsender's client connected, Unix time; of several the latest.",
            source: "pg_stat_replication.backend_start",
            connected
        ) { $0.worst(\.started) },
        .number(
            "walsender_xmin_age_transactions",
            of: .walsender,
            "Age of the oldest transaction that the standby's hot_standby_feedback holds back from vacuum. With a slot it is the slot's.",
            source: "pg_stat_replication.backend_xmin",
            .from(when: "hot_standby_feedback without a slot")
        ) { $0.worst(\.xminAge) },
        .number(
            "walsender_diverged",
            of: .walsender,
            "1: the standby is ahead of this server (replayed more than was sent, or its slot is beyond the end of WAL): it follows, but holds other data.",
            source: "pg_stat_replication.replay_lsn, sent_lsn; pg_replication_slots.restart_lsn",
            .from(when: "a standby is connected, and this server knows the end of its own WAL")
        ) { group in
            let verdicts = group.members.map(\.isDiverged)
            return verdicts.contains(true) ? true : verdicts.contains(nil) ? nil : false
        },
        .number(
            "walsenders_used",
            of: .server,
            "Walsenders connected, base backups included.",
            source: "pg_stat_replication"
        ) { snapshot in snapshot.walsenders.map { $0.count + snapshot.hiddenWalsenders } },
        .number(
            "walsenders_limit",
            of: .server,
            "Walsenders that may be connected.",
            source: "max_wal_senders"
        ) { $0.settings?.maxWalsenders },
    ]
}

extension Metric {
    fileprivate static var flushAgeSampled: Metric {
        sampledAges(
            "walsender_flush_age_sampled_seconds",
            "Flush age of each streaming walsender, observed at collection.lsn_sample_interval: the share of time within an objective for loss.",
            source: "pg_stat_replication.flush_lsn by the WAL clock",
            \.flushAgeSamples
        )
    }

    fileprivate static var replayAgeSampled: Metric {
        sampledAges(
            "walsender_replay_age_sampled_seconds",
            "Replay age of each streaming walsender, observed at collection.lsn_sample_interval: the share of time within an objective for staleness.",
            source: "pg_stat_replication.replay_lsn by the WAL clock",
            \.replayAgeSamples
        )
    }

    /// Also of walsenders that are gone, for an hour: a histogram's counts must not begin anew when one reconnects.
    private static func sampledAges(
        _ name: String,
        _ help: String,
        source: String,
        _ samples: @escaping @Sendable (ServerSnapshot) -> [WalsenderKey: SampledHistogram.Snapshot]
    ) -> Metric {
        .histogram(
            name,
            labels: TargetView.walsenderLabels,
            help,
            source: source,
            .from(when: "the sampler is on and a walsender was streaming within the last hour")
        ) { view in
            (view.report.snapshot.map(samples) ?? [:])
                .map { key, histogram in
                    let labels = view.walsender(key)
                    return (order: labels.description, labels: labels, histogram: histogram)
                }
                .sorted { $0.order < $1.order }
                .map { ($0.labels, $0.histogram) }
        }
    }
}
