"""The messages of PostgreSQL's protocol, as a server writes them and reads them."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

BOOL, TEXT = 16, 25


class Ended(Exception):
    """The client has gone, or has said goodbye."""


def message(kind: bytes, *parts: bytes) -> bytes:
    """One message: its kind, its length, its body."""
    body = b"".join(parts)
    return kind + struct.pack("!i", len(body) + 4) + body


def text(value: str) -> bytes:
    """A text that a zero byte ends."""
    return value.encode() + b"\0"


def authentication(code: int, body: bytes = b"") -> bytes:
    return message(b"R", struct.pack("!i", code), body)


def parameter(name: str, value: str) -> bytes:
    return message(b"S", text(name), text(value))


def row_description(columns: list[tuple[str, int]]) -> bytes:
    fields = [text(name) + struct.pack("!ihihih", 0, 0, oid, -1, -1, 0) for name, oid in columns]
    return message(b"T", struct.pack("!h", len(columns)), *fields)


def data_row(values: list[bytes | None]) -> bytes:
    fields = [struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value for value in values]
    return message(b"D", struct.pack("!h", len(values)), *fields)


def complete(tag: str = "SELECT 1") -> bytes:
    return message(b"C", text(tag))


def ready() -> bytes:
    return message(b"Z", b"I")


def notification(number: int) -> bytes:
    return message(b"A", struct.pack("!i", 1), text("channel"), text(f"payload {number}"))


def _report(kind: bytes, severity: str, state: str, words: bytes) -> bytes:
    said = text(severity)
    code = b"C" + text(state) if state else b""
    return message(kind, b"S" + said, b"V" + said, code, b"M" + words + b"\0", b"\0")


def error(state: str, words: bytes, severity: str = "ERROR") -> bytes:
    return _report(b"E", severity, state, words)


def notice(words: bytes) -> bytes:
    return _report(b"N", "NOTICE", "00000", words)


def copy(kind: bytes) -> bytes:
    """CopyInResponse `G`, CopyOutResponse `H` or CopyBothResponse `W`: one column, as text."""
    return message(kind, struct.pack("!bhh", 0, 1, 0))


def ssl_or_gss(code: int) -> bool:
    return code in (80877103, 80877104)


@dataclass
class Stream:
    """A client's socket, with what is not sent yet."""

    socket: socket.socket
    unsent: bytearray = field(default_factory=bytearray)
    #: Told of each message that is taken, with its kind.
    record: Callable[[bytes, bytes], None] = lambda kind, body: None

    def put(self, data: bytes) -> None:
        self.unsent += data
        if len(self.unsent) > 64 * 1024:
            self.flush()

    def flush(self) -> None:
        if self.unsent:
            data, self.unsent = bytes(self.unsent), bytearray()
            try:
                self.socket.sendall(data)
            except OSError as error:
                raise Ended from error

    def take(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            try:
                some = self.socket.recv(count - len(data))
            except OSError as error:
                raise Ended from error
            if not some:
                raise Ended
            data += some
        return data

    def take_startup(self) -> tuple[int, bytes]:
        """A message without a kind: its code and what follows."""
        length, code = struct.unpack("!ii", self.take(8))
        return code, self.take(length - 8)

    def take_message(self) -> tuple[bytes, bytes]:
        kind = self.take(1)
        (length,) = struct.unpack("!i", self.take(4))
        body = self.take(length - 4)
        self.record(kind, body)
        return kind, body

    def take_until_gone(self) -> None:
        """Reads, and says nothing, until the client goes."""
        while True:
            self.take(1)
