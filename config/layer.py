"""The channel layer: on Valkey, and asking it again before the connection takes it for dead."""

from __future__ import annotations

from typing import ClassVar

from channels_redis.core import RedisChannelLayer


class Layer(RedisChannelLayer):  # type: ignore[misc]  # it comes without types
    """Waits for a frame in turns that are shorter than redis-py waits for an answer (5 s).

    With turns of just that length, each quiet websocket was closed at the end of one.
    """

    brpop_timeout: ClassVar[int] = 3
