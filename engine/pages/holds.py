"""HTML: runs held after a restore."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.errors import Conflict, Invalid
from common.problems import title_of
from engine.actions import holds as actions
from engine.queries import holds as queries
from governance import access
from governance.access import act


@require_GET
@act("incident.view")
def held_list(request: HttpRequest) -> HttpResponse:
    """List what a restored backup has taken back and nobody has compared yet."""
    found = queries.list_held(actor=access.acting(), unit_id=access.acting_unit())
    words = ngettext("{n} run waits for a comparison", "{n} runs wait for a comparison", len(found))
    return render(
        request, "engine/held.html", {"held": found, "summary": words.format(n=len(found))}
    )


@require_POST
@act("run.release")
def release(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Release a held run."""
    try:
        run = actions.release_run(
            actor=access.acting(), instance_id=run_id, reason=request.POST.get("reason", "")
        )
    except (Invalid, Conflict) as refusal:
        messages.error(request, title_of(refusal))
    else:
        messages.success(request, _("Released {key}").format(key=run.key))
    return redirect(f"/runs/{run_id}")
