"""Where a form sends the browser afterwards: only ever to a path of our own."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

HOME = "/work"


def destination(request: HttpRequest) -> str:
    """Return the path in `next`, or home when it leads anywhere but into this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or HOME
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else HOME
