"""Is each process used, and only as it was approved?"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.templatetags.ui import span_words
from designer.queries.decisions import list_published
from engine.queries.usage import Usage, count_by_day, list_usage
from governance.reports.base import Cell, Column, Finding, Report
from governance.reports.charts import Chart, Series, figure, line

_DAYS = 30


def build(unit_id: UUID, now: datetime) -> Report:
    """Return the runs of each process in the last 30 days, held against what was published."""
    used = list_usage(unit_id, now - timedelta(days=_DAYS))
    published = list_published(unit_id)
    strays = [row for row in used if not row.digests <= published]
    return Report(
        slug="usage",
        title=_("Usage"),
        question=_("Is it used as it was approved?"),
        answer=_answer(used, strays),
        link=_("{count} to look at").format(count=len(strays)) if strays else _("All rows"),
        columns=[
            Column("process", _("Process"), "name"),
            Column("runs", _("Runs in {days} days").format(days=_DAYS), "number"),
            Column("open", _("Open"), "number"),
            Column("completed", _("Completed"), "number"),
            Column("failed", _("Needs help"), "number"),
            Column("cancelled", _("Cancelled"), "number"),
            Column("half_within", _("Half within"), "number"),
            Column("most_within", _("95 % within"), "number"),
            Column("last_at", _("Last started"), "time"),
            Column("approved", _("From approved versions")),
            Column("rows", _("Runs")),
        ],
        rows=[_row(row, stray=row in strays) for row in used],
        chart=_chart(unit_id, now, used),
        findings=[_finding(row) for row in strays],
    )


def _answer(used: list[Usage], strays: list[Usage]) -> str:
    total = sum(row.runs for row in used)
    if not total:
        return _("Nothing ran in the last {days} days.").format(days=_DAYS)
    if strays:
        return _("Not every run came from an approved version: look at {process}.").format(
            process=strays[0].process
        )
    answer = _("All {count} runs of the last {days} days came from an approved version.").format(
        count=figure(total), days=_DAYS
    )
    idle = sum(not row.runs for row in used)
    if not idle:
        return answer
    unused = _("{idle} of {count} processes were not used.").format(idle=idle, count=len(used))
    return f"{answer} {unused}"


def _chart(unit_id: UUID, now: datetime, used: list[Usage]) -> Chart | None:
    if not any(row.runs for row in used):
        return None
    days = count_by_day(unit_id, now, _DAYS)
    names = [date_format(day, "j M") for day in days]
    series = Series(_("Runs started"), list(days.values()))
    return line(_("Day"), names, series, unit=_("runs per day"))


def _row(row: Usage, *, stray: bool) -> list[Cell]:
    return [
        Cell(row.process, url=f"/processes/{row.process_key}"),
        _count(row.runs),
        _count(row.open),
        _count(row.completed),
        _count(row.failed, tone="bad"),
        _count(row.cancelled),
        _seconds(row.half_within),
        _seconds(row.most_within),
        Cell(row.last_at, _("not in this time")),
        Cell(_approved(row, stray=stray), tone="bad" if stray else ""),
        Cell("", _("See the runs") if row.runs else "", f"/runs?process={row.process_key}"),
    ]


def _count(value: int, tone: str = "") -> Cell:
    return Cell(value, figure(value), tone=tone if value else "muted")


def _seconds(value: float | None) -> Cell:
    if value is None:
        return Cell("")
    return Cell(round(value, 1), span_words(value))


def _approved(row: Usage, *, stray: bool) -> str:
    if not row.runs:
        return ""
    return _("no") if stray else _("all")


def _finding(row: Usage) -> Finding:
    return Finding(
        process=row.process,
        url=f"/runs?process={row.process_key}",
        words=_("Runs of a version that no board approved"),
        rule=_("Only approved versions run"),
        since=row.last_at,
        who="",
    )
