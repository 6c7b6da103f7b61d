"""HTML: connections, and the History tabs of what an admin keeps."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.access import act, acting_unit
from governance.models.boards import Board
from governance.models.connections import Connection, EgressDestination
from governance.queries.connections import list_reach
from governance.queries.history import Setting, get_setting, history_of
from governance.queries.units import get_unit

_GROUPS = "/governance/access/groups"
_CONNECTIONS = "/governance/access/connections"


@act("connection.keep")
@require_safe
def connections(request: HttpRequest) -> HttpResponse:
    """Show where runs of the unit may call."""
    unit_id = acting_unit()
    page = {"reach": list_reach(unit_id), "unit": get_unit(unit_id)}
    return render(request, "governance/connections.html", page)


@act("board.keep")
@require_safe
def board_history(request: HttpRequest, board_id: UUID) -> HttpResponse:
    """Show what was changed in the settings of a board."""
    return _history(request, get_setting(Board, unit_id=acting_unit(), pk=board_id), _GROUPS)


@act("connection.keep")
@require_safe
def connection_history(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Show what was changed in a connection."""
    found = get_setting(Connection, unit_id=acting_unit(), pk=connection_id)
    return _history(request, found, _CONNECTIONS)


@act("connection.keep")
@require_safe
def destination_history(request: HttpRequest, destination_id: UUID) -> HttpResponse:
    """Show when a destination was allowed, and by whom."""
    found = get_setting(EgressDestination, unit_id=acting_unit(), pk=destination_id)
    return _history(request, found, _CONNECTIONS)


def _history(request: HttpRequest, setting: Setting, back: str) -> HttpResponse:
    page = {"name": str(setting), "back": back, "rows": history_of(setting)}
    return render(request, "governance/history.html", page)
