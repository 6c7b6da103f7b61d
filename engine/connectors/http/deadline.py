"""One deadline over a whole call: connecting, TLS, the request, the headers and the body.

A client's timeouts begin anew with every read, so a server that sends one byte at a time would be
waited for without end. Here each read and write gets only the time that is left. How far the call
came is kept, because that decides what a broken connection means.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import httpcore
import httpx

# Small enough that a socket which takes any of it takes it all, so no write waits twice.
_PIECE = 4 * 1024


class Phase(Enum):
    """How far a call came."""

    CONNECTING = auto()
    SECURING = auto()
    SENDING = auto()
    WAITING = auto()
    READING = auto()


@dataclass(slots=True)
class Progress:
    """Where a call is now.

    `cut` says that the request could not be sent whole; the client still looks for an answer then.
    `received` says that at least one byte of an answer came.
    """

    phase: Phase = Phase.CONNECTING
    cut: bool = False
    received: bool = False


class BoundedTransport(httpx.BaseTransport):
    """Carries requests of one call, which ends at `ends_at` of the monotonic clock, in seconds."""

    def __init__(self, ends_at: float, progress: Progress) -> None:
        self._progress = progress
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_Backend(ends_at, progress),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of its answer.

        Raises:
            httpx.TimeoutException: the time is over.
            httpx.TransportError: the connection failed in another way.
        """
        url = request.url
        with _named_as_httpx():
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        self._progress.phase = Phase.READING
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _named_as_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.SyncBackend):
    def __init__(self, ends_at: float, progress: Progress) -> None:
        self._ends_at = ends_at
        self._progress = progress

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        within = _left(self._ends_at, timeout, httpcore.ConnectTimeout)
        stream = super().connect_tcp(host, port, within, local_address, socket_options)
        return _Stream(stream, self._ends_at, self._progress)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, ends_at: float, progress: Progress) -> None:
        self._inner = inner
        self._ends_at = ends_at
        self._progress = progress

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._progress.phase is Phase.SENDING and not self._progress.cut:
            self._progress.phase = Phase.WAITING
        read = self._inner.read(max_bytes, _left(self._ends_at, timeout, httpcore.ReadTimeout))
        self._progress.received |= bool(read)
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._progress.phase = Phase.SENDING
        for start in range(0, len(buffer), _PIECE):
            within = _left(self._ends_at, timeout, httpcore.WriteTimeout)
            try:
                self._inner.write(buffer[start : start + _PIECE], within)
            except httpcore.WriteError:
                self._progress.cut = True
                raise

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        self._progress.phase = Phase.SECURING
        within = _left(self._ends_at, timeout, httpcore.ConnectTimeout)
        inner = self._inner.start_tls(ssl_context, server_hostname, within)
        return _Stream(inner, self._ends_at, self._progress)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def close(self) -> None:
        self._inner.close()


def _left(ends_at: float, timeout: float | None, over: type[httpcore.TimeoutException]) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise over("the time for the whole call is over")
    return left if timeout is None else min(left, timeout)


@contextmanager
def _named_as_httpx() -> Iterator[None]:
    """Raise httpcore's errors as httpx's own, which bear the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error
