import unittest

from testbed import exposition

PAGE = r"""# HELP pgwal_up Whether.
# TYPE pgwal_up gauge
pgwal_up{target="a"} 1
pgwal_up{target="with \"marks\" and \\ and } and \n"} 0
pgwal_up_since 1.5e9
plain 2 1700000000000
"""


class Exposition(unittest.TestCase):
    def test_samples_with_their_labels(self) -> None:
        samples = exposition.parse(PAGE)
        self.assertEqual([sample.name for sample in samples], ["pgwal_up", "pgwal_up", "pgwal_up_since", "plain"])
        self.assertEqual(samples[1].labels, {"target": 'with "marks" and \\ and } and \n'})
        self.assertEqual([sample.value for sample in samples], [1, 0, 1.5e9, 2])

    def test_the_values_of_one_metric(self) -> None:
        self.assertEqual(exposition.values(PAGE, "pgwal_up"), [1, 0])
        self.assertEqual(exposition.values(PAGE, "pgwal_up_since"), [1.5e9])
        self.assertEqual(exposition.values(PAGE, "plain"), [2])
        self.assertEqual(exposition.values(PAGE, "pgwal"), [])
