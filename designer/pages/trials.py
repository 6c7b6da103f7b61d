"""HTML: the shell of the sandbox; what lives in it is the island's."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from designer.queries import drafts, trials
from governance import access
from governance.access import act


@require_GET
@act("draft.try")
def try_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Open a draft in the sandbox."""
    trials.to_try(access.acting(), draft_id)
    view = drafts.get_draft(actor=access.acting(), draft_id=draft_id)
    return render(request, "designer/try.html", {"view": view, "draft": view.draft})
