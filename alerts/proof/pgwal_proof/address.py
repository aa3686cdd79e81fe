"""An address that leads to one server or another."""

import contextlib
import socket
import threading


class MovingAddress:
    """A TCP address that passes connections on, as a virtual address does by moving."""

    def __init__(self, address, port, backend):
        self._backend = backend
        self._open = set()
        self._listener = socket.create_server((address, port))
        threading.Thread(target=self._accept, daemon=True).start()

    def move(self, backend):
        """New connections lead there; those that are open are lost."""
        self._backend = backend
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((self._backend, 5432), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            self._open |= {client, server}
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source, destination):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                destination.sendall(data)
        for each in (source, destination):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        source.close()
        self._open.discard(source)

    def stop(self):
        self._listener.close()
