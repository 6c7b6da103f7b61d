"""Identifiers that sort by the time they were made. UUID version 7, RFC 9562 section 5.7."""

from __future__ import annotations

import os
import threading
import time
from functools import lru_cache
from uuid import UUID

_RANDOM_BITS = 74
_AT_ONCE = 4096
_turn = threading.Lock()
_newest = 0
_ahead = bytearray()


def new_id() -> UUID:
    """Return a fresh UUIDv7: 48 bits of milliseconds, then 74 bits that begin at random.

    Within this process each is greater than the one before (RFC 9562, 6.2, method 2), so what was
    written in one transaction is read in the order of writing.
    """
    global _newest  # noqa: PLW0603  (the last one given is what the next one must exceed)
    fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS | _random(_RANDOM_BITS)
    step = _random(32)
    with _turn:
        if fresh <= _newest or fresh >> _RANDOM_BITS == _newest >> _RANDOM_BITS:
            # A step nobody can guess, small enough to leave room for millions in a millisecond.
            fresh = _newest + 1 + step
        _newest = fresh
    high, low = fresh >> 62, fresh & (1 << 62) - 1
    return UUID(int=(high >> 12) << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0x2 << 62 | low)


@lru_cache(maxsize=16_384)
def parsed(text: str) -> UUID:
    """Return the id that a text says; those of runs at work are asked for again and again.

    Raises:
        ValueError: it says none.
    """
    return UUID(text)


def random_bytes(count: int) -> bytes:
    """Return bytes that nobody can guess, at most 4,096 of them.

    They are asked for many at a time: each question costs as much as many bytes. A process that
    forks leaves its child none of those it has.
    """
    with _turn:
        if len(_ahead) < count:
            _ahead[:] = os.urandom(_AT_ONCE)
        taken = bytes(_ahead[-count:])
        del _ahead[-count:]
    return taken


def _random(bits: int) -> int:
    return int.from_bytes(random_bytes((bits + 7) // 8), "big") >> (-bits % 8)


os.register_at_fork(after_in_child=_ahead.clear)
