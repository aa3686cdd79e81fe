#!/usr/bin/env python3
"""A server that speaks PostgreSQL's protocol well enough to be believed, and then misbehaves as asked.

It listens on a free port of 127.0.0.1, prints `port N`, and runs until it is ended. A MODE is `STAGE:MISDEED`; several may be given.
Without one the server is honest: the exporter's first statement on a connection (the hello, which asks for `ours`) is answered as it
wants, every other statement with one row, one column `value`, `1`.

STAGE says when:
  connect   a client has connected, and has said nothing yet
  startup   the client has said who it is
  auth      the client waits for authentication; here also `scram` (honest, password "secret"), `scram-huge` (2^31-1 iterations) and
            `scram-split` (the same, its message cut where it is hard to see), and what asking.py lists
  ready     the client is authenticated, and not yet told that the server is ready
  hello     the answer to the hello
  idle      the hello is answered, nothing is asked for
  NUMBER    the answer to this statement, counted from 1 on each connection, the hello apart
MISDEED says what; see misdeeds.py.

As a pooler it may refuse start-up parameters, and keep settings from the server behind it: see --refuse and --keep.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import ssl
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

# It is started by its path, from anywhere.
sys.path.insert(1, str(Path(__file__).resolve().parents[2]))

from testbed.hostile import scram, wire
from testbed.hostile.asking import REQUESTS
from testbed.hostile.misdeeds import MISDEEDS
from testbed.hostile.wire import Ended, Stream

STAGES = ("connect", "startup", "auth", "ready", "hello", "idle")
SCRAM = {"scram": (4096, 0), "scram-huge": (2**31 - 1, 0), "scram-split": (2**31 - 1, 3)}
HELLO_COLUMNS = [("ours", wire.BOOL), ("checked", wire.TEXT)]


@dataclass(frozen=True)
class Pooler:
    """What a server does that is none, but stands before one."""

    #: Start-up parameters that are refused, in what words and with what SQLSTATE; none for "".
    refused: frozenset[str] = frozenset()
    state: str = ""
    words: str = ""
    #: Whether no setting reaches the server.
    keeps: bool = False

    def refuse(self, stream: Stream, startup: bytes) -> None:
        names = {name.decode() for name in startup.split(b"\0")[::2]}
        if names & self.refused:
            stream.put(wire.error(self.state, self.words.encode(), "FATAL"))
            stream.flush()
            raise Ended


@dataclass
class Connection:
    """One client, from its first byte to its last."""

    stream: Stream
    modes: dict[str, str]
    tls: ssl.SSLContext | None
    pooler: Pooler = Pooler()
    prepared: dict[bytes, bytes] = field(default_factory=dict)
    portal: bytes = b""
    statements: int = 0
    skips: bool = False

    def misbehave(self, stage: str) -> bool:
        """Does what the mode for this stage says. False when there is none."""
        misdeed = self.modes.get(stage)
        if misdeed is None:
            return False
        MISDEEDS[misdeed](self.stream)
        return True

    def serve(self) -> None:
        self.misbehave("connect")
        while True:
            code, startup = self.stream.take_startup()
            if not wire.ssl_or_gss(code):
                break
            encrypts = self.tls is not None and code == 80877103
            self.stream.put(b"S" if encrypts else b"N")
            self.stream.flush()
            if encrypts and self.tls is not None:
                self.stream.socket = self.tls.wrap_socket(self.stream.socket, server_side=True)
        if code >> 16 != 3:
            return  # a cancel request
        self.pooler.refuse(self.stream, startup)
        self.misbehave("startup")
        self.authenticate()
        for name, value in (("server_version", "15.0"), ("client_encoding", "UTF8"), ("standard_conforming_strings", "on")):
            self.stream.put(wire.parameter(name, value))
        self.stream.put(wire.message(b"K", b"\0\0\0\1\0\0\0\1"))
        self.misbehave("ready")
        self.stream.put(wire.ready())
        self.stream.flush()
        while True:
            self.answer(*self.stream.take_message())

    def authenticate(self) -> None:
        misdeed = self.modes.get("auth", "")
        if misdeed in SCRAM:
            scram.exchange(self.stream, *SCRAM[misdeed])
        elif misdeed in REQUESTS:
            REQUESTS[misdeed](self.stream)
        else:
            self.misbehave("auth")
        self.stream.put(wire.authentication(0))

    def answer(self, kind: bytes, body: bytes) -> None:
        if kind == b"X":
            raise Ended
        if kind == b"S":
            self.skips = False
            self.stream.put(wire.ready())
            self.stream.flush()
            if self.statements == 0 and self.is_hello:
                self.misbehave("idle")
        elif kind == b"Q":
            *commands, self.portal = body[:-1].split(b"; ")
            for command in commands:
                self.stream.put(wire.complete(command.split(maxsplit=1)[0].decode()))
            self.stream.put(self.description)
            self.execute()
            self.stream.put(wire.ready())
            self.stream.flush()
        elif not self.skips:
            self.answer_extended(kind, body)

    def answer_extended(self, kind: bytes, body: bytes) -> None:
        if kind == b"P":
            name, sql, _ = body.split(b"\0", 2)
            self.prepared[name] = sql
            self.stream.put(wire.message(b"1"))
        elif kind == b"B":
            _, name, _ = body.split(b"\0", 2)
            self.portal = self.prepared.get(name, b"")
            self.stream.put(wire.message(b"2"))
        elif kind == b"D":
            self.stream.put(self.description)
        elif kind == b"E":
            self.execute()
        elif kind == b"C":
            self.stream.put(wire.message(b"3"))
        elif kind == b"H":
            self.stream.flush()

    @property
    def is_hello(self) -> bool:
        return b"AS ours" in self.portal

    @property
    def description(self) -> bytes:
        return wire.row_description(HELLO_COLUMNS if self.is_hello else [("value", wire.TEXT)])

    def execute(self) -> None:
        if self.is_hello:
            stage = "hello"
        else:
            self.statements += 1
            stage = str(self.statements)
        if self.misbehave(stage):
            self.skips = self.modes[stage] in ("error", "errors", "big-error")
        else:
            hello: list[bytes | None] = [b"f" if self.pooler.keeps else b"t", b"1"]
            self.stream.put(wire.data_row(hello if self.is_hello else [b"1"]) + wire.complete())


def parsed(mode: str) -> tuple[str, str]:
    stage, _, misdeed = mode.partition(":")
    known = misdeed in MISDEEDS or (stage == "auth" and (misdeed in SCRAM or misdeed in REQUESTS))
    if not known or (stage not in STAGES and not stage.isdecimal()):
        raise argparse.ArgumentTypeError(
            f"{mode!r}: a stage ({', '.join(STAGES)}, or a number) and a misdeed ({', '.join([*MISDEEDS, *REQUESTS])})"
        )
    return stage, misdeed


def tell(kind: bytes, body: bytes) -> None:
    """Prints a message of the client; its body in hexadecimal digits."""
    print("took", kind.decode(errors="replace"), body.hex(), flush=True)


def serve(client: socket.socket, modes: dict[str, str], tls: ssl.SSLContext | None, pooler: Pooler, records: bool) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = Stream(client, record=tell) if records else Stream(client)
    connection = Connection(stream, modes, tls, pooler)
    with contextlib.suppress(Ended, OSError):
        connection.serve()
    connection.stream.socket.close()
    if records:
        print("gone", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modes", metavar="MODE", nargs="*", type=parsed)
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0 for a free one")
    parser.add_argument("--misbehaving", metavar="N", type=int, default=2**31, help="only the first N connections are treated so")
    parser.add_argument("--tls", metavar="FILE", help="a certificate and its key: encrypts when asked to")
    parser.add_argument("--refuse", metavar="NAME,…", default="", help="refuse connections with any of these start-up parameters")
    parser.add_argument("--words", metavar="SQLSTATE:TEXT", default="08P01:refused", help="in what words; the SQLSTATE may be empty")
    parser.add_argument("--keep", action="store_true", help="no setting of the session holds")
    parser.add_argument(
        "--record", action="store_true", help="print each message that a client sends after its hello, and `gone` when it has left"
    )
    arguments = parser.parse_args()
    state, _, words = arguments.words.partition(":")
    pooler = Pooler(frozenset(filter(None, arguments.refuse.split(","))), state, words, arguments.keep)
    tls: ssl.SSLContext | None = None
    if arguments.tls is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(arguments.tls)
    listener = socket.create_server(("127.0.0.1", arguments.port), backlog=1024)
    print(f"port {listener.getsockname()[1]}", flush=True)
    misbehaving: int = arguments.misbehaving
    while True:
        client, _ = listener.accept()
        modes = dict(arguments.modes) if misbehaving > 0 else {}
        misbehaving -= 1
        threading.Thread(target=serve, args=(client, modes, tls, pooler, arguments.record), daemon=True).start()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
