"""What the exporter must say for each fault: as a finding, and as metrics in the way the alert rules join them.

The metrics' part holds for one exporter of the fleet as well as for the pages of all nodes together. Names of targets are those of
the hosts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .page import Page, short
from .plan import SLOT, Site

Finding = dict[str, Any]
#: A name, or several of which one will do.
Names = str | set[str]


@dataclass(frozen=True)
class Found:
    """A finding: its code, and whom it must name. A set gives alternatives."""

    code: str
    target: Names | None = None
    slot: Names | None = None
    standby: Names | None = None
    upstream: Names | None = None
    #: Names that must come up somewhere: in a field, the summary or the evidence.
    mentions: tuple[str, ...] = ()
    #: Right also after the cure, since the cure is not to make all as it was.
    stays: bool = False

    def is_in(self, findings: list[Finding]) -> bool:
        return any(self._matches(finding) for finding in findings)

    def _matches(self, finding: Finding) -> bool:
        if finding.get("code") != self.code:
            return False
        for key in ("target", "slot", "standby", "upstream"):
            wanted = getattr(self, key)
            if wanted is not None and short(finding.get(key)) not in ({wanted} if isinstance(wanted, str) else wanted):
                return False
        return all(name in str(finding) for name in self.mentions)


@dataclass(frozen=True)
class Sign:
    """Seen in the findings when each of `found` is there; in metrics when `metrics` says so of a page."""

    found: list[Found]
    metrics: Callable[[Page], bool]
    #: Codes that would be a false alarm beside this fault.
    never: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        return [found.code for found in self.found]

    def in_findings(self, findings: list[Finding]) -> bool:
        return all(found.is_in(findings) for found in self.found)

    def in_some_finding(self, findings: list[Finding]) -> bool:
        return any(found.is_in(findings) for found in self.found if not found.stays)


def slot_missing(standby: str, primary: str, addresses: set[str]) -> Sign:
    """The slot that `standby` is told to use is on no primary of its system, and so it does not stream."""

    def metrics(page: Page) -> bool:
        wants = page.of("pgwal_upstream_info", standby, slot_name=SLOT)
        primaries = page.primaries(page.system_identifier(standby))
        there = any(page.of("pgwal_slot_active", name, slot_name=SLOT) for name in primaries)
        expected = page.values("pgwal_slot_missing", primary, slot_name=SLOT)
        return bool(wants and primaries) and not there and 1 in expected and 1 not in page.values("pgwal_receiver_up", standby)

    upstream = {primary, *addresses}
    return Sign([Found("slot_missing_at_upstream", target=primary, slot=SLOT, standby=standby, upstream=upstream)], metrics)


def cut_off(standby: str, primary: str) -> Sign:
    """The slot is there and unused; the standby receives nothing."""

    def metrics(page: Page) -> bool:
        return page.values("pgwal_receiver_up", standby) == {0} and page.values("pgwal_slot_active", primary, slot_name=SLOT) == {0}

    return Sign([Found("standby_not_streaming", standby=standby)], metrics, never=("slot_missing_at_upstream", "two_primaries"))


def failed_over(lost: list[str], promoted: str, address: str) -> Sign:
    """Servers are gone, and an address that led to a standby leads to a primary."""

    def metrics(page: Page) -> bool:
        down = all(page.values("pgwal_up", name) == {0} for name in lost)
        return down and page.values("pgwal_in_recovery", promoted) == {0} and page.values("pgwal_role_mismatch", address) == {1}

    found = [Found("target_down", target=name) for name in lost] + [Found("role_mismatch", target=address, stays=True)]
    return Sign(found, metrics, never=("two_primaries",))


def two_primaries(one: str, other: str) -> Sign:
    def metrics(page: Page) -> bool:
        system = page.system_identifier(one)
        return {one, other} <= page.primaries(system) and page.primary_servers(system) == 2

    return Sign([Found("two_primaries", mentions=(one, other))], metrics)


def two_primaries_rewindable(old: str, new: str) -> Sign:
    """Two primaries, of which the old one could come back by pg_rewind: said before anybody has decided, and no more than that."""
    both = two_primaries(old, new)

    def metrics(page: Page) -> bool:
        return both.metrics(page) and page.values("pgwal_rewind_ready", old) == {1}

    way = Found("two_primaries", mentions=(f"{old} gives way to ", "pg_rewind: "))
    return Sign([*both.found, way], metrics, never=("failback", "failback_needs_base_backup"))


def wal_gone(standby: str, upstream: str) -> Sign:
    """The standby cannot go on: what it needs next is older than all that the upstream keeps."""

    def metrics(page: Page) -> bool:
        replayed = page.values("pgwal_wal_replayed_bytes_total", standby)
        kept = page.values("pgwal_wal_oldest_kept_position_bytes", upstream)
        return bool(replayed and kept) and min(replayed) < min(kept) and 1 not in page.values("pgwal_receiver_up", standby)

    return Sign([Found("wal_gone_at_upstream", standby=standby)], metrics, never=("slot_missing_at_upstream",))


def diverged(old: str, site: Site, upstream: str) -> Sign:
    """Whoever of the site leads now streams, and has data that its upstream never had: the old primary, or the replica that followed it.
    Once the upstream has written past it no position shows that any more: then it is the two primaries remembered that tell."""
    names = {host.name for host in site.postgres}

    def metrics(page: Page) -> bool:
        return any(1 in page.values("pgwal_walsender_diverged", upstream, application_name=name) for name in names)

    found = [Found("standby_diverged", standby=names), Found("split_brain_unresolved", standby=old, upstream=upstream)]
    return Sign(found, metrics)


def wrong_role(address: str) -> Sign:
    def metrics(page: Page) -> bool:
        return page.values("pgwal_role_mismatch", address) == {1}

    return Sign([Found("role_mismatch", target=address)], metrics, never=("two_primaries",))
