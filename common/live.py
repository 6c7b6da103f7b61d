"""How frames reach browsers: topics out, after commit, and nothing else.

A frame is a JSON object with a schema number. How it fans out (today: the channel layer, on Valkey)
is known to this module alone. Delivery is at most once; whoever listens catches up by sequence
number from the database, so a lost frame costs time and never truth. That is why frames are sent by
a thread of their own: no request waits for the channel layer, or fails with it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from functools import partial
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

SCHEMA = 1
_LONGEST = 2.0
_WAITING = 2_000

logger = logging.getLogger(__name__)


def publish_on_commit(topic: str, frame: dict[str, Any]) -> None:
    """Send the frame to everyone who listens to the topic, once this transaction has committed."""
    transaction.on_commit(partial(_courier.send, topic, {"schema": SCHEMA, **frame}), robust=True)


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
        self._frames: asyncio.Queue[tuple[str, dict[str, Any]]]

    def send(self, topic: str, frame: dict[str, Any]) -> None:
        """Hand a frame over; where too many wait, it is dropped."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._loop = asyncio.new_event_loop()
                self._frames = asyncio.Queue(_WAITING)
                self._thread = threading.Thread(target=self._work, name="live", daemon=True)
                self._thread.start()
            self._loop.call_soon_threadsafe(self._put, topic, frame)

    def _put(self, topic: str, frame: dict[str, Any]) -> None:
        try:
            self._frames.put_nowait((topic, frame))
        except asyncio.QueueFull:
            logger.warning("live.overflow", extra={"topic": topic})

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._deliver())

    async def _deliver(self) -> None:
        while True:
            topic, frame = await self._frames.get()
            layer = get_channel_layer()
            if layer is None:
                continue
            message = {"type": "forward", "frame": frame}
            try:
                await asyncio.wait_for(layer.group_send(group_name(topic), message), _LONGEST)
            except Exception:  # noqa: BLE001  (a dead channel layer costs the live view, never the act)
                logger.warning("live.publish_failed", extra={"topic": topic})


_courier = _Courier()
