"""The server's side of SCRAM-SHA-256. The password is "secret"; any proof will do, for the client checks the server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct

from testbed.hostile.wire import Stream, authentication, text

PASSWORD = b"secret"
OFFER = authentication(10, text("SCRAM-SHA-256") + b"\0")


def first_of_server(nonce: bytes, salt: bytes, iterations: int) -> bytes:
    return b"r=" + nonce + b",s=" + base64.b64encode(salt) + b",i=" + str(iterations).encode()


def offer(stream: Stream, iterations: int, early: int = 0) -> tuple[bytes, bytes, bytes]:
    """Offers SCRAM, and answers the client's first message. Returns the salt, the bare message and the answer."""
    answer = authentication(11, first_of_server(b"", b"", 0))
    stream.put(OFFER + answer[:early])
    stream.flush()
    _, body = stream.take_message()
    mechanism_end = body.index(b"\0") + 1
    (length,) = struct.unpack("!i", body[mechanism_end : mechanism_end + 4])
    first = body[mechanism_end + 4 :][:length]
    bare = first[first.index(b"n=") :]
    nonce = bare[bare.index(b"r=") + 2 :] + base64.b64encode(os.urandom(12))
    salt = os.urandom(16)
    server_first = first_of_server(nonce, salt, iterations)
    stream.put(authentication(11, server_first)[early:])
    stream.flush()
    return salt, bare, server_first


def exchange(stream: Stream, iterations: int, early: int = 0) -> None:
    """Authenticates the client. `early` bytes of the answer to its first message are sent before that message comes."""
    salt, bare, server_first = offer(stream, iterations, early)
    _, final = stream.take_message()
    without_proof = final[: final.index(b",p=")]
    salted = hashlib.pbkdf2_hmac("sha256", PASSWORD, salt, iterations)
    key = hmac.digest(salted, b"Server Key", "sha256")
    signature = hmac.digest(key, bare + b"," + server_first + b"," + without_proof, "sha256")
    stream.put(authentication(12, b"v=" + base64.b64encode(signature)))
