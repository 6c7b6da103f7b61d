"""The governance pages: the questions on one page, and each report's own table."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock, replica
from common.problems import NotFound
from governance import access
from governance.access import act, acting, acting_unit
from governance.queries.units import get_unit
from governance.reports.base import Report
from governance.reports.catalogue import REPORTS
from governance.reports.export import as_csv


@act("report.view")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every question with its answer, its chart and the way to its rows."""
    now = clock.now()
    reports, as_of = _reports(*REPORTS)
    findings = [finding for report in reports for finding in report.findings]
    page = {
        "reports": reports,
        "findings": findings,
        "unit": get_unit(acting_unit()),
        "now": now,
        "as_of": as_of,
        "may_see_access": _may("access.view"),
        "may_read_audit": _may("audit.read"),
    }
    return render(request, "governance/overview.html", page)


@act("report.view")
@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one report's table."""
    (found,), as_of = _reports(slug)
    rows = [list(zip(found.columns, row, strict=True)) for row in found.rows]
    page = {"report": found, "rows": rows, "as_of": as_of}
    return render(request, "governance/report.html", page)


@act("report.view")
@require_safe
def export(_request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Hand the table out as CSV."""
    (found,), _as_of = _reports(slug)
    name = f"{get_unit(acting_unit()).key}-{slug}-{clock.now():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        as_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _may(name: str) -> bool:
    return access.may_in_unit(name, actor=acting(), unit_id=acting_unit())


def _reports(*slugs: str) -> tuple[list[Report], datetime | None]:
    """Return reports on the unit in play, and as of when their data is where that is not now.

    Raises:
        NotFound: there is no such report.
    """
    if not REPORTS.keys() >= set(slugs):
        raise NotFound
    unit_id = acting_unit()
    # Asked where roles are written: a replica may still know of one that was taken away.
    access.require_in_unit("report.view", actor=acting(), unit_id=unit_id)
    with replica.for_reports() as as_of:
        return [REPORTS[slug](unit_id, clock.now()) for slug in slugs], as_of
