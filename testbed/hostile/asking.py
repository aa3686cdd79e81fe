"""What a server may ask for to authenticate its client, and let go of the moment that it has the answer."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from testbed.hostile import scram
from testbed.hostile.wire import Stream, authentication, text

SALT = b"salt"


def asks(request: bytes) -> Callable[[Stream], None]:
    def asking(stream: Stream) -> None:
        stream.put(request)
        stream.flush()
        stream.take_message()

    return asking


def begins(request: bytes, then: bytes) -> Callable[[Stream], None]:
    """Asks for one thing, takes its answer, and goes on with another."""

    def asking(stream: Stream) -> None:
        asks(request)(stream)
        stream.put(then)
        stream.flush()
        stream.take_message()

    return asking


def in_bits(request: bytes) -> Callable[[Stream], None]:
    """Asks byte for byte."""

    def asking(stream: Stream) -> None:
        for byte in request:
            stream.put(bytes([byte]))
            stream.flush()
            time.sleep(0.01)
        stream.take_message()

    return asking


def early(stream: Stream) -> None:
    """Says that all is well in the middle of SCRAM, when it has the client's proof and has given none."""
    scram.offer(stream, 4096)
    stream.take_message()


def mechanisms(*names: str) -> bytes:
    return authentication(10, b"".join(map(text, names)) + b"\0")


CLEAR = authentication(3)
MD5 = authentication(5, SALT)

REQUESTS: dict[str, Callable[[Stream], None]] = {
    "clear": asks(CLEAR),
    "clear-in-bits": in_bits(CLEAR),
    "md5": asks(MD5),
    "gss": asks(authentication(7)),
    "sspi": asks(authentication(9)),
    "kerberos": asks(authentication(2)),
    "unknown": asks(authentication(77)),
    "long": asks(b"R" + struct.pack("!ii", 2**24, 3)),
    "sasl-unknown": asks(mechanisms("SCRAM-SHA-1", "PLAIN")),
    "oauth": asks(mechanisms("OAUTHBEARER")),
    "scram-offer": asks(mechanisms("SCRAM-SHA-256")),
    "scram-and-clear": asks(mechanisms("SCRAM-SHA-256") + CLEAR),
    "scram-then-clear": begins(mechanisms("SCRAM-SHA-256"), CLEAR),
    "gss-then-clear": begins(authentication(7), CLEAR),
    "scram-early": early,
}
