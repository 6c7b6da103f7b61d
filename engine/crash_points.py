"""Named points in the life of a step at which a fault test may end the process.

In production they are passed, and that is all: nothing in the environment, the settings or the
database arms them. A process is armed by the harness that forked it, from inside, and production's
settings refuse even that.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from django.conf import settings

from engine.errors import CrashRefused


class Point(StrEnum):
    """Where a crash leaves something half done, in the order in which a job comes by."""

    #: The entry of the queue is leased to us, and nothing else has happened.
    CLAIMED = "claimed"
    #: The outside has been asked, and its answer is unread.
    EFFECT_SENT = "effect-sent"
    #: The answer is known to this process alone.
    EFFECT_DONE = "effect-done"
    #: The instance is locked and loaded.
    LOCKED = "locked"
    #: Journal and rows are written.
    JOURNAL = "journal"
    #: All is written, and nothing of it is to be seen.
    BEFORE_COMMIT = "before-commit"
    #: All is to be seen, and nobody has been told.
    AFTER_COMMIT = "after-commit"
    #: A doorbell is about to be rung.
    DOORBELL = "doorbell"


Crash = Callable[[Point], None]

_armed: Crash | None = None


def reached(point: Point) -> None:
    """Pass a point: in a process that is armed, whoever armed it decides whether it lives on."""
    if _armed is not None:
        _armed(point)


def arm(crash: Crash) -> None:
    """Have `crash` asked at each point from now on, in this process.

    Raises:
        CrashRefused: these are production's settings.
    """
    global _armed  # noqa: PLW0603  (one process is armed or not, and all of it)
    if not settings.ALLOW_DEMO:
        raise CrashRefused
    _armed = crash
