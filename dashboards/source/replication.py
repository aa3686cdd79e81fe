"""Replication: how far behind is each standby really, and at which stage?"""

from events import MARKS
from grafana import (
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    YES_BAD,
    YES_GOOD,
    Column,
    dashboard,
    graph,
    mapping,
    row,
    runbook,
    stat,
    states,
    steps,
    table,
)
from queries import NAME, SUBSCRIPTION, TARGET, WALSENDER, by, gauge, increase, position_rate, rate

STANDBY = "{{target}} → {{application_name}} {{client_addr}}"
SUBSCRIBER = "{{target}}: {{subscription}} ({{database}})"
# As the alerts have it.
LATE = steps(GREEN, (60, RED))
STREAM_STATES = mapping(
    ("streaming", "streaming", GREEN),
    ("catchup", "catchup", YELLOW),
    ("startup", "startup", ORANGE),
    ("backup", "backup", "blue"),
    ("stopping", "stopping", ORANGE),
)
REPLAY = mapping((0, "Replays", GREEN), (1, "Paused", RED))


PANELS = [
    row("Standbys at their upstreams"),
    stat(
        "Oldest replay",
        "Age of the oldest state that a connected standby shows, by the WAL clock: 0 when all is replayed, also while nothing is written.",
        f"max({gauge('walsender_replay_age_seconds')})",
        unit="s",
        thresholds=LATE,
        none="No standbys",
        links=[runbook("PgwalReplayLag")],
    ),
    stat(
        "Oldest flush",
        "Age of the oldest WAL that a connected standby has not flushed: what a loss of the upstream now would cost.",
        f"max({gauge('walsender_flush_age_seconds')})",
        unit="s",
        thresholds=LATE,
        none="No standbys",
        links=[runbook("PgwalDataAtRisk")],
    ),
    stat(
        "Furthest behind",
        "WAL that the standby furthest behind has not replayed.",
        f"max({gauge('walsender_replay_lag_bytes')})",
        unit="bytes",
        thresholds=steps(GREEN),
        none="No standbys",
    ),
    stat(
        "Receive nothing",
        "Standbys that are told to stream, and do not.",
        f"sum(1 - {gauge('receiver_up')})",
        none="No standbys",
        links=[runbook("PgwalStandbyNotStreaming")],
    ),
    stat(
        "Replay paused",
        "Standbys whose replay is paused, or was asked to pause.",
        f"""sum({gauge("replay_pause_state", 'state!="not paused"')})""",
        none="No standbys",
        links=[runbook("PgwalReplayPaused")],
    ),
    stat(
        "Synchronous standbys too few",
        "Primaries with fewer synchronous standbys than commits wait for.",
        f"sum(1 - {gauge('sync_satisfied')})",
        none="No primaries",
        links=[runbook("PgwalSyncNotSatisfied")],
    ),
    table(
        "Standbys",
        "Every client of a walsender, as its upstream sees it. Bytes are measured from the current end of WAL, so that also counts what "
        "was not sent yet. Ages are by the WAL clock. A standby that is not connected has no row: see the slots.",
        WALSENDER,
        [
            Column("", by(WALSENDER + ", state", gauge("walsender_state") + " == 1"), label={"state": "State"}, mappings=STREAM_STATES),
            Column("", by(WALSENDER + ", sync_state", gauge("walsender_sync_state") + " == 1"), label={"sync_state": "Sync"}),
            Column("Not sent", by(WALSENDER, gauge("walsender_sent_lag_bytes")), unit="bytes"),
            Column("Not flushed", by(WALSENDER, gauge("walsender_flush_lag_bytes")), unit="bytes"),
            Column("Not replayed", by(WALSENDER, gauge("walsender_replay_lag_bytes")), unit="bytes"),
            Column("Flush age", by(WALSENDER, gauge("walsender_flush_age_seconds")), unit="s", thresholds=LATE),
            Column("Replay age", by(WALSENDER, gauge("walsender_replay_age_seconds")), unit="s", thresholds=LATE),
            Column("Diverged", by(WALSENDER, gauge("walsender_diverged")), mappings=YES_BAD),
            Column("Sessions", by(WALSENDER, gauge("walsender_connections"))),
            Column("Connected", by(WALSENDER, gauge("walsender_start_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"),
            Column("Last reply", by(WALSENDER, gauge("walsender_reply_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"),
        ],
        sort="Replay age",
        height=9,
        links=[runbook("PgwalReplayLag"), runbook("PgwalStandbyDiverged")],
    ),
    row("How old: ages by the WAL clock, at the upstream"),
    graph(
        "Replay age",
        "How long ago the end of WAL passed what the standby has replayed: how old a query's answer is there. 0 when caught up, also on "
        "an idle server; grows while replay stands or the link is cut.",
        (gauge("walsender_replay_age_seconds"), STANDBY),
        unit="s",
        thresholds=LATE,
        links=[runbook("PgwalReplayLag")],
    ),
    graph(
        "Flush age",
        "How long ago the end of WAL passed what the standby has flushed: what a loss of the upstream now would cost.",
        (gauge("walsender_flush_age_seconds"), STANDBY),
        unit="s",
        thresholds=LATE,
        links=[runbook("PgwalDataAtRisk")],
    ),
    graph(
        "Replay age, 99 % of the time",
        "The replay age that was not exceeded 99 % of the time, from one observation a second, so that short peaks between scrapes count. "
        "Only while the standby is connected.",
        (
            "histogram_quantile(0.99, " + by(WALSENDER + ", le", rate("walsender_replay_age_sampled_seconds_bucket"), "sum") + ")",
            STANDBY,
        ),
        unit="s",
    ),
    graph(
        "Time within 10 seconds",
        "Share of the same observations in which replay was at most 10 seconds behind. The line is the objective of the alerts.",
        (
            by(WALSENDER, rate("walsender_replay_age_sampled_seconds_bucket", 'le=~"10|10[.]0"'), "sum")
            + " / ("
            + by(WALSENDER, rate("walsender_replay_age_sampled_seconds_count"), "sum")
            + " > 0)",
            STANDBY,
        ),
        unit="percentunit",
        thresholds=steps(RED, (0.99, GREEN)),
        most=1,
        links=[runbook("PgwalReplayObjectiveBurnFast"), runbook("PgwalReplayObjectiveBurnSlow")],
    ),
    row("How much: bytes behind the current end of WAL, stage by stage"),
    graph(
        "Not sent",
        "WAL that was not sent yet: the upstream or the network is the bottleneck.",
        (gauge("walsender_sent_lag_bytes"), STANDBY),
        unit="bytes",
    ),
    graph(
        "Not written",
        "WAL that the standby has not written yet: also counts what was not sent.",
        (gauge("walsender_write_lag_bytes"), STANDBY),
        unit="bytes",
    ),
    graph("Not flushed", "WAL that the standby has not flushed to disk.", (gauge("walsender_flush_lag_bytes"), STANDBY), unit="bytes"),
    graph("Not replayed", "WAL that the standby has not replayed.", (gauge("walsender_replay_lag_bytes"), STANDBY), unit="bytes"),
    row("How long recent WAL took: as PostgreSQL measures it"),
    graph(
        "Time to write",
        "pg_stat_replication.write_lag: how long recent WAL took until the standby had written it. No measure of a stall: see the ages "
        "above.",
        (gauge("walsender_write_lag_seconds"), STANDBY),
        unit="s",
        width=8,
    ),
    graph(
        "Time to flush",
        "pg_stat_replication.flush_lag: what a commit waits for with synchronous_commit = on.",
        (gauge("walsender_flush_lag_seconds"), STANDBY),
        unit="s",
        width=8,
    ),
    graph(
        "Time to replay",
        "pg_stat_replication.replay_lag: what a commit waits for with synchronous_commit = remote_apply. "
        "In a gap the server has no measure: that is no outage.",
        (gauge("walsender_replay_lag_seconds"), STANDBY),
        unit="s",
        width=8,
    ),
    row("As the standby sees it"),
    table(
        "Receivers",
        "Every standby: where it streams from, whether it really receives, and how far behind that upstream it is. Lag is absent when "
        "nothing is received: nobody can know it there.",
        TARGET,
        [
            Column("Receives", by(TARGET, gauge("receiver_up")), mappings=YES_GOOD),
            Column("", by(TARGET + ", status", gauge("receiver_status") + " == 1"), label={"status": "Status"}),
            Column(
                "",
                by(TARGET + ", upstream_host, upstream_port, slot_name", gauge("upstream_info")),
                label={"upstream_host": "Upstream", "upstream_port": "Port", "slot_name": "By slot"},
            ),
            Column("Lag", by(TARGET, gauge("replay_lag_seconds")), unit="s", thresholds=LATE),
            Column("Behind upstream", by(TARGET, gauge("upstream_lag_bytes")), unit="bytes"),
            Column("Received, not replayed", by(TARGET, gauge("replay_backlog_bytes")), unit="bytes"),
            Column("", by(TARGET + ", state", gauge("replay_pause_state") + " == 1"), label={"state": "Replay"}),
            Column(
                "Delay on purpose",
                by(TARGET, f"{gauge('setting_recovery_min_apply_delay_seconds')} and on ({TARGET}) {gauge('in_recovery')} == 1"),
                unit="s",
            ),
            Column("Last message", by(TARGET, gauge("receiver_last_message_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"),
        ],
        sort="Lag",
        links=[runbook("PgwalStandbyNotStreaming")],
    ),
    states(
        "Receives",
        "Whether WAL is really being received. A walreceiver that says `streaming` at each retry, and gets nothing, does not count.",
        (gauge("receiver_up"), NAME),
        mappings=YES_GOOD,
        links=[runbook("PgwalStandbyNotStreaming")],
    ),
    states(
        "Replay paused over time",
        "Whether replay is paused, or was asked to pause.",
        (by(TARGET, gauge("replay_pause_state", 'state!="not paused"')), NAME),
        mappings=REPLAY,
        links=[runbook("PgwalReplayPaused")],
    ),
    graph(
        "Lag at the standby",
        "How long ago the upstream's end of WAL, as of its last message, passed what is replayed here. A cut link is noticed after "
        "wal_receiver_timeout only; the upstream's side tells it at once.",
        (gauge("replay_lag_seconds"), NAME),
        unit="s",
        thresholds=LATE,
        links=[runbook("PgwalReplayLag")],
    ),
    graph(
        "Bytes behind the upstream",
        "The upstream's end of WAL, as of its last message, minus what is replayed here; and the part of it that is received already.",
        (gauge("upstream_lag_bytes"), NAME + " behind"),
        (gauge("replay_backlog_bytes"), NAME + " received, not replayed"),
        unit="bytes",
    ),
    graph(
        "WAL replayed",
        "How fast replay moves on standbys.",
        (position_rate("wal_replayed_bytes_total"), NAME),
        unit="binBps",
    ),
    graph(
        "Difference of clocks",
        "Server's clock minus the exporter's, and the standby's at receipt minus its upstream's at sending (which includes the latency). "
        "Lags here need no clock but the exporter's; commit timestamps and logs do.",
        (gauge("server_clock_offset_seconds"), NAME + " to the exporter"),
        (gauge("receiver_transit_seconds"), NAME + " to its upstream"),
        unit="s",
        least=None,
    ),
    graph(
        "Age of the last replayed commit",
        "By the clock of the server. No lag: it grows while the primary idles.",
        (f"time() - {gauge('last_replayed_transaction_timestamp_seconds')}", NAME),
        unit="s",
        least=None,
    ),
    graph(
        "Queries cancelled by replay",
        "Recovery conflicts in the last five minutes, by kind.",
        (increase("recovery_conflicts_total", "5m"), "{{target}} {{conflict}}"),
    ),
    graph(
        "Prefetch of replay",
        "PostgreSQL 15 and newer: how far ahead of replay the prefetcher looks.",
        (gauge("recovery_prefetch_wal_distance_bytes"), NAME),
        unit="bytes",
    ),
    graph(
        "Blocks prefetched",
        "PostgreSQL 15 and newer: blocks a second that replay asked for ahead, and those that were in memory already.",
        (rate("recovery_prefetch_prefetched_blocks_total"), NAME + " prefetched"),
        (rate("recovery_prefetch_hits_total"), NAME + " in memory"),
        unit="ops",
    ),
    row("Synchronous replication"),
    states(
        "Enough synchronous standbys",
        "Whether as many synchronous standbys are connected as commits wait for. If not, commits hang (with synchronous_commit on or "
        "higher).",
        (gauge("sync_satisfied"), NAME),
        mappings=YES_GOOD,
        links=[runbook("PgwalSyncNotSatisfied")],
    ),
    graph(
        "Synchronous standbys",
        "How many a commit waits for, and how many there are. 0 needed: replication is asynchronous.",
        (gauge("sync_standbys_required"), NAME + " needed"),
        (gauge("sync_standbys_connected"), NAME + " connected"),
        height=7,
    ),
    row("Connections and base backups"),
    graph(
        "Walsenders in use",
        "Share of max_wal_senders that is in use, base backups included.",
        (f"{gauge('walsenders_used')} / ({gauge('walsenders_limit')} > 0)", NAME),
        unit="percentunit",
        thresholds=steps(GREEN, (0.8, YELLOW), (1, RED)),
        most=1,
        width=8,
        links=[runbook("PgwalWalsendersNearlyUsedUp")],
    ),
    graph(
        "Base backups",
        "How much of each running base backup is done. Absent where its size was not estimated.",
        (f"{gauge('basebackup_streamed_bytes')} / ({gauge('basebackup_total_bytes')} > 0)", STANDBY),
        unit="percentunit",
        width=8,
    ),
    table(
        "Base backups now",
        "What each running base backup is doing.",
        WALSENDER,
        [
            Column("", by(WALSENDER + ", phase", gauge("basebackup_phase") + " == 1"), label={"phase": "Phase"}),
            Column("Streamed", by(WALSENDER, gauge("basebackup_streamed_bytes")), unit="bytes"),
        ],
        width=8,
        none="None runs",
    ),
    row("Logical replication"),
    table(
        "Subscriptions",
        "As the subscriber sees them. Enabled and not running: the apply worker fails, or cannot reach the publisher.",
        SUBSCRIPTION,
        [
            Column("Enabled", by(SUBSCRIPTION, gauge("subscription_enabled")), mappings=YES_GOOD),
            Column("Runs", by(SUBSCRIPTION, gauge("subscription_up")), mappings=YES_GOOD),
            Column(
                "Publisher moved", by(SUBSCRIPTION, gauge("subscription_latest_end_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"
            ),
            Column(
                "Last message", by(SUBSCRIPTION, gauge("subscription_last_message_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"
            ),
            Column(
                "Failures in 1 h",
                by(SUBSCRIPTION, increase("subscription_errors_total", "1h"), "sum"),
                decimals=0,
                thresholds=steps(GREEN, (1, RED)),
            ),
        ],
        sort="Runs",
        descending=False,
        links=[runbook("PgwalSubscriptionDown"), runbook("PgwalSubscriptionDisabled"), runbook("PgwalSubscriptionErrors")],
    ),
    graph(
        "Not confirmed by logical consumers",
        "How long ago the end of WAL passed what the consumer of each logical slot has confirmed; also while it is not connected.",
        (gauge("slot_confirmed_flush_age_seconds"), "{{target}} {{slot_name}}"),
        unit="s",
        thresholds=steps(GREEN, (900, RED)),
        links=[runbook("PgwalLogicalSlotBehind")],
    ),
    graph(
        "Bytes not confirmed by logical consumers",
        "WAL that the consumer of each logical slot has not confirmed; also while it is not connected.",
        (gauge("slot_confirmed_flush_lag_bytes"), "{{target}} {{slot_name}}"),
        unit="bytes",
        links=[runbook("PgwalLogicalSlotBehind")],
    ),
    graph(
        "Failures of subscriptions",
        "PostgreSQL 15 and newer: failures in the last five minutes while applying changes or copying tables.",
        (increase("subscription_errors_total", "5m"), SUBSCRIBER + " {{kind}}"),
        width=8,
        links=[runbook("PgwalSubscriptionErrors")],
    ),
    graph(
        "Conflicts of subscriptions",
        "PostgreSQL 18 and newer: conflicts in the last five minutes while applying changes.",
        (increase("subscription_conflicts_total", "5m"), SUBSCRIBER + " {{conflict}}"),
        width=8,
    ),
    graph(
        "Tables of subscriptions by state",
        "Only of subscriptions in the database that the exporter connects to.",
        (gauge("subscription_tables"), SUBSCRIBER + " {{state}}"),
        width=8,
    ),
    graph(
        "Decoded",
        "What logical slots sent to their output plugins.",
        (rate("slot_decoded_bytes_total"), "{{target}} {{slot_name}}"),
        unit="binBps",
        width=8,
    ),
    graph(
        "Spilled to disk",
        "Decoded data that exceeded logical_decoding_work_mem.",
        (rate("slot_spilled_bytes_total"), "{{target}} {{slot_name}}"),
        unit="binBps",
        width=8,
    ),
    graph(
        "Replication origins in use",
        "Share of the replication origins that may be in use at once.",
        (f"{gauge('replication_origins')} / ({gauge('replication_origins_limit')} > 0)", NAME),
        unit="percentunit",
        most=1,
        width=8,
    ),
]

DASHBOARD = dashboard(
    "pgwal-replication",
    "PostgreSQL WAL: Replication",
    "How far behind each standby really is, at which stage, and whether it receives at all.",
    PANELS,
    annotations=MARKS,
)
