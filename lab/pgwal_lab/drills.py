"""All drills, in the order in which they are run."""

from . import address_drills, failback_drills, site_drills, slot_drills
from .drill import FAILED_OVER
from .lab import Lab
from .site_drills import stop_site1_promote_site2

DRILLS = slot_drills.DRILLS + address_drills.DRILLS + site_drills.DRILLS + failback_drills.DRILLS


def reach(lab: Lab, situation: str) -> None:
    """Brings the lab from anywhere into a situation in which a drill can begin."""
    if lab.situation == situation:
        return
    lab.rebuild()
    if situation == FAILED_OVER:
        stop_site1_promote_site2(lab)
    lab.situation = situation
