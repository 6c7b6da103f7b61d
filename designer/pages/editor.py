"""HTML: the shell of the editor; what lives in it is the island's."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from designer.pages.imports import FORMATS
from designer.queries import drafts
from governance import access
from governance.access import act


@require_GET
@act("draft.view")
def edit_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Open a draft; whoever may not edit it sees it."""
    view = drafts.get_draft(actor=access.acting(), draft_id=draft_id)
    origin = view.draft.origin
    shown = {
        "view": view,
        "draft": view.draft,
        "format": FORMATS.get(origin.get("format", "")),
        "assumed": origin.get("assumed", []),
    }
    return render(request, "designer/editor.html", shown)
