"""Services that misbehave, on real sockets: each does one wrong thing to whoever calls it."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Misbehave = Callable[[socket.socket, threading.Event], None]

_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass
class BadService:
    """A service at a port of its own. `serve` may be changed while it runs."""

    serve: Misbehave
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def a_bad_service(serve: Misbehave) -> Iterator[BadService]:
    """Yield a service that serves every caller so, each in a thread of its own."""
    service = BadService(serve)
    door = socket.create_server(("127.0.0.1", 0), backlog=64)
    # A small window, or the kernel takes a whole request before anybody reads it.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    door.settimeout(0.05)
    service.port = int(door.getsockname()[1])
    threads: list[threading.Thread] = []

    def attend() -> None:
        while not service.over.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = door.accept()
                service.asked += 1
                threads.append(threading.Thread(target=_one, args=(service, client)))
                threads[-1].start()

    porter = threading.Thread(target=attend)
    porter.start()
    try:
        yield service
    finally:
        service.over.set()
        for thread in (porter, *threads):
            thread.join(5)
        door.close()


@contextmanager
def a_full_door() -> Iterator[int]:
    """Yield the port of a service that takes no connection: its queue is full."""
    with contextlib.ExitStack() as open_:
        door = open_.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = door.getsockname()
        for _ in range(4):
            caller = open_.enter_context(socket.socket())
            caller.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                caller.connect(address)
        yield int(address[1])


def closed_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _one(service: BadService, client: socket.socket) -> None:
    with client, contextlib.suppress(OSError):
        client.settimeout(5)
        service.serve(client, service.over)


# What they do


def answering(status: str, *headers: str, body: bytes = b"{}") -> Misbehave:
    """Answer every request with this status line and these headers."""

    def serve(client: socket.socket, _over: threading.Event) -> None:
        _read_request(client)
        head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
        client.sendall("\r\n".join(head).encode() + body)

    return serve


def silent(client: socket.socket, over: threading.Event) -> None:
    """Take the request and say nothing."""
    _read_request(client)
    over.wait()


def one_byte_at_a_time(client: socket.socket, over: threading.Event) -> None:
    """Send a right answer, slower than anybody waits."""
    _read_request(client)
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not over.wait(0.05):
        client.sendall(b" ")


def reset_at_once(client: socket.socket, _over: threading.Event) -> None:
    """Reset the connection while the request is still being sent."""
    client.recv(1_000)
    _reset(client)


def reset_after_the_request(client: socket.socket, _over: threading.Event) -> None:
    """Take the whole request, which may have done its work, and reset."""
    _read_request(client)
    _reset(client)


def hang_up(client: socket.socket, _over: threading.Event) -> None:
    """Take the whole request and close politely, without an answer."""
    _read_request(client)


def half_a_body(client: socket.socket, _over: threading.Event) -> None:
    """Promise more than is sent."""
    _read_request(client)
    client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"half":')


def half_a_chunk(client: socket.socket, _over: threading.Event) -> None:
    """Break off in the middle of a chunk."""
    _read_request(client)
    client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly this")


def endless(client: socket.socket, over: threading.Event) -> None:
    """Send a body without an end."""
    _read_request(client)
    client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    while not over.is_set():
        client.sendall(chunk)


def gzip_bomb(client: socket.socket, _over: threading.Event) -> None:
    """Send little that unpacks to much."""
    _read_request(client)
    body = gzip.compress(b"\0" * 32 * 1024 * 1024)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    client.sendall(head.encode() + body)


def garbage(client: socket.socket, _over: threading.Event) -> None:
    """Speak another protocol."""
    _read_request(client)
    client.sendall(b"220 mail.example ESMTP ready\r\n" + bytes(range(256)))


def endless_headers(client: socket.socket, over: threading.Event) -> None:
    """Send headers without an end."""
    _read_request(client)
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.is_set():
        client.sendall(b"x-more: " + b"y" * 4_000 + b"\r\n")


def _read_request(client: socket.socket) -> None:
    """Read one request to its end."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        seen += _some(client)
    head, _, body = seen.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    got = len(body)
    while got < length:
        got += len(_some(client))


def _some(client: socket.socket) -> bytes:
    some = client.recv(65_536)
    if not some:
        raise ConnectionError("the caller went away")
    return some


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    client.close()
