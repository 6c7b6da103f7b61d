"""HTML: how much of the installation the unit may use."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.access import act, acting, acting_unit
from governance.actions.limits import set_limits
from governance.models.limits import LIMITS, UnitLimits
from governance.queries.history import history_of
from governance.queries.limits import get_limits
from governance.queries.units import get_unit

_HERE = "/governance/access/limits"


LimitsForm = forms.modelform_factory(UnitLimits, fields=LIMITS)


@act("quota.set")
@require_http_methods(["GET", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """Show the limits, or set them."""
    unit_id = acting_unit()
    form = LimitsForm(request.POST or None, instance=get_limits(unit_id))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            set_limits(actor=acting(), unit_id=unit_id, wanted=form.cleaned_data)
            messages.success(request, _("The limits were set."))
            return HttpResponseRedirect(_HERE)
        status = 422
    page = {"form": form, "unit": get_unit(unit_id)}
    return render(request, "governance/limits.html", page, status=status)


@act("quota.set")
@require_safe
def limits_history(request: HttpRequest) -> HttpResponse:
    """Show who changed which limit."""
    unit_id = acting_unit()
    name = _("Limits of {unit}").format(unit=get_unit(unit_id).name)
    rows = history_of(get_limits(unit_id))
    return render(request, "governance/history.html", {"name": name, "back": _HERE, "rows": rows})
