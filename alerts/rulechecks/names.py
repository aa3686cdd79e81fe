"""Rules, annotations and unit tests name only metrics and labels that there are, over windows that are long enough."""

import re
from collections.abc import Iterable, Iterator, Sequence

from promcheck import durations, labels, promql, syntax
from promcheck.catalogue import SCRAPED, Catalogue
from rulechecks.files import Problem, Rule, UnitTest

# Four scrapes at an interval of 30 seconds.
SHORTEST_WINDOW = 120
THRESHOLD, OVERRIDE = "pgwal:threshold:", "pgwal:override:"
# What a query of an annotation's template looks like, and the labels that the template reads.
QUERY = re.compile(r'printf "((?:[^"\\]|\\.)*)"')
OWN_LABEL = re.compile(r"\$labels\.(\w+)")
QUERY_LABEL = re.compile(r"\.Labels\.(\w+)")


def add_recorded(rules: Iterable[Rule], series: Catalogue) -> None:
    """Adds what the rules record, and what users may record for them to read."""
    series.add("up", SCRAPED)
    recorded = [rule for rule in rules if not rule.is_alert]
    for rule in recorded:
        series.add(rule.name, ())
        if rule.name.startswith(THRESHOLD):
            series.add(OVERRIDE + rule.name.removeprefix(THRESHOLD), ("target", "application_name"))
    # Rules read what other rules record, in any order: until nothing is added any more.
    while [rule for rule in recorded if series.add(rule.name, labels.check(rule.text["expr"], series).labels)]:
        pass


def check_rules(rules: Sequence[Rule], series: Catalogue) -> Iterator[Problem]:
    used: set[str] = set()
    for rule in rules:
        result = labels.check(rule.text["expr"], series)
        yield from _problems(rule.where, rule.text["expr"], result)
        used |= _metrics(rule.text["expr"])
        for key, text in rule.annotations.items():
            where = f"{rule.where}: {key}"
            for label in sorted(set(OWN_LABEL.findall(text)) - result.labels):
                yield Problem(where, f"names the label {label}, which the expression does not return")
            for query in queries(text):
                asked = labels.check(query, series)
                yield from _problems(where, query, asked)
                used |= _metrics(query)
                for label in sorted(set(QUERY_LABEL.findall(text)) - asked.labels):
                    yield Problem(where, f"names the label {label}, which its query does not return")
    for rule in rules:
        if rule.name.startswith(THRESHOLD) and rule.name not in used:
            yield Problem(rule.where, "it is not used")


def check_tests(tests: Iterable[UnitTest], series: Catalogue) -> Iterator[Problem]:
    for test in tests:
        for given in test.text.get("input_series", []):
            yield from _problems(test.where, given["series"], labels.check(given["series"], series))


def queries(template: str) -> list[str]:
    """What a template asks Prometheus for, with empty values filled in."""
    return [query.replace('\\"', '"').replace("%q", '""') for query in QUERY.findall(template)]


def _metrics(text: str) -> set[str]:
    try:
        return {selector.name for selector in syntax.selectors(promql.parse(text))}
    except promql.SyntaxProblem:
        return set()  # Told by the labels' check.


def _problems(where: str, text: str, result: labels.Result) -> Iterator[Problem]:
    for problem in result.problems:
        yield Problem(where, problem)
    if result.problems:
        return
    for window in syntax.windows(promql.parse(text)):
        if durations.seconds(window) < SHORTEST_WINDOW:
            yield Problem(where, f"the window [{window}] is shorter than four scrapes")
