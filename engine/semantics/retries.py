"""How long to wait between attempts, and whether there is another one. Pure arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from engine.bpmn.elements import Retry
from engine.semantics import timers

LONGEST_ASKED = 86_400.0
"""Seconds: a called system may ask for a pause, but not for one without end."""
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def delay(policy: Retry, failures: int, fraction: float, retry_after: float = 0.0) -> timedelta:
    """Return the wait after so many failures, 1 or more.

    It grows by the factor up to the cap, and is spread over its whole length (full jitter) by
    `fraction` in [0, 1): a system that comes back must not meet everybody at one instant. Where
    the system asked for a pause (`retry_after`, seconds), it is not shorter than that.

    Raises:
        TimerUnreadable: A wait of the policy cannot be read.
    """
    first, cap = length(policy.first_delay), length(policy.cap)
    try:
        wait = min(cap, first * policy.factor ** (failures - 1))
    except OverflowError:
        wait = cap
    asked = timedelta(seconds=min(max(retry_after, 0.0), LONGEST_ASKED))
    return max(asked, max(wait, timedelta(0)) * fraction)


def deadline_of(policy: Retry, since: datetime) -> datetime | None:
    """Return when a step that began then has had all its time; None where it has no deadline.

    Raises:
        TimerUnreadable: The deadline cannot be read.
    """
    return timers.duration(policy.deadline).after(since) if policy.deadline else None


@lru_cache(maxsize=1024)
def length(text: str) -> timedelta:
    """Return how long a duration is; one of months, as long as from the first of January.

    Raises:
        TimerUnreadable: It is no duration.
    """
    return timers.duration(text).after(_SOME_DAY) - _SOME_DAY
