"""The chart, linted and rendered by Helm's own library, and validated against Kubernetes' schemas.

Runs in an environment of its own that has helm-python-sdk and kubernetes-validate: packaging/python-tools.
"""

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pgwal_packaging import recipes

#: The oldest that the chart is for, and the newest that is known.
KUBERNETES = ("1.25", "1.34")
TARGET = {"name": "orders", "dsn": "host=orders-rw dbname=postgres user=monitor", "password_file": "/etc/pgwal/secrets/orders/password"}
MONITOR = {
    "enabled": True,
    "interval": "15s",
    "scrapeTimeout": "10s",
    "labels": {"release": "kps"},
    "relabelings": [{"action": "labeldrop"}],
}
CASES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "full": {
        "image": {"registry": "registry.example", "digest": "sha256:" + "a" * 64},
        "imagePullSecrets": [{"name": "pull"}],
        "config": {"targets": [TARGET], "collection": {"timeout": "5s"}, "silence": []},
        "secretMounts": [{"name": "orders", "secretName": "orders-monitor"}],
        "web": {"existingSecret": "web", "scheme": "HTTPS", "execProbes": True},
        "extraArgs": ["--log.format=json"],
        "extraEnv": [{"name": "PGAPPNAME", "value": "x"}],
        "extraVolumes": [{"name": "ca", "configMap": {"name": "ca"}}],
        "extraVolumeMounts": [{"name": "ca", "mountPath": "/etc/pgwal/ca"}],
        "serviceAccount": {"annotations": {"a": "b"}},
        "service": {"annotations": {"a": "b"}, "labels": {"c": "d"}},
        "serviceMonitor": MONITOR,
        "podMonitor": MONITOR | {"tlsConfig": {"insecureSkipVerify": True}},
        "prometheusRule": {"enabled": True, "labels": {"release": "kps"}},
        "networkPolicy": {"enabled": True, "to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]},
        "podDisruptionBudget": {"enabled": True},
        "podAnnotations": {"a": "b"},
        "podLabels": {"c": "d"},
        "priorityClassName": "high",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {"matchLabels": {"a": "b"}}}
        ],
    },
    "references": {"existingConfigMap": "mine", "serviceAccount": {"create": False, "name": "mine"}, "fullnameOverride": "watcher"},
}
REFUSED: dict[str, dict[str, Any]] = {
    "an unknown key": {"serviceMonitors": {"enabled": True}},
    "a target without a dsn": {"config": {"targets": [{"name": "a"}]}},
    "a cluster without a dsn": {"config": {"patroni": [{"name": "a", "urls": ["http://a:8008"]}]}},
    "a digest that is none": {"image": {"repository": "x", "digest": "sha256:1"}},
}
KINDS = {
    "defaults": ["ConfigMap", "Deployment", "Service", "ServiceAccount"],
    "full": [
        "ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "PodMonitor", "PrometheusRule", "Service", "ServiceAccount",
        "ServiceMonitor",
    ],
    "references": ["Deployment", "Service"],
}  # fmt: skip


def render(chart: Path, values: dict[str, Any]) -> list[dict[str, Any]]:
    """What `helm template` would print, as objects."""
    with helm_python.Chart.load(str(chart)) as loaded:
        loaded.validate_schema(values)
        texts = loaded.render(values, name="release", namespace="monitoring")
    documents = [yaml.safe_load_all(text) for name, text in sorted(texts.items()) if name.endswith(".yaml")]
    return [document for document in itertools.chain(*documents) if document]


def restricted(deployment: dict[str, Any]) -> list[str]:
    """What keeps the pod from the restricted profile of Pod Security."""
    pod = deployment["spec"]["template"]["spec"]
    security = pod["containers"][0]["securityContext"]
    holds = {
        "runAsNonRoot": pod["securityContext"]["runAsNonRoot"] is True,
        "seccomp": pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault",
        "escalation": security["allowPrivilegeEscalation"] is False,
        "capabilities": security["capabilities"]["drop"] == ["ALL"],
        "read-only root": security["readOnlyRootFilesystem"] is True,
        "no token": pod["automountServiceAccountToken"] is False,
    }
    return [name for name, is_so in holds.items() if not is_so]


def problems(chart: Path, groups: int) -> list[str]:
    """Everything that does not hold."""
    found: list[str] = []
    for name, values in CASES.items():
        report = helm_python.lint(str(chart), values, strict=True)
        # 1 is information: the chart has no icon.
        found += [f"{name}: lint: {message}" for message in report["messages"] if message["severity"] > 1]
        found += [f"{name}: lint: {error}" for error in report["errors"]]
        objects = render(chart, values)
        kinds = sorted(o["kind"] for o in objects)
        if kinds != KINDS[name]:
            found.append(f"{name}: {kinds}")
        for o, version in itertools.product(objects, KUBERNETES):
            if o["apiVersion"].startswith("monitoring.coreos.com/"):
                continue
            try:
                kubernetes_validate.validate(o, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                found.append(f"{name}: {o['kind']} in Kubernetes {version}: {error}")
        by_kind = {o["kind"]: o for o in objects}
        found += [f"{name}: not restricted: {what}" for what in restricted(by_kind["Deployment"])]
        if name == "full":
            rules = by_kind["PrometheusRule"]["spec"]["groups"]
            if len(rules) != groups:
                found.append(f"{len(rules)} groups of rules, expected {groups}")
            config = yaml.safe_load(by_kind["ConfigMap"]["data"]["pgwal_exporter.yml"])
            if config["targets"] != [TARGET]:
                found.append(f"configuration: {config}")
            # Its own limit on values: labels of 63 characters, without a plus.
            for o in objects:
                found += [f"{o['kind']}: label {k}={v}" for k, v in o["metadata"]["labels"].items() if len(v) > 63 or "+" in v]
    for name, values in REFUSED.items():
        try:
            render(chart, values)
            found.append(f"{name} is taken")
        except helm_python.HelmError:
            pass
    return found


def examples(chart: Path, page: Path) -> list[str]:
    """What does not hold of the examples in the documentation."""
    found: list[str] = []
    for values in recipes.values(page):
        report = helm_python.lint(str(chart), values, strict=True)
        found += [f"{page.name}: lint: {message}" for message in report["messages"] if message["severity"] > 1]
        config = next(o for o in render(chart, values) if o["kind"] == "ConfigMap")["data"]["pgwal_exporter.yml"]
        if yaml.safe_load(config) != {"targets": [], **values["config"]}:
            found.append(f"{page.name}: {values['config']} becomes {config}")
    for o, version in itertools.product(recipes.objects(page), KUBERNETES):
        try:
            kubernetes_validate.validate(o, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            found.append(f"{page.name}: {o['kind']} in Kubernetes {version}: {error}")
    return found


if __name__ == "__main__":
    folder, manifest, target, page = (Path(word) for word in sys.argv[1:])
    wanted = len(yaml.safe_load(manifest.read_text())["spec"]["groups"])
    lines = problems(folder, wanted) + examples(folder, page)
    target.write_text(yaml.safe_dump_all(render(folder, {}), sort_keys=False))
    print(json.dumps(lines, indent=1))
    sys.exit(1 if lines else 0)
