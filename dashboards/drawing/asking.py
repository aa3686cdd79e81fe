"""What a panel's queries return, with the variables filled in."""

import json
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from checks import model

JSON = dict[str, Any]
Series = list[tuple[float, float]]


@dataclass(frozen=True)
class Source:
    """A Prometheus, and the time that is drawn."""

    url: str
    start: float
    end: float
    step: float

    def ask(self, path: str, words: dict[str, str]) -> list[JSON]:
        body = urllib.parse.urlencode(words).encode()
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}", body, timeout=30) as answer:
            found: list[JSON] = json.load(answer)["data"]["result"]
            return found

    def now(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Labels and value of each series at the end."""
        found = self.ask("query", {"query": expression, "time": f"{self.end:.3f}"})
        return [(series["metric"], float(series["value"][1])) for series in found]

    def over_time(self, expression: str) -> list[tuple[dict[str, str], Series]]:
        """Labels and values of each series."""
        times = {"start": f"{self.start:.3f}", "end": f"{self.end:.3f}", "step": f"{self.step:g}"}
        found = self.ask("query_range", {"query": expression, **times})
        return [(each["metric"], [(float(when), float(value)) for when, value in each["values"]]) for each in found]


def legend(target: JSON, labels: dict[str, str]) -> str:
    """The name of a series."""
    form = str(target.get("legendFormat", ""))
    if form in ("", "__auto"):
        return ", ".join(value for name, value in sorted(labels.items()) if name not in ("__name__", "job", "instance")) or "Value"
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda match: labels.get(match[1], ""), form)


def lines(panel: JSON, source: Source, variables: dict[str, str]) -> list[tuple[str, Series]]:
    """The named series of a graph, or of a timeline of states."""
    return [
        (legend(target, labels), values)
        for target in panel["targets"]
        for labels, values in source.over_time(model.filled_in(target["expr"], variables))
    ]


def table(panel: JSON, source: Source, variables: dict[str, str]) -> tuple[list[str], list[dict[str, float | str]]]:
    """Titles of the columns, and rows by them: the queries joined by the labels that all of them have."""
    answers = [source.now(model.filled_in(target["expr"], variables)) for target in panel["targets"]]
    organize = next(each["options"] for each in panel["transformations"] if each["id"] == "organize")
    names = [set(labels) for found in answers for labels, _ in found[:1]]
    keys = sorted(set.intersection(*names)) if names else []
    rows: dict[tuple[str, ...], dict[str, float | str]] = {}
    for number, found in enumerate(answers):
        value_name = "Value" if len(answers) == 1 else f"Value #{chr(ord('A') + number)}"
        for labels, value in found:
            row = rows.setdefault(tuple(labels.get(key, "") for key in keys), {})
            row.update({name: text for name, text in labels.items() if name != "__name__"})
            row[value_name] = value
    order = sorted(organize["indexByName"], key=organize["indexByName"].__getitem__)
    shown = [name for name in order if not organize["excludeByName"].get(name)]
    titles = {name: organize["renameByName"].get(name, name) for name in shown}
    result = [{titles[name]: row[name] for name in shown if name in row} for row in rows.values()]
    for by in reversed(panel["options"].get("sortBy", [])):
        title = by["displayName"]
        # Numbers among themselves, and what has no value last.
        result.sort(key=lambda row: (title in row, isinstance(row.get(title), str), row.get(title, 0)), reverse=bool(by["desc"]))
    return [titles[name] for name in shown], result
