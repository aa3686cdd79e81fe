"""What /metrics of one exporter, or of several taken together, say: the questions that alert rules ask."""

from collections.abc import Iterable

from testbed.exposition import Sample, parse


def short(name: str | None) -> str:
    """A target that was found through Patroni is named CLUSTER/MEMBER, one of a file MEMBER: here they are the same."""
    return (name or "").rpartition("/")[2]


class Page:
    def __init__(self, texts: Iterable[str]) -> None:
        self.samples: dict[str, list[Sample]] = {}
        for text in texts:
            for sample in parse(text):
                self.samples.setdefault(sample.name, []).append(sample)

    def of(self, name: str, target: str | None = None, **labels: str) -> list[Sample]:
        """The samples of a metric, of one target, with these labels."""
        return [
            sample
            for sample in self.samples.get(name, [])
            if (target is None or short(sample.labels.get("target")) == target)
            and all(sample.labels.get(key) == value for key, value in labels.items())
        ]

    def values(self, name: str, target: str | None = None, **labels: str) -> set[float]:
        return {sample.value for sample in self.of(name, target, **labels)}

    def system_identifier(self, target: str | None) -> str | None:
        return next((sample.labels.get("system_identifier") for sample in self.of("pgwal_target_info", target)), None)

    def primaries(self, system_identifier: str | None) -> set[str]:
        """The targets of one system that are not in recovery."""
        names = {short(sample.labels.get("target")) for sample in self.of("pgwal_in_recovery") if sample.value == 0}
        return {name for name in names if self.system_identifier(name) == system_identifier}

    def primary_servers(self, system_identifier: str | None) -> int:
        """How many servers of one system are not in recovery; a server that is asked by two addresses is one."""
        starts = [self.values("pgwal_postmaster_start_timestamp_seconds", name) for name in self.primaries(system_identifier)]
        return len({start for values in starts for start in values})
