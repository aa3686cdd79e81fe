"""empty-queries.txt: which queries may return nothing, and under which condition."""

import dataclasses
import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

from checks import model
from checks.model import Dashboard
from testbed import catalogue, promql
from testbed.catalogue import Metrics


@dataclasses.dataclass
class MayBeEmpty:
    query: str  # name of a query, may end in *
    condition: str  # PromQL; while it returns nothing the query may return nothing
    reason: str


def read(path: Path) -> list[MayBeEmpty]:
    exceptions, condition, reason = list[MayBeEmpty](), "", ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            if not condition:
                raise ValueError(f"{path.name}:{number}: a query without a condition above it")
            exceptions.append(MayBeEmpty(line.strip(), condition, reason))
        else:
            condition, separator, reason = line.rpartition(": ")
            if not separator or not condition or not reason:
                raise ValueError(f"{path.name}:{number}: expected CONDITION: REASON")
    return exceptions


def of(query: model.Query, exceptions: list[MayBeEmpty]) -> list[MayBeEmpty]:
    return [each for each in exceptions if fnmatch.fnmatchcase(query.name, each.query)]


def scoped(condition: str, variables: dict[str, str]) -> str:
    """The condition for the chosen targets only."""

    def narrow(match: re.Match[str]) -> str:
        labels = ["job", "instance"] + ([] if match.group(1).startswith("pgwal_patroni_") else ["target"])
        matchers = [f'{label}=~"{variables[label]}"' for label in labels] + ([match.group(2)] if match.group(2) else [])
        return f"{match.group(1)}{{{', '.join(matchers)}}}"

    return re.sub(r"\b(pgwal_\w+)(?:\{([^}]*)\})?", narrow, condition)


def check(dashboards: dict[str, Dashboard], exceptions: list[MayBeEmpty], metrics: Metrics) -> Iterator[str]:
    """Yields what is wrong with the list itself."""

    names = {query.name for name, dashboard in dashboards.items() for query in model.queries(name, dashboard)}
    for each in exceptions:
        if not fnmatch.filter(names, each.query):
            yield f"no such query: {each.query}"
        try:
            catalogue.labels(promql.parse(each.condition), metrics)
        except (catalogue.Problem, promql.SyntaxProblem) as problem:
            yield f"{each.condition}: {problem}"
