"""Are reviews decided, by whom, and how soon?"""

from __future__ import annotations

import statistics
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from designer.queries.decisions import Decision, list_decisions
from governance.reports.base import Cell, Column, Finding, Report
from governance.reports.charts import Chart, Series, bars, figure

_WEEKS = 12
#: After this long an open review is named among what needs an act.
_LONG = timedelta(days=3)
_HOUR = timedelta(hours=1)


def build(unit_id: UUID, now: datetime) -> Report:
    """Return every review of the unit with its votes and how long it took."""
    found = list_decisions(unit_id)
    waiting = [review for review in found if review.is_open]
    return Report(
        slug="reviews",
        title=_("Reviews"),
        question=_("How soon are reviews decided?"),
        answer=_answer(found, waiting, now),
        link=_("{count} open").format(count=len(waiting)) if waiting else _("All rows"),
        columns=[
            Column("review", _("Review"), "name"),
            Column("process", _("Process")),
            Column("version", _("Version"), "number"),
            Column("asked_by", _("Asked by"), "person"),
            Column("asked_at", _("Asked"), "time"),
            Column("outcome", _("Outcome")),
            Column("decided_at", _("Decided"), "time"),
            Column("hours", _("Hours"), "number"),
            Column("approved_by", _("Approved by")),
            Column("objected_by", _("Objected")),
            Column("board", _("Board")),
        ],
        rows=[_row(review) for review in found],
        chart=_chart(found, now),
        findings=[_finding(review) for review in waiting if now - review.asked_at >= _LONG],
    )


def _answer(found: list[Decision], waiting: list[Decision], now: datetime) -> str:
    since = now - timedelta(weeks=_WEEKS)
    taken = [_hours(r) for r in found if r.decided_at and r.decided_at >= since]
    if not taken and not waiting:
        return _("No version was judged yet.")
    parts = []
    if taken:
        parts.append(
            _("{count} decided in {weeks} weeks, half of them within {hours} h.").format(
                count=len(taken), weeks=_WEEKS, hours=figure(statistics.median(taken))
            )
        )
    if waiting:
        oldest = min(waiting, key=lambda review: review.asked_at)
        days = (now - oldest.asked_at).days
        words = ngettext(
            "Longest open: {key}, {days} day, waits for {board}.",
            "Longest open: {key}, {days} days, waits for {board}.",
            days,
        )
        today = _("Longest open: {key}, since today, waits for {board}.")
        parts.append(
            (words if days else today).format(key=oldest.key, days=days, board=oldest.board)
        )
    return " ".join(parts)


def _chart(found: list[Decision], now: datetime) -> Chart | None:
    decided = [review for review in found if review.decided_at]
    if not decided:
        return None
    mondays = _mondays(now)
    by_week: dict[date, list[float]] = {monday: [] for monday in mondays}
    for review in decided:
        monday = _monday(review.decided_at or now)
        if monday in by_week:
            by_week[monday].append(_hours(review))
    values = [round(statistics.median(hours), 1) if hours else 0 for hours in by_week.values()]
    names = [date_format(monday, "j M") for monday in mondays]
    series = Series(_("Median time to decide"), values)
    return bars(_("Week from"), names, series, unit=_("median hours, by week of decision"))


def _mondays(now: datetime) -> list[date]:
    last = _monday(now)
    return [last - timedelta(weeks=back) for back in range(_WEEKS - 1, -1, -1)]


def _monday(moment: datetime) -> date:
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def _hours(review: Decision) -> float:
    return review.took / _HOUR if review.took is not None else 0.0


def _row(review: Decision) -> list[Cell]:
    return [
        Cell(review.key, url=f"/reviews/{review.review_id}"),
        Cell(review.process, url=f"/processes/{review.process_key}"),
        Cell(review.version),
        Cell(review.asked_by),
        Cell(review.asked_at),
        Cell(review.outcome_words),
        Cell(review.decided_at),
        _taken(review),
        Cell(", ".join(review.approved_by)),
        Cell(", ".join(review.objected_by)),
        Cell(review.board),
    ]


def _taken(review: Decision) -> Cell:
    hours = round(_hours(review), 1)
    return Cell(hours, figure(hours)) if review.took is not None else Cell("")


def _finding(review: Decision) -> Finding:
    return Finding(
        process=review.process,
        url=f"/reviews/{review.review_id}",
        words=_("Review {key} has {votes} of {quorum} approvals").format(
            key=review.key, votes=len(review.approved_by), quorum=review.quorum
        ),
        rule=_("Reviews are decided within {days} days").format(days=_LONG.days),
        since=review.asked_at,
        who=review.board,
    )
