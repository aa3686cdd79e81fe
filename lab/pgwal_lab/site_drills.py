"""Drills about the link between the sites, and the loss and the return of one."""

from testbed.waiting import wait_until

from . import failover, network, signs
from .drill import FAILED_OVER, FORKED, HEALTHY, SWAPPED, Drill, nothing
from .lab import Lab
from .plan import SITE1, SITE2, Host
from .signs import Sign

STANDBY = SITE2.postgres[0].name


def _cut_link(lab: Lab) -> Sign:
    network.cut_link()
    return signs.cut_off(STANDBY, lab.patronis.the_primary(SITE1).name)


def _join_link(lab: Lab) -> None:
    network.join_link()
    lab.wait_healthy()


def stop_site1_promote_site2(lab: Lab) -> Sign:
    lost = failover.stop_site(lab.patronis, SITE1)
    promoted = failover.promote(lab.patronis, SITE2)
    return signs.failed_over([host.name for host in lost], promoted.name, "dc2-leader")


def _site1_follows(lab: Lab) -> None:
    failover.become_standby_offline(SITE1)
    failover.start_site(lab.patronis, site1_order(lab))
    failover.wait_following(lab.patronis, SITE1)


def site1_order(lab: Lab) -> list[Host]:
    """The host with the most of the old primary's WAL first: it was stopped last."""
    return sorted(SITE1.postgres, key=lambda host: (lab.folder.data(host) / "global" / "pg_control").stat().st_mtime, reverse=True)


def site1_returns(lab: Lab) -> Sign:
    old = site1_order(lab)
    failover.start_site(lab.patronis, old)
    wait_until(f"{old[0].name} has promoted itself", lambda: lab.patronis.primary(SITE1) == old[0], 30)
    return signs.two_primaries(old[0].name, lab.patronis.the_primary(SITE2).name)


def _stop_site1(lab: Lab) -> None:
    failover.stop_site(lab.patronis, SITE1)


DRILLS = [
    Drill(
        name="link-cut",
        title="the link between the sites is cut",
        begins=HEALTHY,
        ends=HEALTHY,
        prepare=nothing,
        cause=_cut_link,
        cure=_join_link,
    ),
    Drill(
        name="site-failover",
        title="site 1 is stopped, site 2 promoted; site 1 comes back as its standby cluster",
        begins=HEALTHY,
        ends=SWAPPED,
        prepare=nothing,
        cause=stop_site1_promote_site2,
        cure=_site1_follows,
    ),
    Drill(
        name="site-returns",
        title="site 1 comes back with its old configuration and promotes itself",
        begins=FAILED_OVER,
        ends=FORKED,
        prepare=nothing,
        cause=site1_returns,
        cure=_stop_site1,
    ),
]
