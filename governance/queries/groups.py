"""The boards and teams of a unit, with who is on them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from governance.models.boards import Board
from governance.models.processes import Process
from governance.models.units import Team


@dataclass(frozen=True, slots=True)
class Groups:
    """Boards and teams, and the processes that rights hang on."""

    boards: list[tuple[Board, list[str]]]
    teams: list[tuple[Team, list[str]]]
    processes: list[Process]


def list_groups(unit_id: UUID) -> Groups:
    """Return everything of the unit that a person can be put on."""
    boards = Board.objects.filter(unit_id=unit_id).prefetch_related("members__person")
    teams = Team.objects.filter(unit_id=unit_id).prefetch_related("members__person")
    return Groups(
        boards=[(board, [m.person.name for m in board.members.all()]) for board in boards],
        teams=[(team, [m.person.name for m in team.members.all()]) for team in teams],
        processes=list(Process.objects.filter(unit_id=unit_id).order_by("name")),
    )
