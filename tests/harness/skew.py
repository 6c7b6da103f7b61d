"""The clock of a host that jumps: what Python code of one process takes for the time.

PostgreSQL's clock stays as it is; by that one alone things must become due.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.utils import timezone

from common import clock

#: Minutes, hours and days, forwards and backwards.
JUMPS = tuple(sign * step for step in (300.0, 3_600.0, 86_400.0) for sign in (-1, 1))


class Skew:
    """Is installed once in a process, and then jumps as it is told."""

    def __init__(self) -> None:
        self._by = 0.0
        true_time, true_now = time.time, clock.now
        true_zoned = timezone.now  # noqa: TID251  (what is replaced)

        def now() -> datetime:
            return true_now() + timedelta(seconds=self._by)

        def zoned() -> datetime:
            return true_zoned() + timedelta(seconds=self._by)

        time.time = lambda: true_time() + self._by
        clock.now = now
        timezone.now = zoned  # noqa: TID251

    def jump(self, by: float) -> None:
        """Be wrong by so many seconds from now on."""
        self._by = by
