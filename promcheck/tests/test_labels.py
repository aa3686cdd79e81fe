import pathlib
import tempfile
import unittest

from promcheck import catalogue, labels

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
METRICS = catalogue.read(ROOT / "docs" / "METRICS.md")
SCRAPED = {"job", "instance"}
TARGET = SCRAPED | {"target"}


class CatalogueTests(unittest.TestCase):
    def test_what_series_have(self) -> None:
        self.assertEqual(METRICS["pgwal_up"], TARGET)
        self.assertEqual(METRICS["pgwal_patroni_up"], SCRAPED | {"cluster", "url"})
        self.assertEqual(METRICS["process_start_time_seconds"], SCRAPED)
        self.assertEqual(
            METRICS["pgwal_exporter_build_info"], SCRAPED | {"version", "revision", "revision_date", "swift_version", "libpq_version"}
        )
        histogram = "pgwal_walsender_replay_age_sampled_seconds"
        self.assertNotIn(histogram, METRICS)
        self.assertEqual(METRICS[histogram + "_bucket"], METRICS[histogram + "_sum"] | {"le"})

    def test_constant_labels(self) -> None:
        metrics = catalogue.read(ROOT / "docs" / "METRICS.md", ["site"])
        self.assertIn("site", metrics["pgwal_up"] & metrics["pgwal_patroni_up"])
        self.assertNotIn("site", metrics["process_start_time_seconds"] | METRICS["pgwal_up"])

    def test_a_file_that_is_none(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "METRICS.md"
            path.write_text("| `pgwal_up` | gauge |  | 13+ |\n", encoding="utf-8")
            with self.assertRaises(ValueError):
                catalogue.read(path)


class LabelTests(unittest.TestCase):
    def test_what_a_result_has(self) -> None:
        bucket = "pgwal_walsender_replay_age_sampled_seconds_bucket"
        standby = TARGET | {"application_name", "client_addr", "slot_name"}
        info = "on (job, instance, target) group_left (system_identifier) pgwal_target_info"
        for text, expected in {
            "pgwal_up == 0": TARGET,
            "sum by (target) (pgwal_up)": {"target"},
            "sum(pgwal_up)": set(),
            "sum without (job) (pgwal_up)": {"instance", "target"},
            "topk(3, pgwal_up)": TARGET,
            "pgwal_up / on (job, target) sum by (job, target) (pgwal_timeline)": {"job", "target"},
            "pgwal_slot_active unless on (job) pgwal_up": METRICS["pgwal_slot_active"],
            "time() - pgwal_up": TARGET,
            f"pgwal_up * {info}": TARGET | {"system_identifier"},
            "pgwal_up / on (target) pgwal_timeline": {"target"},
            "pgwal_up and on (target) pgwal_slot_active": TARGET,
            "pgwal_up or pgwal_patroni_up": TARGET | {"cluster", "url"},
            'count_values by (target) ("start", pgwal_up)': {"target", "start"},
            f"histogram_quantile(0.9, sum by (target, le) (rate({bucket}[5m])))": {"target"},
            f'{bucket.replace("bucket", "count")} - ignoring (le) {bucket}{{le="10"}}': standby,
            'label_replace(pgwal_up, "host", "$1", "instance", "(.+):.*")': TARGET | {"host"},
            "label_join(pgwal_up, `server`, ` at `, `target`, `instance`)": TARGET | {"server"},
            'absent(pgwal_up{target="a", job=~"b"})': {"target"},
        }.items():
            result = labels.check(text, METRICS)
            self.assertEqual((result.labels, result.problems), (expected, []), text)

    def test_what_there_is_not(self) -> None:
        for text, problem in {
            "pgwal_lag": "no such metric: pgwal_lag",
            "pgwal_lag{state='x'} and on (y) pgwal_up": "no such metric: pgwal_lag",
            'pgwal_up{state="x"}': "no label state of pgwal_up",
            'pgwal_up{le="1"}': "no label le of pgwal_up",
            "sum by (slot_name) (pgwal_up)": "no label slot_name under sum",
            "sum without (slot_name) (pgwal_up)": "no label slot_name under sum",
            "sum by (target) (pgwal_patroni_up)": "no label target under sum",
            "sum by (instance) (sum by (job) (pgwal_up))": "no label instance under sum",
            "pgwal_slot_active and on (slot_name) pgwal_up": "no label slot_name right of and",
            "pgwal_up unless on (slot_name) pgwal_slot_active": "no label slot_name left of unless",
            "pgwal_up / ignoring (le) pgwal_timeline": "no label le beside /",
            "pgwal_up * on (target) group_left (version) pgwal_timeline": "no label version to be taken over",
            'label_replace(pgwal_up, "a", "$1", "slot_name", "(.+)")': "no label slot_name to be replaced",
            "label_join(pgwal_up, 'a', ',', 'job', 'b')": "no label b to be joined",
            "sum(": "ends too early",
        }.items():
            self.assertEqual(labels.check(text, METRICS).problems, [problem], text)

    def test_labels_that_a_filter_takes_away(self) -> None:
        lost = "sum by (target) (pgwal_slot_active) * on (target) group_left () pgwal_up and on (slot_name) pgwal_slot_active"
        self.assertEqual(labels.check(lost, METRICS).problems, ["no label slot_name left of and"])
