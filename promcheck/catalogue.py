"""Every series that a query may ask for, with its labels: docs/METRICS.md, which is generated from the exporter itself."""

import pathlib
import re
from collections.abc import Iterable

Labels = frozenset[str]

# What Prometheus adds to each series that it scrapes.
SCRAPED: Labels = frozenset({"job", "instance"})
ROW = re.compile(r"\| `(\w+)` \| ([\w ]+) \| ([^|]*) \|")
# A file with fewer metrics than this is not the exporter's catalogue.
FEWEST = 100


class Catalogue(dict[str, Labels]):
    """The labels that a series can have, by its name."""

    def add(self, name: str, labels: Iterable[str]) -> bool:
        """Adds to what a series can have; says whether that is news."""
        before = self.get(name)
        self[name] = (before or frozenset()) | frozenset(labels)
        return self[name] != before


def read(path: pathlib.Path, constant_labels: Iterable[str] = ()) -> Catalogue:
    """The catalogue of a file such as docs/METRICS.md; `constant_labels` are those that the configuration gives to targets and clusters."""
    catalogue = Catalogue()
    metrics = 0
    for name, kind, labels in ROW.findall(path.read_text(encoding="utf-8")):
        metrics += 1
        known = SCRAPED | {label.strip() for label in labels.split(",") if label.strip()}
        # The rest are the exporter's own.
        if not name.startswith(("process_", "pgwal_exporter_")):
            known |= frozenset(constant_labels)
            # Patroni's are of a cluster, all others of a target.
            if "cluster" not in known:
                known |= {"target"}
        if kind == "histogram":
            catalogue.add(f"{name}_bucket", known | {"le"})
            catalogue.add(f"{name}_sum", known)
            catalogue.add(f"{name}_count", known)
        else:
            catalogue.add(name, known)
    if metrics < FEWEST:
        raise ValueError(f"{path} is not the catalogue: {metrics} metrics")
    return catalogue
