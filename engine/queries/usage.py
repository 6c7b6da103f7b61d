"""How much a unit's processes are used, as reports count it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from engine.models.instances import Instance, RunState
from governance.models.processes import Process


@dataclass(frozen=True, slots=True)
class Usage:
    """The runs of one process since a moment; `digests` are of the versions they ran on."""

    process_key: str
    process: str
    runs: int
    open: int
    completed: int
    failed: int
    cancelled: int
    last_at: datetime | None
    digests: frozenset[str]


def list_usage(unit_id: UUID, since: datetime) -> list[Usage]:
    """Return every process of the unit with its runs started since, most used first."""
    runs = Instance.objects.filter(unit_id=unit_id, started_at__gte=since)
    rows: Iterable[Mapping[str, Any]] = runs.values("process_id").annotate(**_COUNTS)
    counts = {row["process_id"]: row for row in rows}
    digests: dict[UUID, set[str]] = {}
    for process_id, digest in runs.values_list("process_id", "deployment__digest").distinct():
        digests.setdefault(process_id, set()).add(digest)
    found = [
        _usage(process, counts.get(process.pk, {}), digests.get(process.pk, set()))
        for process in Process.objects.filter(unit_id=unit_id)
    ]
    return sorted(found, key=lambda usage: (-usage.runs, usage.process))


def count_by_day(unit_id: UUID, now: datetime, days: int) -> dict[date, int]:
    """Return how many runs started on each of the last days, in the person's zone, oldest first."""
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(str(zone)))
    rows = (
        Instance.objects.filter(unit_id=unit_id, started_at__gte=start)
        .annotate(day=TruncDate("started_at", tzinfo=zone))
        .values_list("day")
        .annotate(Count("pk"))
    )
    found = dict(rows.order_by("day"))
    return {day: found.get(day, 0) for day in (first + timedelta(days=n) for n in range(days))}


_ENDED = (RunState.COMPLETED, RunState.CANCELLED)
_COUNTS = {
    "runs": Count("pk"),
    "open": Count("pk", filter=~Q(state__in=_ENDED)),
    "completed": Count("pk", filter=Q(state=RunState.COMPLETED)),
    "failed": Count("pk", filter=Q(state=RunState.FAILED)),
    "cancelled": Count("pk", filter=Q(state=RunState.CANCELLED)),
    "last_at": Max("started_at"),
}


def _usage(process: Process, counts: Mapping[str, Any], digests: set[str]) -> Usage:
    return Usage(
        process_key=process.key,
        process=process.name,
        runs=counts.get("runs", 0),
        open=counts.get("open", 0),
        completed=counts.get("completed", 0),
        failed=counts.get("failed", 0),
        cancelled=counts.get("cancelled", 0),
        last_at=counts.get("last_at"),
        digests=frozenset(digests),
    )
