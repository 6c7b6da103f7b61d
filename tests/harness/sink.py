"""A system outside that acts once per idempotency key, and writes down every request it acted on.

It runs as a process of its own, as nobody's child of those that are killed. Told to misbehave, it
does so by a share of all requests: refuses, asks to wait, hangs up before or after it acted, sends
half an answer, one without end, or a bomb of zeros.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)
from typing import Any, Final

from tests.harness.tally import Tally

_HEAD = "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n{more}\r\n"
_TOO_MUCH = 6 * 1024 * 1024


@dataclass
class Sink:
    """The outside. `bad` is the share of requests that meet one of its moods, as `tally` tells."""

    log: Path
    tally: Tally
    bad: float
    seed: int
    answers: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the log; every line is one request that was acted on."""
        self._log = self.log.open("a", buffering=1)
        self._random = Random(self.seed)  # noqa: S311  (no secret depends on it)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, or do not."""
        try:
            key, path, body = await _request(reader)
            mood = self._mood()
            if mood not in _BEFORE:
                self._act(key, path, body)
            await _MOODS[mood](writer, self.answers.get(key, b""))
            await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _mood(self) -> str:
        if self._random.random() >= self.bad:
            return "well"
        mood = self._random.choice(BAD)
        self.tally.note(f"outside {mood}")
        return mood

    def _act(self, key: str, path: str, body: dict[str, Any]) -> None:
        """Do what was asked, once; asked again, give the same answer."""
        if key not in self.answers:
            said = {"id": f"T-{key[:8]}", "healthy": True, "value": body.get("value")}
            self.answers[key] = json.dumps(said).encode()
        row = {"key": key, "path": path, "at": time.time()}
        self._log.write(json.dumps(row) + "\n")


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, Any]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    said = json.loads(body or b"{}")
    key = headers.get("idempotency-key", "")
    return key, first.split(" ")[1], said if isinstance(said, dict) else {}


# Moods


def _whole(status: str, body: bytes, more: str = "") -> bytes:
    more += f"Content-Length: {len(body)}\r\n"
    return _HEAD.format(status=status, more=more).encode() + body


async def _well(writer: asyncio.StreamWriter, answer: bytes) -> None:
    writer.write(_whole("200 OK", answer))


async def _broken(writer: asyncio.StreamWriter, _answer: bytes) -> None:
    writer.write(_whole("500 Internal Server Error", b"{}"))


async def _busy(writer: asyncio.StreamWriter, _answer: bytes) -> None:
    writer.write(_whole("429 Too Many Requests", b"{}", "Retry-After: 1\r\n"))


async def _reset(writer: asyncio.StreamWriter, _answer: bytes) -> None:
    # Without a word of parting: what was sent is not read any more.
    writer.transport.abort()


async def _half(writer: asyncio.StreamWriter, answer: bytes) -> None:
    writer.write(_whole("200 OK", answer)[: -len(answer) // 2])


async def _endless(writer: asyncio.StreamWriter, _answer: bytes) -> None:
    writer.write(_HEAD.format(status="200 OK", more="").encode())
    for _ in range(_TOO_MUCH // 65_536 + 1):
        writer.write(b" " * 65_536)
        await writer.drain()


async def _bomb(writer: asyncio.StreamWriter, _answer: bytes) -> None:
    writer.write(_whole("200 OK", _BOMB, "Content-Encoding: gzip\r\n"))


_BOMB = gzip.compress(bytes(10 * 1024 * 1024))
_MOODS: Mapping[str, Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]] = {
    "well": _well,
    "broken": _broken,
    "busy": _busy,
    "reset before": _reset,
    "reset after": _reset,
    "half": _half,
    "endless": _endless,
    "bomb": _bomb,
}
_BEFORE: Final = frozenset({"broken", "busy", "reset before"})
"""Moods in which nothing is done."""
BAD: Final = tuple(name for name in _MOODS if name != "well")


def run(port: int, log: Path, tally: Path, bad: float, seed: int) -> None:
    """Serve until whoever started us is gone."""
    asyncio.run(_run(port, Sink(log, Tally(tally), bad, seed)))


async def _run(port: int, sink: Sink) -> None:
    parent = os.getppid()
    server = await asyncio.start_server(sink.serve, "127.0.0.1", port)
    async with server:
        while os.getppid() == parent:
            await asyncio.sleep(0.2)
