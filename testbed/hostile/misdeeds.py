"""What a server may do to its client: each misdeed takes the stream at a moment when the client waits for an answer."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from itertools import count, repeat

from testbed.hostile import wire
from testbed.hostile.wire import Ended, Stream

MEGABYTE = 1024 * 1024
VALUE = [("value", wire.TEXT)]


def repeated(message: bytes) -> Iterator[bytes]:
    """The same for ever, in pieces of which sending is quick."""
    return repeat(message * (64 * 1024 // len(message) + 1))


def flood(stream: Stream, messages: Iterator[bytes]) -> None:
    for message in messages:
        stream.put(message)
    stream.flush()


def copies(kind: bytes) -> Callable[[Stream], None]:
    def misdeed(stream: Stream) -> None:
        stream.put(wire.copy(kind))
        stream.flush()
        stream.take_until_gone()

    return misdeed


def copied_rows(stream: Stream) -> None:
    stream.put(wire.copy(b"H"))
    flood(stream, repeated(wire.message(b"d", b"x" * 1000)))


def rows(stream: Stream) -> None:
    flood(stream, repeated(wire.data_row([b"1"])))


def nulls(stream: Stream) -> None:
    columns = 1600
    stream.put(wire.row_description([(f"c{number}", wire.TEXT) for number in range(columns)]))
    flood(stream, repeated(wire.data_row([None] * columns)))


def many_rows(stream: Stream) -> None:
    """More rows than anybody wants, and then an orderly end."""
    flood(stream, (wire.data_row([b"1"]) for _ in range(200_000)))
    stream.put(wire.complete("SELECT 200000"))


def big_row(stream: Stream) -> None:
    stream.put(wire.data_row([b"x" * (100 * MEGABYTE)]))
    stream.put(wire.complete())


def endless_row(stream: Stream) -> None:
    """A row of a gigabyte that is never whole."""
    size = 1000 * MEGABYTE
    stream.put(b"D" + struct.pack("!ihi", size + 10, 1, size))
    flood(stream, (b"x" * MEGABYTE for _ in range(size // MEGABYTE - 1)))
    stream.take_until_gone()


def notices(stream: Stream) -> None:
    flood(stream, (wire.notice(b"note %d" % number) for number in count()))


def big_notices(stream: Stream) -> None:
    flood(stream, (wire.notice(b"\xff" * 5 * MEGABYTE) for _ in count()))


def notifications(stream: Stream) -> None:
    flood(stream, (wire.notification(number) for number in count()))


def parameters(stream: Stream) -> None:
    """Ever new names: libpq keeps each."""
    flood(stream, (wire.parameter(f"name.of{number}", "value") for number in count()))


def some_parameters(stream: Stream) -> None:
    """Two megabytes of them, and then an honest answer."""
    flood(stream, (wire.parameter(f"name.of{number}", "v" * 2000) for number in range(1000)))
    stream.put(wire.data_row([b"1"]) + wire.complete())


def descriptions(stream: Stream) -> None:
    flood(stream, repeated(wire.row_description(VALUE)))


def completions(stream: Stream) -> None:
    flood(stream, repeated(wire.complete()))


def readies(stream: Stream) -> None:
    flood(stream, repeated(wire.ready()))


def errors(stream: Stream) -> None:
    flood(stream, (wire.error("XX000", b"error %d" % number) for number in count()))


def error(stream: Stream) -> None:
    stream.put(wire.error("42P01", b"relation is missing"))


def fatal(stream: Stream) -> None:
    stream.put(wire.error("57P01", b"going down", "FATAL"))
    stream.flush()
    raise Ended


def big_error(stream: Stream) -> None:
    """Five megabytes, no UTF-8 from its second byte on, and a character cut in the middle at each kilobyte."""
    stream.put(wire.error("XX001", b"e" + (b"\xff\xc3(" + "\u00e9\u20ac".encode() * 205) * 5 * 1024))


def silent(stream: Stream) -> None:
    stream.flush()
    stream.take_until_gone()


def half(stream: Stream) -> None:
    """The beginning of a message, and nothing more."""
    stream.put(b"D" + struct.pack("!ih", 1000, 1))
    silent(stream)


def half_authentication(stream: Stream) -> None:
    """The same of a message that is expected before a client is authenticated."""
    stream.put(b"R" + struct.pack("!ii", 1000, 11))
    silent(stream)


def eof(stream: Stream) -> None:
    stream.flush()
    raise Ended


def half_eof(stream: Stream) -> None:
    stream.put(b"D" + struct.pack("!ih", 1000, 1))
    eof(stream)


def too_few(stream: Stream) -> None:
    stream.put(wire.data_row([]) + wire.complete())


def too_many(stream: Stream) -> None:
    stream.put(wire.data_row([b"1", b"2"]) + wire.complete())


def extra(stream: Stream) -> None:
    """A second result, for nothing."""
    answer = wire.data_row([b"1"]) + wire.complete()
    stream.put(answer + wire.row_description(VALUE) + answer)


def early_ready(stream: Stream) -> None:
    stream.put(wire.ready() + wire.data_row([b"1"]) + wire.complete())


def nothing(stream: Stream) -> None:
    """No answer to a statement at all; what follows goes on."""


def unknown(stream: Stream) -> None:
    """A kind of message that the protocol does not have."""
    stream.put(wire.message(b"?", b"what"))
    silent(stream)


def negative_length(stream: Stream) -> None:
    stream.put(b"D" + struct.pack("!i", -5))
    silent(stream)


MISDEEDS: dict[str, Callable[[Stream], None]] = {
    "copy-in": copies(b"G"),
    "copy-out": copies(b"H"),
    "copy-both": copies(b"W"),
    "copied-rows": copied_rows,
    "rows": rows,
    "nulls": nulls,
    "many-rows": many_rows,
    "big-row": big_row,
    "endless-row": endless_row,
    "notices": notices,
    "big-notices": big_notices,
    "notifications": notifications,
    "parameters": parameters,
    "some-parameters": some_parameters,
    "descriptions": descriptions,
    "completions": completions,
    "readies": readies,
    "errors": errors,
    "error": error,
    "fatal": fatal,
    "big-error": big_error,
    "silent": silent,
    "half": half,
    "half-authentication": half_authentication,
    "eof": eof,
    "half-eof": half_eof,
    "too-few": too_few,
    "too-many": too_many,
    "extra": extra,
    "early-ready": early_ready,
    "nothing": nothing,
    "unknown": unknown,
    "negative-length": negative_length,
}
