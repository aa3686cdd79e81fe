#!/usr/bin/env python3
"""relay.py LISTEN_PORT SERVER_PORT DELAY_MS: a TCP relay on 127.0.0.1 that delays each direction and counts.

A line on standard input is answered by a line of JSON: connections accepted so far, and round trips, of which each is a
change of direction towards the server. Ends with the end of its input.
"""

import heapq
import json
import select
import socket
import sys
import time


class Side:
    """One end of a relayed connection."""

    def __init__(self, connection, towards_server):
        self.connection, self.towards_server = connection, towards_server
        self.other = None
        self.turn = None  # of the pair, kept at the client's side: who spoke last


def main():
    listen_port, server_port, delay = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000
    listener = socket.create_server(("127.0.0.1", listen_port), backlog=1000)
    sides, due, sequence = {}, [], 0
    counts = {"connections": 0, "round_trips": 0}

    def drop(side):
        for each in (side, side.other):
            if sides.pop(each.connection, None):
                each.connection.close()

    print("ready", flush=True)
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else None
        readable, _, _ = select.select([listener, sys.stdin, *sides], [], [], wait)
        for source in readable:
            if source is sys.stdin:
                if not sys.stdin.readline():
                    return
                print(json.dumps(counts), flush=True)
            elif source is listener:
                client = Side(listener.accept()[0], True)
                counts["connections"] += 1
                try:
                    server = Side(socket.create_connection(("127.0.0.1", server_port), timeout=5), False)
                except OSError:
                    client.connection.close()
                    continue
                client.other, server.other = server, client
                for side in (client, server):
                    side.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    sides[side.connection] = side
            elif side := sides.get(source):
                try:
                    data = source.recv(1 << 18)
                except OSError:
                    data = b""
                client = side if side.towards_server else side.other
                if data and side.towards_server and client.turn is not side:
                    counts["round_trips"] += 1
                client.turn = side
                sequence += 1
                heapq.heappush(due, (time.monotonic() + delay, sequence, side, data))
                if not data:
                    sides.pop(source)  # nothing more is read, but what is under way still arrives
        now = time.monotonic()
        while due and due[0][0] <= now:
            _, _, side, data = heapq.heappop(due)
            try:
                if data:
                    side.other.connection.sendall(data)
                else:
                    side.other.connection.shutdown(socket.SHUT_WR)
                    if side.other.connection not in sides:
                        side.connection.close()
                        side.other.connection.close()
            except OSError:
                drop(side)


main()
