"""The rule files as one PrometheusRule of the Prometheus Operator."""

import yaml

from rulechecks.files import Folder


class _Dumper(yaml.SafeDumper):
    """Expressions as blocks, and everything in the order of the files."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def text(folder: Folder) -> str:
    manifest = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "pgwal-exporter", "labels": {"app.kubernetes.io/name": "pgwal-exporter"}},
        "spec": {"groups": folder.groups()},
    }
    dumped = yaml.dump(manifest, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    return "# Written by alerts/manifest from the rule files beside it: change those.\n" + dumped
