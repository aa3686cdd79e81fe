"""Fleet: is everything there that should be, and has each server the role that it should have?"""

from events import MARKS
from grafana import (
    GREEN,
    MISSING,
    ORANGE,
    RED,
    ROLE,
    UP,
    YELLOW,
    YES_BAD,
    YES_GOOD,
    YES_NO,
    Column,
    alerts,
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
from queries import NAME, PRIMARIES, STANDBYS, TARGET, by, gauge, increase, unscoped, with_system

UP_SERVERS = gauge("up")
INFO = by(
    TARGET + ", version, cluster_name, system_identifier, server_address", gauge("target_info", 'system_identifier=~"$system_identifier"')
)
UPSTREAM = gauge("upstream_info")
# Other programs have process metrics too.
EXPORTERS = f" and on (job, instance) {unscoped('pgwal_exporter_build_info')}"
NEED = "system_identifier, " + TARGET + ", upstream_host, upstream_port, slot_name"


def needed_slots(expression: str) -> str:
    """Only standbys that stream by a slot."""
    return by(NEED, with_system(expression))


def servers_with_the_slot(role: int) -> str:
    """Whether a server of the same system and in this role has the slot that a standby uses."""
    have = (
        f"group by (system_identifier, slot_name) ({with_system(gauge('slot_active'))} and on ({TARGET}) {gauge('in_recovery')} == {role})"
    )
    needed = needed_slots(gauge("upstream_info", 'slot_name!=""'))
    return f"({needed} * on (system_identifier, slot_name) group_left () {have}) or 0 * {needed}"


PANELS = [
    row("At a glance"),
    stat(
        "Targets up",
        "Targets whose server answered in time.",
        f"sum({UP_SERVERS})",
        thresholds=steps(RED, (1, GREEN)),
        links=[runbook("PgwalExporterDown"), runbook("PgwalTargetVanished")],
    ),
    stat(
        "Targets down",
        "Targets whose server did not answer in time. All else about them is unknown meanwhile.",
        f"sum(1 - {UP_SERVERS})",
        links=[runbook("PgwalTargetDown")],
    ),
    stat(
        "Systems with two primaries",
        "Systems with more than one primary: each accepts writes, and what one of them accepts will be lost. "
        "A server that is reached as two targets (a virtual address) counts once.",
        f"sum({PRIMARIES} > bool 1)",
        links=[runbook("PgwalTwoPrimaries")],
    ),
    stat(
        "Systems without a primary",
        "Systems none of whose servers that answer is a primary. Also when the primary is no target, as in a site that has the standbys "
        "only.",
        f"sum({PRIMARIES} == bool 0)",
        thresholds=steps(GREEN, (1, YELLOW)),
        links=[runbook("PgwalNoPrimary")],
    ),
    stat(
        "Role mismatches",
        "Targets that lead to a server of another role than the configuration expects: a virtual address on the wrong host.",
        f"sum({gauge('role_mismatch')})",
        links=[runbook("PgwalRoleMismatch")],
    ),
    stat(
        "Standbys that receive nothing",
        "Standbys that are told to stream, and do not, whatever their status says.",
        f"sum(1 - {gauge('receiver_up')})",
        none="No standbys",
        links=[runbook("PgwalStandbyNotStreaming")],
    ),
    stat(
        "Slots missing",
        "Slots that the configuration or Patroni expects on a server, and that are not there.",
        f"sum({gauge('slot_missing')})",
        none="None expected",
        links=[runbook("PgwalSlotMissing")],
    ),
    stat(
        "Standbys missing",
        "Standbys that the configuration or Patroni expects at a server, and that are not connected.",
        f"sum({gauge('standby_missing')})",
        none="None expected",
        links=[runbook("PgwalStandbyMissing")],
    ),
    stat(
        "Slots lost",
        "Slots whose WAL is gone: whoever uses them must be built anew.",
        f"""sum({gauge("slot_wal_status", 'wal_status="lost"')})""",
        none="No slots",
        links=[runbook("PgwalSlotLost")],
    ),
    stat(
        "Standbys diverged",
        "Standbys that are ahead of their upstream: they follow, but hold other data.",
        f"sum({gauge('walsender_diverged')})",
        none="No standbys",
        links=[runbook("PgwalStandbyDiverged")],
    ),
    stat(
        "Archivers failing",
        "Servers whose last try to archive failed, or that never archived a file.",
        f"sum({gauge('archiver_failing')})",
        none="None archives",
        links=[runbook("PgwalArchiverFailing")],
    ),
    stat(
        "Commits that may hang",
        "Primaries with fewer synchronous standbys than commits wait for.",
        f"sum(1 - {gauge('sync_satisfied')})",
        none="No primaries",
        links=[runbook("PgwalSyncNotSatisfied")],
    ),
    row("Topology"),
    table(
        "Servers",
        "Every target with what is behind it: version, role, timeline and, of a standby, where it streams from and whether it really "
        "receives.",
        TARGET,
        [
            Column("Answers", by(TARGET, UP_SERVERS), mappings=UP),
            Column("Role", by(TARGET, gauge("in_recovery")), mappings=ROLE),
            Column(
                "", INFO, label={"version": "Version", "cluster_name": "Name", "server_address": "Address", "system_identifier": "System"}
            ),
            Column("Timeline", by(TARGET, gauge("timeline"))),
            Column("Receives", by(TARGET, gauge("receiver_up")), mappings=YES_GOOD),
            Column(
                "",
                by(TARGET + ", upstream_host, upstream_port, slot_name", UPSTREAM),
                label={"upstream_host": "Upstream", "upstream_port": "Port", "slot_name": "By slot"},
            ),
            Column("Started", by(TARGET, gauge("postmaster_start_timestamp_seconds")) + " * 1000", unit="dateTimeFromNow"),
        ],
        sort="Target",
        descending=False,
        height=9,
    ),
    table(
        "Systems",
        "A row for each physical cluster. Exactly one primary is right, unless its primary is no target.",
        "system_identifier",
        [
            Column("Primaries", PRIMARIES, thresholds=steps(YELLOW, (1, GREEN), (2, RED))),
            Column("Standbys", STANDBYS),
            Column("Newest timeline", by("system_identifier", with_system(gauge("timeline")))),
            Column("Oldest timeline", by("system_identifier", with_system(gauge("timeline")), "min")),
            Column("Targets", by("system_identifier", with_system(gauge("up")), "count")),
        ],
        width=12,
        links=[runbook("PgwalTwoPrimaries"), runbook("PgwalSplitBrainSeen"), runbook("PgwalNoPrimary"), runbook("PgwalTimelineBehind")],
    ),
    alerts("Alerts", "Firing and pending alerts of this project's rules, as Grafana knows them."),
    states(
        "Answers over time",
        "Whether the server behind each target answered in time. A gap: its exporter was not scraped.",
        (UP_SERVERS, NAME),
        mappings=UP,
        links=[runbook("PgwalTargetDown"), runbook("PgwalExporterDown")],
    ),
    states(
        "Roles over time",
        "Primary or standby. A change is a promotion, or another server behind the address.",
        (gauge("in_recovery"), NAME),
        mappings=ROLE,
    ),
    graph(
        "Primaries per system",
        "How many primaries each system has. Two at once is a split brain; none is an outage, or the primary is no target.",
        (PRIMARIES, "{{system_identifier}}"),
        thresholds=steps(GREEN, (2, RED)),
        links=[runbook("PgwalTwoPrimaries"), runbook("PgwalNoPrimary")],
    ),
    graph(
        "Standbys per system",
        "Standbys that answer, of each system.",
        (STANDBYS, "{{system_identifier}}"),
    ),
    row("Expected and actual"),
    table(
        "Expected slots",
        "Slots that the configuration or Patroni expects. Without a value while the server is down: nobody knows then. "
        "A slot that is expected of primaries only is not missing on a standby.",
        TARGET + ", slot_name, source",
        [
            Column("Expected", by(TARGET + ", slot_name, source", gauge("slot_expected")), mappings=YES_NO),
            Column("State", by(TARGET + ", slot_name, source", gauge("slot_missing")), mappings=MISSING),
        ],
        sort="State",
        width=12,
        links=[runbook("PgwalSlotMissing")],
    ),
    table(
        "Expected standbys",
        "Standbys that the configuration or Patroni expects to be connected to a server.",
        TARGET + ", application_name, source",
        [
            Column("Expected", by(TARGET + ", application_name, source", gauge("standby_expected")), mappings=YES_NO),
            Column("State", by(TARGET + ", application_name, source", gauge("standby_missing")), mappings=MISSING),
        ],
        sort="State",
        width=12,
        links=[runbook("PgwalStandbyMissing")],
    ),
    table(
        "Slots that standbys need",
        "What each standby says of itself: by which slot it streams from where. Beside it, whether a server of the same system has a slot "
        "of that name. None at a primary, and the standby receives nothing: the slot is missing at its upstream (where it streams from "
        "another standby, look there). A slot at standbys only is often one that a failover left behind.",
        NEED,
        [
            Column(
                "Receives",
                by(
                    NEED,
                    f"""{needed_slots(gauge("upstream_info", 'slot_name!=""'))} * on ({TARGET}) group_left () {gauge("receiver_up")}""",
                ),
                mappings=YES_GOOD,
            ),
            Column("At a primary", servers_with_the_slot(0), mappings=mapping((1, "Yes", GREEN), (0, "No", ORANGE))),
            Column("At a standby", servers_with_the_slot(1), mappings=YES_NO),
        ],
        sort="Receives",
        descending=False,
        width=16,
        links=[runbook("PgwalSlotMissingAtUpstream"), runbook("PgwalSlotLeftOver")],
    ),
    table(
        "Expected roles",
        "Targets whose role the configuration tells: what it expects, and whether the server there has it.",
        TARGET,
        [
            Column("", by(TARGET + ", role", gauge("role_expected", 'role!="any"') + " == 1"), label={"role": "Expected role"}),
            Column(
                "Mismatch",
                f"""{by(TARGET, gauge("role_mismatch"))} and on ({TARGET}) {gauge("role_expected", 'role!="any"')} == 1""",
                mappings=YES_BAD,
            ),
        ],
        sort="Mismatch",
        width=8,
        links=[runbook("PgwalRoleMismatch")],
    ),
    row("Patroni"),
    table(
        "Patroni clusters",
        "What Patroni tells of each cluster; of a standby cluster also whom it follows and by which slot.",
        "job, instance, cluster",
        [
            Column(
                "Interfaces that answer",
                by("job, instance, cluster", unscoped("pgwal_patroni_up"), "sum"),
                thresholds=steps(RED, (1, GREEN)),
            ),
            Column("Members", by("job, instance, cluster", unscoped("pgwal_patroni_members"), "sum")),
            Column("Paused", by("job, instance, cluster", unscoped("pgwal_patroni_paused")), mappings=YES_NO),
            Column("Timeline", by("job, instance, cluster", unscoped("pgwal_patroni_timeline"))),
            Column(
                "Leader changed",
                by("job, instance, cluster", unscoped("pgwal_patroni_last_switch_timestamp_seconds")) + " * 1000",
                unit="dateTimeFromNow",
            ),
            Column(
                "",
                by("job, instance, cluster, upstream_host, slot_name", unscoped("pgwal_patroni_standby_cluster")),
                label={"upstream_host": "Follows", "slot_name": "By slot"},
            ),
        ],
        width=24,
        height=6,
    ),
    graph(
        "Patroni members by role and state",
        "Members in Patroni's own words. `running` is no proof that a standby receives.",
        (by("cluster, role, state", unscoped("pgwal_patroni_members")), "{{cluster}}: {{role}}, {{state}}"),
    ),
    states(
        "Patroni interfaces",
        "Whether each REST interface gave a usable answer. While none does, members and expectations are those that were last known.",
        (unscoped("pgwal_patroni_up"), "{{cluster}} {{url}}"),
        mappings=UP,
        links=[runbook("PgwalPatroniDown")],
    ),
    row("Exporter"),
    graph(
        "Time to collect",
        "Duration of each target's latest collection, or of the vain attempt at it.",
        (gauge("collection_duration_seconds"), NAME),
        unit="s",
    ),
    graph(
        "Failures of collectors",
        "Failures in the last five minutes, by reason. One collector's failure costs only its own metrics.",
        (by(TARGET + ", collector, reason", increase("collector_errors_total", "5m"), "sum"), "{{target}} {{collector}}: {{reason}}"),
        links=[runbook("PgwalCollectorFailing")],
    ),
    table(
        "Collectors that fail",
        "Collectors whose last run failed: their metrics are absent.",
        TARGET + ", collector",
        [Column("Last run", by(TARGET + ", collector", gauge("collector_success") + " == 0"), mappings=mapping((0, "Failed", RED)))],
        width=8,
        none="None",
        links=[runbook("PgwalCollectorFailing")],
    ),
    table(
        "Privileges missing",
        "Grants that the monitoring role lacks: values are hidden from it.",
        TARGET,
        [Column("", by(TARGET + ", privilege", gauge("privilege_missing") + " == 1"), label={"privilege": "Privilege"})],
        width=8,
        none="None",
        links=[runbook("PgwalPrivilegeMissing")],
    ),
    table(
        "Exporters",
        "Versions of the exporters.",
        "job, instance",
        [
            Column(
                "",
                by("job, instance, version, libpq_version, swift_version", unscoped("pgwal_exporter_build_info")),
                label={"version": "Version", "libpq_version": "libpq", "swift_version": "Swift"},
            ),
        ],
        width=8,
    ),
    graph(
        "New sessions",
        "Sessions opened to each server in the last five minutes. The exporter keeps one open; more than a few mean that it is cut off "
        "again and again.",
        (increase("connects_total", "5m"), NAME),
        width=8,
    ),
    graph(
        "CPU of the exporters",
        "Share of one core.",
        (
            f"rate({unscoped('process_cpu_seconds_total')}[$__rate_interval])" + EXPORTERS,
            "{{instance}}",
        ),
        unit="percentunit",
        width=8,
    ),
    graph(
        "Memory of the exporters",
        "Resident memory.",
        (unscoped("process_resident_memory_bytes") + EXPORTERS, "{{instance}}"),
        unit="bytes",
        width=8,
    ),
]

DASHBOARD = dashboard(
    "pgwal-fleet",
    "PostgreSQL WAL: Fleet",
    "Health and topology of all servers at a glance: roles, primaries, and what is expected against what there is.",
    PANELS,
    annotations=MARKS,
)
