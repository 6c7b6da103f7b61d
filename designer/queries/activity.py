"""What the engine tells about runs of processes: the last day, hour by hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

HOURS = 24


@dataclass(frozen=True, slots=True)
class Hour:
    """Runs that started in one hour, and how many of them failed."""

    runs: int
    failed: int


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last 24 hours of a process, oldest first."""

    hours: tuple[Hour, ...] = (Hour(0, 0),) * HOURS

    @property
    def runs(self) -> int:
        """Return how many runs started."""
        return sum(hour.runs for hour in self.hours)

    @property
    def failed(self) -> int:
        """Return how many of them needed help."""
        return sum(hour.failed for hour in self.hours)

    @property
    def share(self) -> float:
        """Return the failed part in per cent."""
        return 100 * self.failed / self.runs if self.runs else 0.0


def last_day(process_ids: Iterable[UUID]) -> dict[UUID, LastDay]:  # noqa: ARG001
    """Return the last day of each process that had runs."""
    return {}
