"""How frames reach browsers: topics out, after commit, and nothing else.

A frame is a JSON object with a schema number. How it fans out (today: the channel layer, on Valkey)
is known to this module alone. Delivery is at most once; whoever listens catches up by sequence
number from the database, so a lost frame costs time and never truth. That is why frames are sent by
a thread of their own: no request waits for the channel layer, or fails with it. Most runs are
watched by nobody: who listens says so (`attend`), and frames of other topics go no further.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

import redis.asyncio
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

SCHEMA = 1
_LONGEST = 2.0
_WAITING = 2_000
#: How many frames are looked at together.
_TOGETHER = 200
#: How long a topic counts as listened to, in seconds, after somebody said so.
ATTENDED_FOR = 20

Frame: TypeAlias = dict[str, Any]
#: What makes a frame, once it is known that somebody wants it.
Making: TypeAlias = Callable[[], Frame]

logger = logging.getLogger(__name__)


def publish_on_commit(topic: str, frame: Frame) -> None:
    """Send the frame to everyone who listens to the topic, once this transaction has committed."""
    tell_on_commit((topic, lambda: frame))


def tell_on_commit(*told: tuple[str, Making]) -> None:
    """Send to each topic what its making returns, as `publish_on_commit` does.

    It is made in the thread that sends it, and only if somebody listens.
    """
    transaction.on_commit(partial(_courier.send, told), robust=True)


async def attend(topic: str) -> None:
    """Say that somebody listens to a topic; to be said again while they do.

    Say it before asking the database what was missed. Where it cannot be said, the listener is left
    to what it asks for itself.
    """
    try:
        async with asyncio.timeout(_LONGEST), _notes() as notes:
            await notes.set(_note(topic), 1, ex=ATTENDED_FOR)
    except (TimeoutError, redis.RedisError, OSError):
        logger.warning("live.attend_failed", extra={"topic": topic})


def group_name(topic: str) -> str:
    """Return the channel layer's name for a topic: its alphabet is narrower than ours."""
    return topic.replace(":", ".")


class _Courier:
    """Sends frames in the order they were given, from one thread with a loop of its own.

    The thread is made when it is first needed: after a fork the child has none and makes another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._frames: asyncio.Queue[tuple[str, Making]]

    def send(self, frames: Sequence[tuple[str, Making]]) -> None:
        """Hand frames over; where too many wait, they are dropped."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._loop = asyncio.new_event_loop()
                self._frames = asyncio.Queue(_WAITING)
                self._thread = threading.Thread(target=self._work, name="live", daemon=True)
                self._thread.start()
            self._loop.call_soon_threadsafe(self._put, frames)

    def _put(self, frames: Sequence[tuple[str, Making]]) -> None:
        try:
            for frame in frames:
                self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            logger.warning("live.overflow", extra={"topic": frame[0]})

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._deliver())

    async def _deliver(self) -> None:
        async with _notes() as notes:
            while True:
                frames = [await self._frames.get()]
                while len(frames) < _TOGETHER and not self._frames.empty():
                    frames.append(self._frames.get_nowait())
                try:
                    async with asyncio.timeout(_LONGEST):
                        attended = await _attended(notes, frames)
                except Exception:  # noqa: BLE001  (a dead channel layer costs the live view, never the act)
                    logger.warning("live.publish_failed", extra={"frames": len(frames)})
                    continue
                for topic, making in attended:
                    await _forward(topic, making)


async def _attended(
    notes: redis.asyncio.Redis, frames: Sequence[tuple[str, Making]]
) -> list[tuple[str, Making]]:
    """Return the frames to whose topics somebody listens."""
    said = await notes.mget([_note(topic) for topic, _ in frames])
    return [frame for frame, is_attended in zip(frames, said, strict=True) if is_attended]


async def _forward(topic: str, making: Making) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        message = {"type": "forward", "frame": {"schema": SCHEMA, **making()}}
        await asyncio.wait_for(layer.group_send(group_name(topic), message), _LONGEST)
    except Exception:  # noqa: BLE001  (a dead channel layer costs the live view, never the act)
        logger.warning("live.publish_failed", extra={"topic": topic})


def _notes() -> redis.asyncio.Redis:
    """Return where it stands who listens to what: beside the channel layer."""
    return redis.asyncio.Redis.from_url(settings.CHANNEL_URL)


def _note(topic: str) -> str:
    return f"attended:{topic}"


_courier = _Courier()
