"""A small HTTP/1.1 client that costs little itself, and asks as Prometheus does."""

import gzip
import socket
import time
from typing import NamedTuple

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

    def text(self):
        return (gzip.decompress(self.sent) if self.compressed else self.sent).decode()

    def samples(self):
        """The lines that are samples."""
        return [line for line in self.text().splitlines() if line and not line.startswith("#")]

    def values(self, name):
        """The values of all samples of a metric."""
        return [
            float(line.rsplit("}", 1)[-1].split()[-1] if "{" in line else line.split()[1])
            for line in self.samples()
            if line.startswith((name + "{", name + " "))
        ]


class Scraper:
    """One connection, kept open; opened again when the server has closed it, as a scraper does."""

    def __init__(self, port, compressed=True, timeout=10.0, scrape_timeout=10, address="127.0.0.1"):
        self.address, self.port, self.timeout = address, port, timeout
        encoding = "Accept-Encoding: gzip\r\n" if compressed else ""
        self.head = (
            f"Host: {address}:{port}\r\nUser-Agent: Prometheus/3.5.0\r\nAccept: {ACCEPT}\r\n{encoding}"
            f"X-Prometheus-Scrape-Timeout-Seconds: {scrape_timeout}\r\n\r\n"
        )
        self.socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def get(self, path="/metrics"):
        """One request. Raises OSError when there is no complete answer within the timeout."""
        request = f"GET {path} HTTP/1.1\r\n{self.head}".encode()
        begin = time.perf_counter()
        try:
            if not self.socket:
                self.socket = socket.create_connection((self.address, self.port), timeout=self.timeout)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.settimeout(self.timeout)
            self.socket.sendall(request)
            head, headers, body = self._receive(begin + self.timeout)
        except OSError:
            self.close()
            raise
        milliseconds = (time.perf_counter() - begin) * 1000
        if headers.get("transfer-encoding") == "chunked":
            body = _dechunk(body)
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(head.split()[1]), milliseconds, body, headers.get("content-encoding") == "gzip")

    def _receive(self, deadline):
        received = bytearray()
        end = length = None
        while True:
            left = deadline - time.perf_counter()
            if left <= 0:
                raise TimeoutError("no complete answer in time")
            self.socket.settimeout(left)
            data = self.socket.recv(1 << 18)
            if not data:
                raise ConnectionError("the connection ended within the answer")
            received += data
            if end is None:
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


def _dechunk(body):
    result, at = bytearray(), 0
    while True:
        line_end = body.index(b"\r\n", at)
        size = int(body[at:line_end].split(b";")[0], 16)
        if size == 0:
            return bytes(result)
        result += body[line_end + 2 : line_end + 2 + size]
        at = line_end + 2 + size + 2
