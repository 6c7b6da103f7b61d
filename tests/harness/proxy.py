"""Stands between workers and PostgreSQL, and now and then keeps an answer to COMMIT to itself.

The server has committed then, or will have; the worker sees its connection end and knows neither.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)

from tests.harness.tally import Tally

_COMMIT = b"COMMIT\x00"
_CHUNK = 65_536
FAULT = "cut after commit"


def run(port: int, server: Path, tally: Path, chance: float, most: int) -> None:
    """Serve until whoever started us is gone."""
    proxy = _Proxy(server, Tally(tally), chance, most)
    parent = os.getppid()
    with socket.create_server(("127.0.0.1", port)) as listener:
        listener.settimeout(0.2)
        while os.getppid() == parent:
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=proxy.carry, args=(client,), daemon=True).start()


class _Proxy:
    """What one connection after another goes through."""

    def __init__(self, server: Path, tally: Tally, chance: float, most: int) -> None:
        self._server = server
        self._tally = tally
        self._chance = chance
        self._most = most
        self._random = Random(most)  # noqa: S311  (no secret depends on it)
        self._lock = threading.Lock()
        self._cuts = 0

    def carry(self, client: socket.socket) -> None:
        """Carry one connection to its end."""
        try:
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(str(self._server))
        except OSError:
            client.close()
            return
        link = _Link(client, upstream)
        threading.Thread(target=link.bring_back, daemon=True).start()
        link.take_there(self._cuts_here)

    def _cuts_here(self) -> bool:
        with self._lock:
            cuts = self._cuts < self._most and self._random.random() < self._chance
            self._cuts += cuts
        if cuts:
            self._tally.note(FAULT)
        return cuts


class _Link:
    """Both directions of a connection."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._client = client
        self._server = server
        self._mute = threading.Event()

    def take_there(self, cuts_here: Callable[[], bool]) -> None:
        """Forward what the client says; mute the server where a COMMIT is to go unanswered."""
        try:
            while data := self._client.recv(_CHUNK):
                if data[:1] == b"Q" and data.endswith(_COMMIT) and cuts_here():
                    self._mute.set()
                self._server.sendall(data)
        except OSError:
            pass
        finally:
            self._end(self._server)

    def bring_back(self) -> None:
        """Forward what the server answers, until it is muted; then hang up on both."""
        try:
            while data := self._server.recv(_CHUNK):
                if self._mute.is_set():
                    break
                self._client.sendall(data)
        except OSError:
            pass
        finally:
            self._end(self._client)
            self._end(self._server)

    @staticmethod
    def _end(end: socket.socket) -> None:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
