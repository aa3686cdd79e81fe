"""What records the names of other exporters is well, and the check speaks up when it is not."""

import pathlib
import shutil
import tempfile
import unittest

from promcheck import catalogue
from rulechecks import migrating
from rulechecks.files import Folder

ROOT = pathlib.Path(__file__).resolve().parents[3]


class MigratingTests(unittest.TestCase):
    def problems(self, old: str = "", new: str = "", file: str = "alerts/migrating/patroni.yml") -> list[str]:
        """What is told of a copy in which something is changed."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            shutil.copytree(ROOT / "alerts/migrating", copy / "alerts/migrating")
            (copy / "docs").mkdir()
            shutil.copy(ROOT / "docs/migrating.md", copy / "docs")
            if old:
                text = (copy / file).read_text(encoding="utf-8")
                self.assertIn(old, text)
                (copy / file).write_text(text.replace(old, new), encoding="utf-8")
            return [problem.what for problem in migrating.check(Folder(copy), catalogue.read(ROOT / "docs" / "METRICS.md"))]

    def test_the_rules_are_clean(self) -> None:
        self.assertEqual(self.problems(), [])

    def test_a_metric_that_does_not_exist(self) -> None:
        self.assertEqual(self.problems("label_replace(pgwal_timeline,", "label_replace(pgwal_times,"), ["no such metric: pgwal_times"])

    def test_a_name_without_a_test_and_without_a_line(self) -> None:
        found = self.problems("record: patroni_primary,", "record: patroni_secondary,")
        self.assertEqual(found, ["no unit test expects a sample of it", "docs/migrating.md does not name it"])

    def test_a_name_that_the_page_has_in_braces(self) -> None:
        found = self.problems("received_location,", "", file="docs/migrating.md")
        self.assertEqual(found, ["docs/migrating.md does not name it"])
        self.assertEqual(sorted(migrating.expanded("a_{b,c}_{d,e}")), ["a_b_d", "a_b_e", "a_c_d", "a_c_e"])
