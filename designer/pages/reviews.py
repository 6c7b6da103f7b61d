"""HTML: reviews, and the page on which a board decides."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from common import context
from common.errors import Conflict, DomainError, Forbidden, Invalid
from common.problems import status_of, title_of
from designer.actions import reviews as actions
from designer.actions import versions
from designer.board import Verdict
from designer.pages.forms import VoteForm
from designer.pages.segments import segments
from designer.queries import reviews
from governance import access
from governance.access import act

_GROUPS = {
    "behaviour": gettext_lazy("Behaviour"),
    "data": gettext_lazy("Data and access"),
    "text": gettext_lazy("Text"),
    "layout": gettext_lazy("Layout"),
}
_SEGMENTS = {
    "mine": gettext_lazy("Waiting for me"),
    "waiting": gettext_lazy("Waiting for others"),
    "decided": gettext_lazy("Decided"),
}
_REFUSALS = (Invalid, Conflict, Forbidden)


@require_GET
@act("review.view")
def review_list(request: HttpRequest) -> HttpResponse:
    """List reviews: those that wait for me, for others, and those decided."""
    listing = reviews.list_reviews(
        actor=access.acting(),
        unit_id=context.current().unit_id,
        segment=request.GET.get("show", "mine"),
    )
    found = {
        "listing": listing,
        "segments": segments(request, _SEGMENTS, listing.counts, listing.segment),
    }
    return render(request, "designer/reviews.html", found)


@require_GET
@act("review.view")
def review_page(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Show what is judged, what changed, and who said what."""
    return _page(request, review_id)


@require_POST
@act("review.vote")
def vote(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Count a vote; a refusal is shown on the page, with what was typed."""
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _page(request, review_id, refusal=_("Choose Approve or Request changes."))
    given = form.cleaned_data
    if given["verdict"] == Verdict.REQUEST_CHANGES and not given["comment"].strip():
        return _page(request, review_id, refusal=_("Say what has to change, then send it again."))
    try:
        actions.cast_vote(
            actor=access.acting(),
            review_id=review_id,
            digest=given["digest"],
            verdict=Verdict(given["verdict"]),
            comment=given["comment"],
        )
    except _REFUSALS as refusal:
        return _refused(request, review_id, refusal)
    return redirect(f"/reviews/{review_id}")


@require_POST
@act("review.comment")
def comment(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Add a comment to a review."""
    try:
        actions.add_comment(
            actor=access.acting(),
            review_id=review_id,
            text=request.POST.get("comment", ""),
            element=request.POST.get("element", ""),
        )
    except _REFUSALS as refusal:
        return _refused(request, review_id, refusal)
    return redirect(f"/reviews/{review_id}")


@require_POST
@act("review.withdraw")
def withdraw(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Take a request for review back, and open its draft again."""
    try:
        review = actions.withdraw_review(
            actor=access.acting(), review_id=review_id, reason=request.POST.get("reason", "")
        )
    except _REFUSALS as refusal:
        return _refused(request, review_id, refusal)
    return redirect(f"/drafts/{review.draft_id}/edit")


@require_POST
@act("version.publish")
def publish(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Make the approved candidate the next version."""
    try:
        version = versions.publish_version(
            actor=access.acting(), review_id=review_id, digest=request.POST.get("digest", "")
        )
    except _REFUSALS as refusal:
        return _refused(request, review_id, refusal)
    return redirect(f"/processes/{version.process.key}")


def _refused(request: HttpRequest, review_id: UUID, refusal: DomainError) -> HttpResponse:
    return _page(request, review_id, refusal=title_of(refusal), status=status_of(refusal))


def _page(
    request: HttpRequest, review_id: UUID, *, refusal: str = "", status: int = 422
) -> HttpResponse:
    view = reviews.get_review(actor=access.acting(), review_id=review_id)
    found = {
        "view": view,
        "review": view.review,
        "groups": grouped(view.changes),
        "passed": sum(check.ok for check in view.checks),
        "refusal": refusal,
        "typed": request.POST.get("comment", ""),
    }
    return render(request, "designer/review.html", found, status=status if refusal else 200)


def grouped(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the changes by consequence; the weightiest first, layout last and folded."""
    order = list(_GROUPS)
    rows = sorted(changes, key=lambda change: order.index(change["group"]))
    return [
        {"key": key, "title": _GROUPS[key], "changes": [_told(change) for change in found]}
        for key, found in groupby(rows, key=lambda change: change["group"])
    ]


def _told(change: dict[str, Any]) -> dict[str, Any]:
    """Return a change with its sentence split around the element's name, which is set in bold."""
    name = change["name"]
    lead, found, rest = change["sentence"].partition(name) if name else ("", "", "")
    if not found:
        lead, rest = "", change["sentence"]
    return {**change, "lead": lead, "subject": found, "rest": rest}
