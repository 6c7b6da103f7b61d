"""The ASGI side: read a request to its end, let a fault strike, serve, send."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from uvicorn.protocols.http.h11_impl import H11Protocol

from demo.itsm import routes
from demo.itsm.book import Book
from demo.itsm.exchange import LONGEST_BODY, Refusal, Reply, Request
from demo.itsm.faults import Fault, Faults

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Where the protocol puts the way to break a connection off; no server offers that to an app.
BREAK_OFF = "demo.break_off"

_SECURITY = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
            b"frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class BreakableProtocol(H11Protocol):
    """HTTP/1.1 that lets the app end a connection with a reset, as a dying server would."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give every request of this connection the way to end it."""
        self.app_state = {**self.app_state, BREAK_OFF: self.break_off}
        super().connection_made(transport)

    async def break_off(self, *, reset: bool) -> None:
        """End the connection at once: with RST, or without a word."""
        raw = self.transport.get_extra_info("socket")
        if reset and raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
        # The loop reports the loss one turn later; until then an answer would still be attempted.
        await asyncio.sleep(0.01)


class Server:
    """The application. One book, one set of faults."""

    def __init__(self, data: Path) -> None:
        self._desk = routes.Desk(Book(data / "itsm.sqlite3"), Faults())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            request = await _read(scope, receive)
        except Refusal as refusal:
            await _send(send, refusal.reply())
            return
        fault = self._strike(request)
        if fault is None:
            await _send(send, routes.serve(self._desk, request))
        else:
            await self._fail(fault, request, scope, send)

    def _strike(self, request: Request) -> Fault | None:
        if request.path.startswith("/control/"):
            return None
        return self._desk.faults.strike(request.path, request.body)

    async def _fail(self, fault: Fault, request: Request, scope: Scope, send: Send) -> None:
        await asyncio.sleep(fault.seconds)
        reply = routes.serve(self._desk, request) if fault.serves else None
        if fault.status:
            await _send(send, fault.reply())
        elif fault.mode == "reset":
            await scope["state"][BREAK_OFF](reset=True)
        elif reply is not None and fault.mode == "half":
            await _send(send, reply, half=True)
            await scope["state"][BREAK_OFF](reset=False)
        elif reply is not None:
            await _send(send, reply)


async def _read(scope: Scope, receive: Receive) -> Request:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LONGEST_BODY:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is longer than 256 KiB.")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"))),
        headers={name.decode("latin-1"): v.decode("latin-1") for name, v in scope["headers"]},
        body=body,
    )


async def _send(send: Send, reply: Reply, *, half: bool = False) -> None:
    length = str(len(reply.body)).encode()
    headers = [(b"content-type", reply.kind.encode()), (b"content-length", length), *_SECURITY]
    headers += [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": int(reply.status), "headers": headers})
    body = reply.body[: len(reply.body) // 2] if half else reply.body
    await send({"type": "http.response.body", "body": body, "more_body": half})
