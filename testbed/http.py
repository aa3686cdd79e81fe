"""HTTP: small requests past any proxy, and a client that asks as Prometheus does and costs little itself."""

import gzip
import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from types import TracebackType
from typing import Any, NamedTuple, Self

from .exposition import sample_lines, values

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def request(url: str, method: str = "GET", body: Any = None, form: dict[str, str] | None = None, timeout: float = 3) -> tuple[int, str]:
    """Returns (status, text). The body is sent as JSON. Raises OSError when nothing answers."""
    data, headers = None, {}
    if body is not None:
        data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    if form is not None:
        data, headers["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
    try:
        with _direct.open(urllib.request.Request(url, data, headers, method=method), timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except (ValueError, EOFError, TypeError) as error:
        raise OSError(f"{url}: no HTTP: {error}") from None
    except Exception as error:
        # What http.client raises for a broken answer is no OSError.
        raise error if isinstance(error, OSError) else OSError(f"{url}: {error!r}") from None


def status_of(url: str, timeout: float = 3) -> int | None:
    """The HTTP status, or None when nothing answers."""
    try:
        return request(url, timeout=timeout)[0]
    except OSError:
        return None


def json_of(url: str, timeout: float = 3) -> Any:
    """The decoded body whatever the status, or None when nothing (or no JSON) answers."""
    try:
        return json.loads(request(url, timeout=timeout)[1])
    except (OSError, ValueError):
        return None


# What Prometheus 3 sends.
ACCEPT = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)
END_OF_CHUNKS = b"\r\n0\r\n\r\n"


class Answer(NamedTuple):
    status: int
    milliseconds: float
    sent: bytes  # the body as it came, perhaps compressed
    compressed: bool

    def text(self) -> str:
        return (gzip.decompress(self.sent) if self.compressed else self.sent).decode()

    def samples(self) -> list[str]:
        """The lines that are samples."""
        return sample_lines(self.text())

    def values(self, name: str) -> list[float]:
        """The values of all samples of a metric."""
        return values(self.text(), name)


class Scraper:
    """One connection, kept open; opened again when the server has closed it, as a scraper does."""

    def __init__(
        self, port: int, compressed: bool = True, timeout: float = 10.0, scrape_timeout: float = 10, address: str = "127.0.0.1"
    ) -> None:
        self.address, self.port, self.timeout = address, port, timeout
        encoding = "Accept-Encoding: gzip\r\n" if compressed else ""
        self.head = (
            f"Host: {address}:{port}\r\nUser-Agent: Prometheus/3.5.0\r\nAccept: {ACCEPT}\r\n{encoding}"
            f"X-Prometheus-Scrape-Timeout-Seconds: {scrape_timeout}\r\n\r\n"
        )
        self.socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None

    def get(self, path: str = "/metrics") -> Answer:
        """One request. Raises OSError when there is no complete answer within the timeout."""
        asked = f"GET {path} HTTP/1.1\r\n{self.head}".encode()
        begin = time.perf_counter()
        try:
            if not self.socket:
                self.socket = socket.create_connection((self.address, self.port), timeout=self.timeout)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.settimeout(self.timeout)
            self.socket.sendall(asked)
            head, headers, body = _receive(self.socket, begin + self.timeout)
        except OSError:
            self.close()
            raise
        milliseconds = (time.perf_counter() - begin) * 1000
        if headers.get("transfer-encoding") == "chunked":
            body = _dechunk(body)
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(head.split()[1]), milliseconds, body, headers.get("content-encoding") == "gzip")


def _receive(connection: socket.socket, deadline: float) -> tuple[str, dict[str, str], bytes]:
    received = bytearray()
    head, headers = "", dict[str, str]()
    end = 0
    length: int | None = None
    while True:
        left = deadline - time.perf_counter()
        if left <= 0:
            raise TimeoutError("no complete answer in time")
        connection.settimeout(left)
        data = connection.recv(1 << 18)
        if not data:
            raise ConnectionError("the connection ended within the answer")
        received += data
        if not end:
            at = received.find(b"\r\n\r\n")
            if at < 0:
                continue
            end = at + 4
            head, *lines = received[:at].decode("latin-1").split("\r\n")
            pairs = (line.split(":", 1) for line in lines)
            headers = {name.lower(): value.strip() for name, value in pairs}
            length = int(headers["content-length"]) if "content-length" in headers else None
        if length is not None:
            if len(received) >= end + length:
                return head, headers, bytes(received[end : end + length])
        elif received.endswith(END_OF_CHUNKS, end - 2):
            return head, headers, bytes(received[end:])


def _dechunk(body: bytes) -> bytes:
    result, at = bytearray(), 0
    while True:
        line_end = body.index(b"\r\n", at)
        size = int(body[at:line_end].split(b";")[0], 16)
        if size == 0:
            return bytes(result)
        result += body[line_end + 2 : line_end + 2 + size]
        at = line_end + 2 + size + 2
