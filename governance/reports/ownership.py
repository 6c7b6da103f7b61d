"""Does every process have an owner and a backup?"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.queries.ownership import Owned, State, list_owned
from governance.reports.base import Cell, Column, Finding, Report
from governance.reports.charts import Chart, Series, stacked_bars

_TONES = {State.COVERED: "s1", State.NO_BACKUP: "s2", State.OWNER_LEFT: "s-failed"}


def build(unit_id: UUID, _now: datetime) -> Report:
    """Return who answers for each process of the unit."""
    owned = list_owned(unit_id)
    return Report(
        slug="ownership",
        title=_("Ownership"),
        question=_("Does every process have an owner and a backup?"),
        answer=_answer(owned),
        link=_link(owned),
        columns=[
            Column("process", _("Process"), "name"),
            Column("owner", _("Owner"), "person"),
            Column("backup", _("Backup owner"), "person"),
            Column("team", _("Team")),
            Column("risk", _("Risk"), "risk"),
            Column("finding", _("Finding")),
            Column("since", _("Registered"), "time"),
        ],
        rows=[_row(row) for row in owned],
        chart=_chart(owned),
        findings=[_finding(row) for row in owned if row.state != State.COVERED],
    )


def _answer(owned: list[Owned]) -> str:
    if not owned:
        return _("No process is registered yet.")
    covered = sum(row.state == State.COVERED for row in owned)
    if covered == len(owned):
        return ngettext("It does.", "All {count} do.", len(owned)).format(count=len(owned))
    answer = _("{covered} of {count} do.").format(covered=covered, count=len(owned))
    left = next((row for row in owned if row.state == State.OWNER_LEFT), None)
    if left is None:
        return answer
    words = _("{owner}, owner of {process}, holds no role here any more.")
    return f"{answer} {words.format(owner=left.owner, process=left.name)}"


def _link(owned: list[Owned]) -> str:
    wrong = sum(row.state != State.COVERED for row in owned)
    return _("{count} to fix").format(count=wrong) if wrong else _("All rows")


def _chart(owned: list[Owned]) -> Chart | None:
    if not owned:
        return None
    teams = sorted({row.team for row in owned})
    counts = Counter((row.team, row.state) for row in owned)
    series = [
        Series(
            f"{words(state)} {sum(counts[team, state] for team in teams)}",
            [counts[team, state] for team in teams],
            tone,
        )
        for state, tone in _TONES.items()
    ]
    shown = [each for each in series if each.tone == "s1" or any(each.values)]
    return stacked_bars(_("Processes by team"), teams, shown, unit=_("processes"))


def words(state: State) -> str:
    """Return a state of ownership in words."""
    return {
        State.COVERED: _("Owner and backup"),
        State.NO_BACKUP: _("No backup"),
        State.OWNER_LEFT: _("Owner left"),
    }[state]


def _row(row: Owned) -> list[Cell]:
    fine = row.state == State.COVERED
    return [
        Cell(row.name, url=f"/processes/{row.key}"),
        Cell(row.owner),
        Cell(row.backup),
        Cell(row.team),
        Cell(row.risk),
        Cell("" if fine else words(row.state), tone="bad" if row.state == State.OWNER_LEFT else ""),
        Cell(row.registered_at),
    ]


def _finding(row: Owned) -> Finding:
    left = row.state == State.OWNER_LEFT
    return Finding(
        process=row.name,
        url=f"/processes/{row.key}",
        words=_("{owner} holds no role here any more").format(owner=row.owner)
        if left
        else _("No backup owner"),
        rule=_("Every process has an owner") if left else _("Every process has a backup"),
        since=None if left else row.registered_at,
        who=row.backup if left else row.owner,
    )
