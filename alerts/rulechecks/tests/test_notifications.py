"""One cause is one notification: alerts as the rules send them, a real Alertmanager with the example, and what it sends on."""

import pathlib
import tempfile
import time
import unittest

from rulechecks import alertmanager
from rulechecks.files import Folder
from rulechecks.notifications import Alertmanager, Labels, Listener, Notification, play
from testbed.processes import Processes

ROOT = pathlib.Path(__file__).resolve().parents[3]
FACTOR = 60
PAGE, TICKET = "page", "ticket"

Step = tuple[float, str, Labels]
#: What is sent: seconds after the cause, the alert, its labels. And what is to arrive: by receiver, the alerts of each notification.
Story = tuple[list[Step], list[tuple[str, set[str]]]]

STORIES: dict[str, Story] = {
    "a standby stops": (
        [
            (120, "PgwalTargetDown", {"target": "b"}),
            (120, "PgwalStandbyMissing", {"target": "a", "application_name": "b"}),
            (180, "PgwalDataAtRisk", {"target": "a"}),
            (600, "PgwalSlotRetainedWALGrowing", {"target": "a", "slot_name": "b"}),
            (720, "PgwalSlotInactive", {"target": "a", "slot_name": "b"}),
            (720, "PgwalOutageBudgetLow", {"target": "a"}),
        ],
        [(PAGE, {"PgwalTargetDown"})],
    ),
    "the link to a standby is cut": (
        [
            (70, "PgwalLinkSilent", {"target": "a", "application_name": "b", "slot_name": "b"}),
            (120, "PgwalDataAtRisk", {"target": "a"}),
            (180, "PgwalStandbyNotStreaming", {"target": "b"}),
            (180, "PgwalStandbyMissing", {"target": "a", "application_name": "b"}),
            (600, "PgwalSlotRetainedWALGrowing", {"target": "a", "slot_name": "b"}),
            (720, "PgwalSlotInactive", {"target": "a", "slot_name": "b"}),
            (720, "PgwalOutageBudgetLow", {"target": "a"}),
        ],
        [(PAGE, {"PgwalLinkSilent"})],
    ),
    "a standby stops for which commits wait": (
        [
            (60, "PgwalSyncNotSatisfied", {"target": "a"}),
            (60, "PgwalTargetDown", {"target": "b"}),
            (60, "PgwalStandbyMissing", {"target": "a", "application_name": "b"}),
        ],
        [(PAGE, {"PgwalTargetDown", "PgwalSyncNotSatisfied"})],
    ),
    "a slot is dropped": (
        [
            (60, "PgwalSlotMissing", {"target": "a", "slot_name": "b"}),
            (60, "PgwalSlotMissingAtUpstream", {"target": "b", "slot_name": "b"}),
            (120, "PgwalStandbyNotStreaming", {"target": "b"}),
            (120, "PgwalStandbyMissing", {"target": "a", "application_name": "b"}),
            (180, "PgwalDataAtRisk", {"target": "a"}),
        ],
        [(PAGE, {"PgwalSlotMissing"})],
    ),
    "a slot is lost": (
        [
            (60, "PgwalSlotLost", {"target": "a", "slot_name": "b"}),
            (60, "PgwalStandbyWALGone", {"target": "b"}),
            (60, "PgwalSlotAboutToBeLost", {"target": "a", "slot_name": "b"}),
            (120, "PgwalStandbyNotStreaming", {"target": "b"}),
            (120, "PgwalSlotInactive", {"target": "a", "slot_name": "b"}),
        ],
        [(PAGE, {"PgwalSlotLost", "PgwalStandbyWALGone"})],
    ),
    "replay is paused": (
        [
            (180, "PgwalReplayLag", {"target": "a", "application_name": "b"}),
            (600, "PgwalReplayPaused", {"target": "b"}),
        ],
        [(TICKET, {"PgwalReplayLag"})],
    ),
    "archiving fails": (
        [(300, "PgwalArchiverFailing", {"target": "a"}), (720, "PgwalArchiveBacklogOld", {"target": "a"})],
        [(TICKET, {"PgwalArchiverFailing"})],
    ),
    "two primaries": (
        [
            (60, "PgwalTwoPrimaries", {"system_identifier": "1"}),
            (60, "PgwalSplitBrainSeen", {"system_identifier": "1"}),
        ],
        [(PAGE, {"PgwalTwoPrimaries"})],
    ),
    "a setting": ([(60, "PgwalSlotRetentionUnlimited", {"target": "a"})], [("log", {"PgwalSlotRetentionUnlimited"})]),
}
#: Of targets without a cluster: one is down, and at another one a slot is unused. Nobody can tell whether that has to do with it.
ALONE: list[Step] = [
    (120, "PgwalTargetDown", {"target": "x"}),
    (120, "PgwalSlotInactive", {"target": "y", "slot_name": "z"}),
]


class NotificationTests(unittest.TestCase):
    def test_one_cause_is_one_notification(self) -> None:
        folder = Folder(ROOT)
        severities = {rule.name: rule.text["labels"]["severity"] for rule in folder.rules() if rule.is_alert}
        common = {"job": "pgwal", "instance": "fleet:10195"}
        steps = [
            (when, {"alertname": name, "severity": severities[name], **common, "story": story, **self._cluster(story, labels), **labels})
            for story, (sent, _) in STORIES.items()
            for when, name, labels in sent
        ]
        steps += [(when, {"alertname": name, "severity": severities[name], **common, **labels}) for when, name, labels in ALONE]
        listener = Listener()
        self.addCleanup(listener.stop)
        with tempfile.TemporaryDirectory() as home, Processes() as processes:
            example = alertmanager.read(folder)
            server = Alertmanager(processes, pathlib.Path(home), example, FACTOR, listener)
            play(server, steps, FACTOR)
            # What comes late would come with the next turn of its group.
            time.sleep(720 / FACTOR)
        for story, (_, wanted) in STORIES.items():
            with self.subTest(story):
                found = [(each.receiver, set(each.alerts)) for each in listener.heard if self._belongs(each, story)]
                self.assertEqual(found, wanted)
        with self.subTest("without a cluster"):
            found = [(each.receiver, set(each.alerts)) for each in listener.heard if not self._story(each)]
            self.assertCountEqual(found, [(PAGE, {"PgwalTargetDown"}), (TICKET, {"PgwalSlotInactive"})])

    @staticmethod
    def _cluster(story: str, labels: Labels) -> Labels:
        return {} if "system_identifier" in labels else {"cluster": story}

    @staticmethod
    def _story(notification: Notification) -> str:
        group = dict(notification.group)
        return group.get("cluster") or ("two primaries" if group.get("system_identifier") else "")

    def _belongs(self, notification: Notification, story: str) -> bool:
        return self._story(notification) == story


if __name__ == "__main__":
    unittest.main()
