"""The only place outside the engine that reads the wall clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta())


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC) + _shift.get()  # noqa: TID251  (this is the one place)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let the block live at another time: how the demo company gets a past, and nothing else."""
    token = _shift.set(by)
    try:
        yield
    finally:
        _shift.reset(token)
