import ReplicationModel

/// Does the standby receive, and how far behind is it? Never one number: what is not known is absent, and `receiver_up` says why.
enum StandbyMetrics {
    private static let standby = Metric.Availability.from(13, .standby)
    private static let streams = Metric.Availability.from(13, .standby, when: "it is told to stream")
    private static let watched = Metric.Availability.from(13, .standby, when: "the exporter also watches the only primary of its system")
    private static let receiving = Metric.Availability.from(13, .standby, when: "it is receiving")

    static let all: [Metric] = [
        .number(
            "receiver_configured",
            of: .server,
            "1: the standby is told to stream from an upstream; 0: it lives on its archive alone.",
            source: "primary_conninfo, primary_slot_name, restore_command, pg_stat_wal_receiver",
            .from(13, .standby, when: "the role can tell")
        ) { $0.receiver?.isConfigured },
        .info(
            "upstream_info",
            of: .server,
            ["upstream_host", "upstream_port", "slot_name"],
            "Where the standby streams from; while it does not, where it is told to. Compare with the slots of that server. Nothing else of the connection "
                + "string is ever read.",
            source: "pg_stat_wal_receiver.sender_host, sender_port, slot_name; primary_conninfo, primary_slot_name",
            .from(13, .standby, when: "an upstream is configured and the role can tell")
        ) { snapshot in snapshot.receiver?.upstream.map { [$0.host ?? "", $0.port ?? "", $0.slotName ?? ""] } },
        .number(
            "receiver_up",
            of: .server,
            "1: WAL is really being received; 0: it is not, whatever the status says. `streaming` alone flaps while the slot or the WAL is missing.",
            source: "pg_stat_wal_receiver.status, latest_end_lsn, last_msg_receipt_time; pg_stat_activity.backend_start",
            streams
        ) { snapshot in snapshot.receiver?.isUp(settings: snapshot.settings) },
        .number(
            "recovery_end_known",
            of: .server,
            "0: after a restart the standby still replays its own pg_wal, for hours with recovery_min_apply_delay, or waits at a recovery target: until "
                + "it has come to the end of that it asks nobody for more, and how far its WAL goes is not known. 1: it is.",
            source: "pg_last_wal_receive_lsn(); pg_stat_activity.wait_event of the startup process",
            .from(13, .standby, when: "the role can tell")
        ) { $0.recovery?.isEndKnown },
        .states(
            "receiver_status",
            of: .server,
            "status",
            Receiver.Status.allCases.map(\.rawValue),
            "Status of the walreceiver; stopped when there is none.",
            source: "pg_stat_wal_receiver.status",
            standby
        ) { $0.receiver?.status?.rawValue },
        .number(
            "receiver_last_message_timestamp_seconds",
            of: .server,
            "When the last message from the upstream was received, Unix time. On an idle link up to half of wal_receiver_timeout old.",
            source: "pg_stat_wal_receiver.last_msg_receipt_time",
            receiving
        ) { $0.receiver?.session?.lastMessage },
        .number(
            "receiver_transit_seconds",
            of: .server,
            "This server's clock at receipt minus the upstream's clock at sending: the difference of the clocks plus the latency.",
            source: "pg_stat_wal_receiver.last_msg_receipt_time, last_msg_send_time",
            receiving
        ) { $0.receiver?.session.flatMap { $0.isSilent ? nil : $0.transit } },
        .number(
            "upstream_lag_bytes",
            of: .server,
            "The upstream's end of WAL, as of its last message, minus what is replayed here. Absent when nothing is received.",
            source: "pg_stat_wal_receiver.latest_end_lsn, pg_last_wal_replay_lsn()",
            receiving
        ) { $0.receiver?.upstreamLagBytes(replayed: $0.recovery?.replayed, settings: $0.settings) },
        .number(
            "replay_backlog_bytes",
            of: .server,
            "WAL received and not yet replayed. 0 says nothing of what was not received.",
            source: "pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()",
            .from(13, .standby, when: "something was streamed since the start")
        ) { $0.recovery?.replayBacklogBytes },
        .number(
            "replay_lag_seconds",
            of: .server,
            "How long ago the upstream's WAL end passed what is replayed here, as far as this one server knows: no clock but the exporter's, and across a time "
                + "without a link that of the last replayed commit. Absent when nothing is received.",
            source: "pg_last_wal_replay_lsn() by the WAL clock of latest_end_lsn and what was received; pg_last_xact_replay_timestamp()",
            receiving
        ) { $0.recovery?.replayLag },
        .number(
            "replay_lag_is_lower_bound",
            of: .server,
            "1: pgwal_replay_lag_seconds may be more than is told: what is replayed is older than all that is known, and no commit was replayed that tells more.",
            source: "as pgwal_replay_lag_seconds",
            receiving
        ) { snapshot in snapshot.recovery?.replayLag == nil ? nil : snapshot.recovery?.replayLagIsLowerBound },
        .number(
            "behind_primary_bytes",
            of: .target,
            "The primary's end of WAL, as it was read last, minus what is replayed here. Grows while the standby, or its upstream, is cut off.",
            source: "pg_last_wal_replay_lsn(); pg_current_wal_lsn() at the primary",
            watched
        ) { $0.behindPrimary?.bytes },
        .number(
            "behind_primary_seconds",
            of: .target,
            "How long ago the primary's WAL end passed what is replayed here, by the exporter's clock alone: at least so long where the WAL of that time is "
                + "not remembered. Grows while the standby, or its upstream, is cut off.",
            source: "pg_last_wal_replay_lsn() by the WAL clock of the primary",
            watched
        ) { $0.behindPrimary?.seconds },
        .number(
            "behind_primary_commit_seconds",
            of: .target,
            "How long ago the oldest transaction ended on the primary that is not replayed here, at most: 0 when none is missing, however much other WAL is.",
            source: "pg_last_wal_replay_lsn() by where the primary's WAL was when pg_current_snapshot() changed",
            watched
        ) { $0.behindPrimary?.commitSeconds },
        .number(
            "behind_primary_is_lower_bound",
            of: .target,
            "1: pgwal_behind_primary_seconds may be more than is told: the primary's WAL of that time is not remembered.",
            source: "as pgwal_behind_primary_seconds",
            watched
        ) { $0.behindPrimary?.isLowerBound },
        .states(
            "replay_pause_state",
            of: .server,
            "state",
            ReplayPauseState.allCases.map(\.rawValue),
            "Whether replay is paused; PostgreSQL 13 only tells that a pause was requested.",
            source: "pg_get_wal_replay_pause_state()",
            standby
        ) { $0.recovery?.pauseState.rawValue },
        .number(
            "last_replayed_transaction_timestamp_seconds",
            of: .server,
            "Commit time of the last replayed transaction, Unix time by the primary's clock. Its age is no lag: it grows while the primary idles.",
            source: "pg_last_xact_replay_timestamp()",
            .from(13, .standby, when: "a commit was replayed since the start")
        ) { $0.recovery?.lastReplayedTransaction },
    ]
}
