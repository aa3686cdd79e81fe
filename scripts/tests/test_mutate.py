import pathlib
import unittest

from . import programs

mutate = programs.load("mutate")
SOURCE = """\
/// true == false
func f(_ a: Int) -> Int {
    let text = "a < b \\\\(1 + 2)" // 3
    guard a > 4 else { return 0 }
    if a == 10, text.isEmpty { log.add(a) }
    items.append(a + 1)
    total += a
    return min(a, $0.count, x1)
}
"""


class MutationTests(unittest.TestCase):
    def found(self) -> list[str]:
        mutations = mutate.mutations(pathlib.Path("Sources/M/F.swift"), SOURCE)
        return [f"{SOURCE[each.start : each.end].strip()} -> {each.text.strip()}".strip() for each in mutations]

    def test_what_is_changed(self) -> None:
        self.assertEqual(
            sorted(self.found()),
            sorted(
                [
                    "> -> >=",
                    "== -> !=",
                    "+ -> -",
                    "min( -> max(",
                    "4 -> 5",
                    "0 -> 1",
                    "10 -> 11",
                    "1 -> 2",
                    "a > 4 -> !(a > 4)",
                    "items.append(a + 1) ->",
                    "total += a ->",
                ]
            ),
        )

    def test_a_change_is_made_where_it_was_found(self) -> None:
        for each in mutate.mutations(pathlib.Path("Sources/M/F.swift"), SOURCE):
            changed = each.applied(SOURCE)
            self.assertNotEqual(changed, SOURCE)
            self.assertEqual(changed.splitlines()[0], SOURCE.splitlines()[0])
            self.assertEqual(changed.count("\n"), SOURCE.count("\n"))
