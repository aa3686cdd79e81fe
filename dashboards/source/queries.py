"""Pieces of PromQL that all dashboards share.

Every selector is narrowed by the variables job, instance and target. A system is chosen by taking away the targets that are known to be of
another one: what does not answer tells no system_identifier, and must not vanish for that.
"""

SCOPE = 'job=~"$job", instance=~"$instance", target=~"$target"'
# One target: with an exporter beside each server all are called alike, and only `instance` tells them apart.
TARGET = "job, instance, target"
WALSENDER = TARGET + ", application_name, client_addr, slot_name"
SLOT = TARGET + ", slot_name, slot_type"
SUBSCRIPTION = TARGET + ", subscription, database"
# How series are called in a legend.
NAME = "{{target}} ({{instance}})"

_OTHER_SYSTEMS = f'pgwal_target_info{{{SCOPE}, system_identifier!~"$system_identifier"}}'


def _chosen(expression: str) -> str:
    return f"({expression} unless on ({TARGET}) {_OTHER_SYSTEMS})"


def _matchers(labels: str) -> str:
    return SCOPE + (", " + labels if labels else "")


def gauge(metric: str, labels: str = "") -> str:
    """The metric of the chosen targets; `labels` are further matchers."""
    return _chosen(f"pgwal_{metric}{{{_matchers(labels)}}}")


def rate(counter: str, labels: str = "") -> str:
    return _chosen(f"rate(pgwal_{counter}{{{_matchers(labels)}}}[$__rate_interval])")


def position_rate(counter: str) -> str:
    """The rate of a WAL position, which goes back when a standby restarts or an address leads to another server: no reset to 0."""
    moved = f"changes(pgwal_postmaster_start_timestamp_seconds{{{SCOPE}}}[$__rate_interval]) > 0"
    return f"({rate(counter)} unless on ({TARGET}) {moved})"


def hourly(counter: str) -> str:
    """The rate of a WAL position, as the mean of the last hour."""
    return f"avg_over_time({position_rate(counter)}[1h:1m])"


def increase(counter: str, window: str, labels: str = "") -> str:
    return _chosen(f"increase(pgwal_{counter}{{{_matchers(labels)}}}[{window}])")


def by(labels: str, expression: str, aggregation: str = "max") -> str:
    """Leaves these labels only: the rows of a table are merged on labels that all its queries have."""
    return f"{aggregation} by ({labels}) ({expression})"


def with_system(expression: str) -> str:
    """Gives the label system_identifier to series of targets.

    Those that do not show theirs belong to no system, and have nothing in common.
    """
    info = f'pgwal_target_info{{{SCOPE}, system_identifier!="", system_identifier=~"$system_identifier"}}'
    return f"{expression} * on ({TARGET}) group_left (system_identifier) {info}"


def unscoped(metric: str, labels: str = "") -> str:
    """A metric of the exporter itself or of Patroni, which has no target."""
    return f'{metric}{{job=~"$job", instance=~"$instance"{", " + labels if labels else ""}}}'


# A server is told by its start: a virtual address is a target of its own, and leads to a server that is counted already.
_STARTS = (
    'count_values by (system_identifier) ("start", '
    + with_system(f"pgwal_postmaster_start_timestamp_seconds{{{SCOPE}}}")
    + f" and on ({TARGET}) pgwal_in_recovery{{{SCOPE}}} == %d)"
)
_SYSTEMS = by("system_identifier", with_system(f"pgwal_up{{{SCOPE}}}"))
PRIMARIES = f"(count by (system_identifier) ({_STARTS % 0}) or 0 * {_SYSTEMS})"
STANDBYS = f"(count by (system_identifier) ({_STARTS % 1}) or 0 * {_SYSTEMS})"
