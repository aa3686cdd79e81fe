"""The exporters, Prometheus, Alertmanager and a stand-in for Patroni's REST interface."""

import http.server
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from . import scaling
from .processes import ProofError, program, wait_until


def ready(url):
    def check():
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    return check


class Exporter:
    """An exporter with a configuration that can be changed by a restart."""

    def __init__(self, proof, name, address):
        self.proof = proof
        self.address = address
        self.configuration = proof.folder / f"{name}.yml"
        self.log = proof.folder / f"{name}.log"
        self.process = None

    def start(self, configuration):
        # JSON is YAML.
        self.configuration.write_text(json.dumps(configuration, indent=1))
        self.process = self.proof.processes.start(
            [self.proof.exporter, "serve", "--config.file", self.configuration, "--web.listen-address", self.address]
            + ["--timeout-offset", "100ms"],
            log=self.log,
        )
        wait_until(f"the exporter at {self.address} is ready", ready(f"http://{self.address}/-/healthy"))

    def stop(self):
        self.proof.processes.stop(self.process)


class Prometheus:
    def __init__(self, proof, address):
        self.proof = proof
        self.url = f"http://{address}"
        self._address = address

    def start(self, rules, factor, exporters, alertmanager):
        folder = self.proof.folder / "prometheus"
        folder.mkdir()
        for path in rules:
            (folder / path.name).write_text(scaling.scaled(path.read_text(encoding="utf-8"), factor))
        configuration = {
            "global": {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"},
            "rule_files": [str(folder / path.name) for path in rules],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
            "scrape_configs": [{"job_name": "pgwal", "static_configs": [{"targets": exporters}]}],
        }
        (folder / "prometheus.json").write_text(json.dumps(configuration))
        (folder / "data").mkdir()
        self.proof.own(folder)
        self.proof.processes.run([program("promtool"), "check", "rules", *configuration["rule_files"]])
        self.proof.processes.start(
            [program("prometheus"), f"--config.file={folder / 'prometheus.json'}", f"--storage.tsdb.path={folder / 'data'}"]
            + [f"--web.listen-address={self._address}"],
            log=self.proof.folder / "prometheus.log",
        )
        wait_until("Prometheus is ready", ready(f"{self.url}/-/ready"))

    def query(self, expression):
        parameters = urllib.parse.urlencode({"query": expression}).encode()
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/query", parameters, timeout=20) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            raise ProofError(f"{expression}: {error.read().decode(errors='replace')}") from error

    def seconds_to_pending(self, alert, labels, since):
        """From then until the alert was first seen as pending; nil when it never was."""
        matchers = ",".join(f'{name}="{value}"' for name, value in {"alertname": alert, "alertstate": "pending", **labels}.items())
        window = int(time.time() - since) + 2
        times = [float(when) for series in self.query(f"ALERTS{{{matchers}}}[{window}s]") for when, _ in series["values"]]
        later = [when for when in times if when >= since]
        return min(later) - since if later else None

    def rules(self):
        with urllib.request.urlopen(f"{self.url}/api/v1/rules", timeout=20) as answer:
            return [rule for group in json.load(answer)["data"]["groups"] for rule in group["rules"]]

    def waiting(self):
        """The alerts that have to be pending before they fire."""
        return {rule["name"] for rule in self.rules() if rule.get("duration", 0) > 0}

    def problems(self):
        """Rules that could not be evaluated, or still wait as long as in production."""
        rules = self.rules()
        failed = [f"rule {rule['name']}: {rule['lastError']}" for rule in rules if rule.get("lastError")]
        return failed + [f"rule {rule['name']} is not scaled" for rule in rules if rule.get("duration", 0) > scaling.LONGEST]


def start_alertmanager(proof, address, webhook):
    folder = proof.folder / "alertmanager"
    folder.mkdir()
    # One notification for each alert, at once.
    route = {"receiver": "proof", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h"}
    receiver = {"name": "proof", "webhook_configs": [{"url": webhook, "send_resolved": True}]}
    (folder / "alertmanager.json").write_text(json.dumps({"route": route, "receivers": [receiver]}))
    proof.own(folder)
    proof.processes.start(
        [program("prometheus-alertmanager", "alertmanager"), f"--config.file={folder / 'alertmanager.json'}"]
        + [f"--storage.path={folder}", f"--web.listen-address={address}", "--cluster.listen-address="],
        log=proof.folder / "alertmanager.log",
    )
    wait_until("Alertmanager is ready", ready(f"http://{address}/-/ready"))


class PatroniStandIn:
    """Answers as the REST interface of a Patroni cluster with one member."""

    def __init__(self, address, port, host):
        self._address = (address, port)
        self.url = f"http://{address}:{port}"
        member = {"name": "one", "role": "leader", "state": "running", "api_url": f"{self.url}/patroni", "host": host, "port": 5432, "timeline": 1}
        self._answers = {
            "/cluster": {"members": [member], "scope": "proof"},
            "/config": {"ttl": 30, "loop_wait": 10},
            "/history": [],
            "/patroni": {"state": "running", "role": "master", "timeline": 1, "patroni": {"version": "3.0.2", "scope": "proof", "name": "one"}},
        }
        self._server = None

    def start(self):
        answers = self._answers

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(answers.get(self.path, {})).encode()
                self.send_response(200 if self.path in answers else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(self._address, Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
