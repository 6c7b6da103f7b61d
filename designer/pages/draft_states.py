"""HTML: what a draft was in the last 30 days, and the way back to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import Conflict
from common.problems import title_of
from designer.actions import states as actions
from designer.pages.reviews import grouped
from designer.queries import states
from designer.versioning import number_of
from engine.bpmn import picture
from governance import access
from governance.access import act


@require_GET
@act("draft.view")
def state_list(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """List the states of a draft, the newest first."""
    page = number_of(request.GET.get("page", "")) or 1
    view = states.list_states(actor=access.acting(), draft_id=draft_id, page=page)
    return render(request, "designer/draft_states.html", {"view": view, "draft": view.draft})


@require_GET
@act("draft.view")
def state_page(request: HttpRequest, draft_id: UUID, state_id: UUID) -> HttpResponse:
    """Show one state: its drawing, what it changed, what having it back would change."""
    view = states.get_state(actor=access.acting(), draft_id=draft_id, state_id=state_id)
    shown = {
        "view": view,
        "draft": view.draft,
        "state": view.state,
        "changed": grouped(view.changes),
        "back": grouped(view.back),
        # Made by us; what the model says in it is escaped there.
        "picture": mark_safe(picture.svg(bytes(view.state.xml))),  # noqa: S308
    }
    return render(request, "designer/draft_state.html", shown)


@require_POST
@act("draft.edit")
def restore_state(request: HttpRequest, draft_id: UUID, state_id: UUID) -> HttpResponse:
    """Make a state the next one of the draft."""
    try:
        actions.restore_state(
            actor=access.acting(),
            draft_id=draft_id,
            revision=number_of(request.POST.get("revision", "")) or 0,
            state_id=state_id,
        )
    except Conflict as refusal:
        messages.error(request, title_of(refusal))
        return redirect(f"/drafts/{draft_id}/states")
    messages.success(request, _("This state is the draft again. The one before it is kept too."))
    return redirect(f"/drafts/{draft_id}/edit")
