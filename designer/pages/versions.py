"""HTML: versions of a process beside each other, as a document, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from common.words import in_words
from designer.downloads import picture_file
from designer.pages.reviews import grouped
from designer.queries import comparisons, handbooks, versions
from designer.versioning import number_of
from engine.bpmn import picture
from engine.bpmn.handbook import Handbook
from governance import access
from governance.access import act

_SECTIONS: Final = {
    "begins": gettext_lazy("How it begins"),
    "steps": gettext_lazy("What it does"),
    "decisions": gettext_lazy("Who decides, and how"),
    "exceptions": gettext_lazy("What may come between"),
    "ends": gettext_lazy("How it ends"),
}


@require_GET
@act("version.view")
def compare_versions(request: HttpRequest, key: str) -> HttpResponse:
    """Show what changed between two versions of a process, by default the newest two."""
    comparison = comparisons.compare(
        actor=access.acting(),
        unit_id=access.acting_unit(),
        key=key,
        before=number_of(request.GET.get("from", "")),
        after=number_of(request.GET.get("to", "")),
    )
    found = {"comparison": comparison, "groups": grouped(comparison.changes)}
    return render(request, "designer/process_compare.html", found)


@require_GET
@act("version.view")
def documentation(request: HttpRequest, key: str) -> HttpResponse:
    """Show a process as a document made from a published version, by default the live one."""
    document = handbooks.get_handbook(
        actor=access.acting(),
        unit_id=access.acting_unit(),
        key=key,
        number=number_of(request.GET.get("version", "")),
    )
    found: dict[str, object] = {"document": document}
    if document.version is not None and document.book is not None:
        # Made by us; what the model says in it is escaped there.
        drawing = picture.svg(bytes(document.version.xml))
        found["picture"] = mark_safe(drawing)  # noqa: S308
        found["sections"] = list(_sections(document.book))
    return render(request, "designer/process_documentation.html", found)


@require_GET
@act("version.view")
def version_picture(request: HttpRequest, version_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Answer the drawing of a version as SVG, to keep."""
    version = versions.get_version(actor=access.acting(), version_id=version_id)
    return picture_file(version.process.key, f"v{version.number}", picture.svg(bytes(version.xml)))


def _sections(book: Handbook) -> Iterator[dict[str, Any]]:
    """Yield what the document tells, in the order in which one asks."""
    told = in_words(asdict(book))
    for name, title in _SECTIONS.items():
        yield {"title": title, "entries": told[name], "numbered": name == "steps"}
