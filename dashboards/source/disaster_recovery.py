"""Disaster recovery: what would a failover cost now, how long may the other site be away, and could the old primary come back?"""

from events import MARKS
from grafana import (
    GREEN,
    ORANGE,
    RED,
    ROLE,
    YELLOW,
    YES_BAD,
    YES_GOOD,
    YES_NO,
    Column,
    choice,
    dashboard,
    graph,
    row,
    runbook,
    stat,
    states,
    steps,
    table,
)
from queries import NAME, PRIMARIES, SLOT, TARGET, WALSENDER, by, gauge, hourly, position_rate, unscoped, with_system

PAIR = "{{target}} → {{application_name}} {{client_addr}}"
HOLDER = "{{target}} {{slot_name}}"
# As the alerts have them: what may be lost, and what time is left before a slot is lost and for an outage.
AT_RISK = steps(GREEN, (60, RED))
LEFT = steps(RED, (3600, GREEN))
BUDGET = steps(RED, (6 * 3600, GREEN))


def standby(metric: str, labels: str = "") -> str:
    """Of walsenders that feed standbys: a consumer of a logical slot is no copy of the server."""
    logical = gauge("slot_active", 'slot_type="logical"')
    return f"({gauge('walsender_' + metric, labels)} unless on ({TARGET}, slot_name) {logical})"


# A standby that is not connected has no walsender; then the oldest WAL that its slot holds tells how far it came.
ORPHANS = f"""{gauge("slot_retained_age_seconds", 'slot_type="physical"')} and on ({SLOT}) {gauge("slot_active")} == 0"""
PRIMARY = f"{gauge('in_recovery')} == 0"
HOURLY = hourly("wal_written_bytes_total")
NEEDED = f"{HOURLY} * 3600 * $outage"
# What the best standby has flushed; of standbys whose connection is gone the slots tell it.
ON_NO_STANDBY = by(TARGET, f"""{standby("flush_age_seconds")} or {gauge("slot_retained_age_seconds", 'slot_type="physical"')}""", "min") + (
    f" and on ({TARGET}) {PRIMARY}"
)
# How long the standbys may stay away: until a slot of theirs is lost, or the disk is full if all WAL is kept for them.
PHYSICAL = gauge("slot_active", 'slot_type="physical"')
LASTS = by(
    TARGET,
    f"""{gauge("slot_time_to_lost_seconds", 'slot_type="physical"')} or """
    f"""({gauge("wal_filesystem_available_bytes")} / ({HOURLY} > 0) and on ({TARGET}) {PHYSICAL})""",
    "min",
)
HELD = by(TARGET, gauge("slot_retained_bytes"))
KEPT = f"({gauge('wal_directory_segments')} - {gauge('wal_directory_recycled_segments')}) * {gauge('setting_wal_segment_size_bytes')}"

OUTAGE = choice(
    "outage",
    "Outage",
    "How long the other site is away, for the outage budget.",
    [("1 h", "1"), ("6 h", "6"), ("12 h", "12"), ("24 h", "24"), ("3 d", "72"), ("7 d", "168")],
    "24",
)

PANELS = [
    row("At a glance"),
    stat(
        "Data at risk",
        "Of the primary that is worst off: age of the oldest WAL that even its best standby has not flushed. What its loss now would cost.",
        f"max({ON_NO_STANDBY})",
        unit="s",
        thresholds=AT_RISK,
        none="No standbys",
        links=[runbook("PgwalDataAtRisk")],
    ),
    stat(
        "Furthest standby",
        "Age of the oldest WAL that some standby has not flushed, also one that is away and whose slot waits for it: what a loss of the "
        "whole site would cost if that standby is all that is left.",
        f"max({standby('flush_age_seconds')} or {ORPHANS})",
        unit="s",
        thresholds=AT_RISK,
        none="No standbys",
        links=[runbook("PgwalSlotInactive"), runbook("PgwalReplayLag")],
    ),
    stat(
        "Outage budget",
        "How long the standbys may stay away from now on: until the first of their slots is lost, or a filesystem of pg_wal is full.",
        f"min({LASTS})",
        unit="s",
        thresholds=BUDGET,
        none="Not limited, or no WAL",
        links=[runbook("PgwalOutageBudgetLow")],
    ),
    stat(
        "Standbys diverged",
        "Standbys that are ahead of their upstream: they follow, but hold other data. PostgreSQL and Patroni call them healthy.",
        f"sum({standby('diverged')})",
        none="No standbys",
        links=[runbook("PgwalStandbyDiverged")],
    ),
    stat(
        "Systems with two primaries",
        "Each accepts writes, and what one of them accepts will be lost.",
        f"sum({PRIMARIES} > bool 1)",
        links=[runbook("PgwalTwoPrimaries"), runbook("PgwalSplitBrainSeen")],
    ),
    stat(
        "Servers that could not be rewound",
        "Servers that would need a base backup after a failover, because pg_rewind would fail.",
        f"sum(1 - {gauge('rewind_ready')})",
        thresholds=steps(GREEN, (1, YELLOW)),
        none="Not known",
        links=[runbook("PgwalRewindNotReady")],
    ),
    row("Pairs"),
    table(
        "Pairs of upstream and standby",
        "Who would follow whom, and what a loss of the upstream now would cost. The site is the label `site` of the target, if its "
        "configuration gives one.",
        WALSENDER + ", site",
        [
            Column("", by(WALSENDER + ", site, sync_state", standby("sync_state") + " == 1"), label={"sync_state": "Sync"}),
            Column("Data at risk", by(WALSENDER + ", site", standby("flush_age_seconds")), unit="s", thresholds=AT_RISK),
            Column("Bytes at risk", by(WALSENDER + ", site", standby("flush_lag_bytes")), unit="bytes"),
            Column("Replay age", by(WALSENDER + ", site", standby("replay_age_seconds")), unit="s", thresholds=AT_RISK),
            Column("Bytes to replay", by(WALSENDER + ", site", standby("replay_lag_bytes")), unit="bytes"),
            Column("Diverged", by(WALSENDER + ", site", standby("diverged")), mappings=YES_BAD),
            Column("Connected", by(WALSENDER + ", site", standby("start_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"),
        ],
        sort="Data at risk",
        links=[runbook("PgwalDataAtRisk"), runbook("PgwalStandbyDiverged")],
    ),
    graph(
        "Data at risk in seconds",
        "What no standby has flushed; the same of every connected standby; and the age of what unused physical slots hold.",
        (ON_NO_STANDBY, NAME + " on no standby"),
        (standby("flush_age_seconds"), PAIR),
        (ORPHANS, HOLDER + " (nobody connected)"),
        unit="s",
        thresholds=AT_RISK,
        links=[runbook("PgwalDataAtRisk")],
    ),
    graph(
        "Data at risk in bytes",
        "WAL that each connected standby has not flushed.",
        (standby("flush_lag_bytes"), PAIR),
        unit="bytes",
    ),
    states(
        "Diverged over time",
        "Whether a standby is ahead of its upstream.",
        (standby("diverged"), PAIR),
        mappings=YES_BAD,
        links=[runbook("PgwalStandbyDiverged")],
    ),
    graph(
        "WAL kept for standbys that connect",
        "What is left in pg_wal of the upstream beyond what each connected standby still has to be sent. At 0 it can never catch up, "
        "unless an archive has the WAL.",
        (f"({KEPT}) - on ({TARGET}) group_right () {standby('sent_lag_bytes')}", PAIR),
        unit="bytes",
        height=7,
        least=None,
        links=[runbook("PgwalStandbyWALAlmostGone"), runbook("PgwalStandbyWALGone")],
    ),
    row("Outage budget"),
    table(
        "If the other site is away for $outage hours",
        "WAL that each primary would have to keep, if it goes on writing as in the last hour, beside what its slots hold already; and "
        "what there is: a slot is lost above max_slot_wal_keep_size (empty: no limit), and the filesystem must have room. Red: it does "
        "not last. Lasts: how long it would last in any case, at that rate or the last minutes' higher one.",
        TARGET,
        [
            Column("WAL rate", by(TARGET, HOURLY), unit="binBps"),
            Column("WAL of the outage", by(TARGET, NEEDED), unit="bytes"),
            Column("Held already", HELD + f" and on ({TARGET}) {PRIMARY}", unit="bytes"),
            Column(
                "max_slot_wal_keep_size",
                by(TARGET, gauge("setting_max_slot_wal_keep_size_bytes")) + f" and on ({TARGET}) {PRIMARY}",
                unit="bytes",
            ),
            Column(
                "Left of the limit",
                f"{by(TARGET, gauge('setting_max_slot_wal_keep_size_bytes'))} - {HELD} - {by(TARGET, NEEDED)}",
                unit="bytes",
                thresholds=steps(RED, (0, GREEN)),
            ),
            Column("Free on disk", by(TARGET, gauge("wal_filesystem_available_bytes")) + f" and on ({TARGET}) {PRIMARY}", unit="bytes"),
            Column("Lasts", LASTS, unit="s", thresholds=BUDGET),
            Column(
                "Left on disk",
                f"{by(TARGET, gauge('wal_filesystem_available_bytes'))} - {by(TARGET, NEEDED)}",
                unit="bytes",
                thresholds=steps(RED, (0, GREEN)),
            ),
        ],
        sort="Lasts",
        descending=False,
        height=7,
        links=[runbook("PgwalOutageBudgetLow")],
    ),
    graph(
        "Time until a slot is lost",
        "At the observed WAL rate, for slots that have a limit.",
        (gauge("slot_time_to_lost_seconds"), HOLDER),
        unit="s",
        thresholds=LEFT,
        width=8,
        links=[runbook("PgwalSlotAboutToBeLost")],
    ),
    graph(
        "How long the standbys may stay away",
        "Until the first of their slots is lost, or the filesystem of pg_wal is full if all WAL is kept for them.",
        (LASTS, NAME),
        unit="s",
        thresholds=BUDGET,
        width=8,
        links=[runbook("PgwalOutageBudgetLow")],
    ),
    graph(
        "WAL rate", "How fast the end of WAL moves on primaries.", (position_rate("wal_written_bytes_total"), NAME), unit="binBps", width=8
    ),
    row("Rewind readiness: could the old primary come back without a base backup?"),
    table(
        "Rewind readiness",
        "pg_rewind needs wal_log_hints or data checksums, full_page_writes, and WAL back to the last checkpoint before the fork, which a "
        "slot does not keep: wal_keep_size does.",
        TARGET,
        [
            Column("Ready", by(TARGET, gauge("rewind_ready")), mappings=YES_GOOD),
            Column("Role", by(TARGET, gauge("in_recovery")), mappings=ROLE),
            Column("wal_log_hints", by(TARGET, gauge("setting_wal_log_hints")), mappings=YES_NO),
            Column("Checksums", by(TARGET, gauge("setting_data_checksums")), mappings=YES_NO),
            Column("full_page_writes", by(TARGET, gauge("setting_full_page_writes")), mappings=YES_GOOD),
            Column("wal_keep_size", by(TARGET, gauge("setting_wal_keep_size_bytes")), unit="bytes"),
            Column("WAL since checkpoint", by(TARGET, gauge("checkpoint_redo_distance_bytes")), unit="bytes"),
            Column("WAL kept", by(TARGET, KEPT), unit="bytes"),
        ],
        sort="Ready",
        descending=False,
        width=16,
        links=[runbook("PgwalRewindNotReady")],
    ),
    table(
        "What blocks a rewind",
        "For which reason pg_rewind would fail.",
        TARGET,
        [Column("", by(TARGET + ", reason", gauge("rewind_blocker") + " == 1"), label={"reason": "Reason"})],
        width=8,
        none="Nothing",
        links=[runbook("PgwalRewindNotReady")],
    ),
    states(
        "Rewind readiness over time",
        "Whether pg_rewind could bring the server back after a failover at that time.",
        (gauge("rewind_ready"), NAME),
        mappings=YES_GOOD,
        links=[runbook("PgwalRewindNotReady")],
    ),
    graph(
        "WAL kept and WAL since the checkpoint",
        "A rewind needs the WAL since the last checkpoint before the fork: what is kept should be well above it. What slots hold counts "
        "now, and may not later.",
        (gauge("checkpoint_redo_distance_bytes"), NAME + " since checkpoint"),
        (gauge("setting_wal_keep_size_bytes"), NAME + " wal_keep_size"),
        unit="bytes",
        height=7,
    ),
    row("Timelines and switches"),
    table(
        "Timelines",
        "A server whose timeline is behind another one's of its system has not followed the last promotion. The fork is where a promoted "
        "primary left its old timeline, known until its next restart: an old primary that wrote past it has to be rewound.",
        TARGET,
        [
            Column("Role", by(TARGET, gauge("in_recovery")), mappings=ROLE),
            Column("Timeline", by(TARGET, gauge("timeline"))),
            Column(
                "Behind",
                by(
                    TARGET,
                    f"{by('system_identifier', with_system(gauge('timeline')))} - on (system_identifier) group_right () "
                    + with_system(gauge("timeline")),
                ),
                thresholds=steps(GREEN, (1, ORANGE)),
            ),
            Column("Promoted", by(TARGET, gauge("promotion_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"),
            Column("Fork", by(TARGET, gauge("promotion_fork_position_bytes")), unit="none", decimals=0),
            Column("Oldest WAL kept", by(TARGET, gauge("wal_oldest_kept_position_bytes")), unit="none", decimals=0),
            Column("Started", by(TARGET, gauge("postmaster_start_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"),
        ],
        sort="Behind",
        width=16,
        links=[runbook("PgwalTimelineBehind")],
    ),
    table(
        "Switches that Patroni knows",
        "When the leader of each cluster changed last.",
        "job, instance, cluster",
        [
            Column(
                "Leader changed",
                by("job, instance, cluster", unscoped("pgwal_patroni_last_switch_timestamp_seconds")) + " * 1000",
                unit="dateTimeFromNow",
            ),
            Column("Timeline", by("job, instance, cluster", unscoped("pgwal_patroni_timeline"))),
            Column(
                "",
                by("job, instance, cluster, upstream_host, slot_name", unscoped("pgwal_patroni_standby_cluster")),
                label={"upstream_host": "Follows", "slot_name": "By slot"},
            ),
        ],
        width=8,
        none="No Patroni",
    ),
    states(
        "Roles over time",
        "Primary or standby. Two primaries of one system at once are a split brain.",
        (gauge("in_recovery"), NAME),
        mappings=ROLE,
        links=[runbook("PgwalTwoPrimaries")],
    ),
    graph(
        "Timelines over time",
        "A step up is a promotion; all servers of a system should follow it.",
        (gauge("timeline"), NAME),
        height=7,
        least=None,
        links=[runbook("PgwalTimelineBehind")],
    ),
]

DASHBOARD = dashboard(
    "pgwal-dr",
    "PostgreSQL WAL: Disaster recovery",
    "What a failover would cost now, how long the other site may be away, and whether the old primary could come back without a base "
    "backup.",
    PANELS,
    variables=[OUTAGE],
    annotations=MARKS,
)
