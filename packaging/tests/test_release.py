"""What is released: only a tagged commit with a dated section in the changelog, and nothing that is not complete."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from pgwal_packaging import release
from pgwal_packaging.version import ROOT

CHANGELOG = "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-11-30\n\n### Added\n\n- A.\n\n## 0.1.0 - 2026-01-02\n\n- B.\n"


class ReleaseTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "CHANGELOG.md").write_text(CHANGELOG)
        source = self.root / "Sources/pgwal_exporter/Version.swift"
        source.parent.mkdir(parents=True)
        source.write_text('let unstamped = "0.2.0-dev"\n')
        self.git("init", "-q")
        self.git("add", ".")
        self.git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x")

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, check=True)

    def test_a_tagged_commit_with_a_dated_section(self) -> None:
        self.git("tag", "v0.2.0")
        self.assertEqual(release.problems(self.root), [])

    def test_no_tag(self) -> None:
        self.assertIn("no tag", release.problems(self.root)[0])

    def test_what_is_changed_or_missing(self) -> None:
        self.git("tag", "v0.3.0")
        (self.root / "CHANGELOG.md").write_text(CHANGELOG + "\n")
        found = release.problems(self.root)
        self.assertEqual(len(found), 3, found)
        for text, problem in zip(("not committed", "nothing under a heading '## 0.3.0 - DATE'", "older than 0.3.0"), found, strict=True):
            self.assertIn(text, problem)

    def test_the_notes_are_the_section_of_the_version(self) -> None:
        self.assertEqual(release.section(CHANGELOG, "0.2.0"), "### Added\n\n- A.")
        self.assertEqual(release.section(CHANGELOG, "0.1.0"), "- B.")
        self.assertIsNone(release.section(CHANGELOG, "Unreleased"))

    def test_this_changelog_has_dated_versions(self) -> None:
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        self.assertTrue(release.section(text, "0.2.0"))
