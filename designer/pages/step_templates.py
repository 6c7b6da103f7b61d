"""HTML: the catalogue of steps, and the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Conflict, DomainError, Invalid
from common.problems import status_of, title_of
from common.words import in_words
from designer import files
from designer.actions import step_templates as actions
from designer.pages import fillings
from designer.queries import step_templates as queries
from governance import access
from governance.access import act

_REFUSALS = (Invalid, Conflict)


@require_GET
@act("template.view")
def step_list(request: HttpRequest) -> HttpResponse:
    """List the steps that can be placed, by what they do."""
    listing = queries.list_templates(
        actor=access.acting(),
        unit_id=access.acting_unit(),
        text=request.GET.get("q", "")[:100],
    )
    return render(request, "designer/steps.html", {"listing": listing})


@require_http_methods(["GET", "POST"])
@act("catalogue.keep")
def add_steps(request: HttpRequest) -> HttpResponse:
    """Add the templates of a file to the catalogue."""
    if request.method == "GET":
        return _add_page(request)
    upload = request.FILES.get("file")
    if upload is None:
        return _add_page(request, [_("Choose a file first.")])
    try:
        added = actions.add_templates(
            actor=access.acting(), unit_id=access.acting_unit(), file=files.content_of(upload)
        )
    except _REFUSALS as refusal:
        return _add_page(request, _sentences(refusal), status_of(refusal))
    return redirect("/steps" if len(added) > 1 else f"/steps/{added[0].template.key}")


@require_GET
@act("template.view")
def step_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one template: what it does, what it asks for, its versions, and who uses it."""
    return _step_page(request, key)


@require_POST
@act("catalogue.keep")
def retire_step(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a template no more."""
    try:
        actions.retire_template(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            key=key,
            reason=request.POST.get("reason", ""),
        )
    except _REFUSALS as refusal:
        return _step_page(request, key, refusal)
    return redirect(f"/steps/{key}")


@require_POST
@act("catalogue.keep")
def restore_step(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a retired template again."""
    try:
        actions.restore_template(actor=access.acting(), unit_id=access.acting_unit(), key=key)
    except _REFUSALS as refusal:
        return _step_page(request, key, refusal)
    return redirect(f"/steps/{key}")


def _step_page(request: HttpRequest, key: str, refusal: DomainError | None = None) -> HttpResponse:
    view = queries.get_template(actor=access.acting(), unit_id=access.acting_unit(), key=key)
    found = {
        "view": view,
        "shelf": view.shelf,
        "template": view.shelf.latest,
        "kind": fillings.kind_of(view.shelf.latest),
        "groups": fillings.groups(view.shelf.latest),
        "fixed": fillings.fixed(view.shelf.latest),
        "versions": fillings.versions(view.shelf),
        "users": fillings.users(view),
        "refusal": title_of(refusal) if refusal else "",
    }
    return render(
        request, "designer/step.html", found, status=status_of(refusal) if refusal else 200
    )


def _add_page(
    request: HttpRequest, refusals: list[str] | None = None, status: int = 422
) -> HttpResponse:
    found = {"refusals": refusals or []}
    return render(request, "designer/step_add.html", found, status=status if refusals else 200)


def _sentences(refusal: DomainError) -> list[str]:
    """Return a refusal as the sentences it consists of."""
    told = [str(in_words(row["message"])) for row in refusal.problems]
    return told or [title_of(refusal)]
