"""HTML: the systems that runs call, and whether they are called at the moment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.errors import Conflict
from common.problems import title_of
from engine.actions import circuits as actions
from engine.models.circuits import CircuitState
from engine.queries import circuits as queries
from engine.queries.circuits import Standing
from governance import access
from governance.access import act

_PILLS = {
    CircuitState.CLOSED: "completed",
    CircuitState.OPEN: "failed",
    CircuitState.HALF_OPEN: "waiting",
}


@require_GET
@act("circuit.view")
def systems(request: HttpRequest) -> HttpResponse:
    """Show the systems that failed runs of the unit in play, and those that are not called now."""
    actor, unit_id = access.acting(), access.acting_unit()
    standings = queries.list_circuits(actor=actor, unit_id=unit_id)
    may_reset = access.may_in_unit("circuit.reset", actor=actor, unit_id=unit_id)
    stopped = sum(one.circuit.state != CircuitState.CLOSED for one in standings)
    context = {
        "rows": [_row(one, may_reset=may_reset) for one in standings],
        "summary": ngettext("{n} is not called", "{n} are not called", stopped).format(n=stopped)
        if stopped
        else _("all are called"),
    }
    return render(request, "engine/systems.html", context)


@require_POST
@act("circuit.reset")
def reset(request: HttpRequest, circuit_id: UUID) -> HttpResponse:
    """Call a system again before its time."""
    try:
        circuit = actions.reset_circuit(
            actor=access.acting(),
            circuit_id=circuit_id,
            reason=request.POST.get("reason", "").strip(),
        )
    except Conflict as refusal:
        messages.error(request, title_of(refusal))
    else:
        messages.success(request, _("Calling {target} again").format(target=circuit.target))
    return redirect("/operations/systems")


def _row(standing: Standing, *, may_reset: bool) -> dict[str, Any]:
    circuit = standing.circuit
    state = CircuitState(circuit.state)
    words = {
        CircuitState.CLOSED: _("Called"),
        CircuitState.OPEN: _("Not called"),
        CircuitState.HALF_OPEN: _("Being tried"),
    }
    return {
        "id": circuit.pk,
        "target": circuit.target,
        "job_type": circuit.job_type,
        "pill": _PILLS[state],
        "state": words[state],
        "since": circuit.since,
        "cause": circuit.cause,
        "failed_at": circuit.failed_at,
        "next_at": circuit.next_at,
        "waiting": standing.waiting if state is not CircuitState.CLOSED else 0,
        "dialog": f"reset-{circuit.pk}",
        "url": f"/operations/systems/{circuit.pk}/reset",
        "title": _("Call {target} again?").format(target=circuit.target),
        "may_reset": may_reset and state is not CircuitState.CLOSED,
    }
