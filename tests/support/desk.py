"""A service that jobs call in tests: answers as it is told, and remembers every call."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass
class Asked:
    """One call that came in."""

    path: str
    key: str
    body: Any


@dataclass
class Desk:
    """What it will answer next (the last status stays), and what it was asked."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    asked: list[Asked] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def keys(self) -> list[str]:
        return [asked.key for asked in self.asked]

    def next_status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


class _Server(ThreadingHTTPServer):
    desk: Desk


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        desk = cast("_Server", self.server).desk
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        key = self.headers.get("idempotency-key", "")
        desk.asked.append(Asked(self.path, key, json.loads(body or b"null")))
        desk.meanwhile()
        self.send_response(desk.next_status())
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"id": "CHG-1"}')

    def log_message(self, *args: Any) -> None:
        """Stay silent."""


@contextmanager
def a_desk() -> Iterator[Desk]:
    """Yield a desk that listens on a port of its own."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.desk = Desk(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.desk
    finally:
        server.shutdown()
        server.server_close()
