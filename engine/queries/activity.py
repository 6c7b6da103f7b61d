"""How busy processes were: the last day, hour by hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncHour

from engine.models.incidents import Incident
from engine.models.instances import Instance

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


def last_day(process_ids: Iterable[UUID], now: datetime) -> dict[UUID, LastDay]:
    """Return the last day of each process that had runs: the hour of `now` and the 23 before.

    A run counts as failed when it ever asked for help, whether or not somebody has helped since.
    """
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    helped = Incident.objects.filter(instance=OuterRef("pk"))
    rows = (
        Instance.objects.filter(process_id__in=process_ids, started_at__gte=first)
        .order_by()
        .values("process_id", hour=TruncHour("started_at", tzinfo=UTC))
        .annotate(runs=Count("pk"), failed=Count("pk", filter=Exists(helped)))
    )
    found: dict[UUID, list[Hour]] = {}
    for row in rows:
        hours = found.setdefault(row["process_id"], [Hour(0, 0)] * HOURS)
        place = int((row["hour"] - first).total_seconds() // 3600)
        if place < HOURS:
            hours[place] = Hour(row["runs"], row["failed"])
    return {process_id: LastDay(tuple(hours)) for process_id, hours in found.items()}
