"""What a person chooses for themselves: unit and theme, and the words of their language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST
from django.views.i18n import JavaScriptCatalog

from common.problems import NotFound
from governance.access import act, acting, units_of
from governance.access_table import PUBLIC
from governance.gatekeeper import SESSION_UNIT
from governance.pages.destinations import destination

_YEAR = 365 * 24 * 60 * 60
_HOUR = 60 * 60
_THEMES = ("light", "dark")


@act("signed_in")
@require_POST
def choose_unit(request: HttpRequest) -> HttpResponse:
    """Put another unit of the person in play and show the section they were in.

    Raises:
        NotFound: it is no unit of theirs.
    """
    person_id = acting().person_id
    wanted = request.POST.get("unit", "")
    if person_id is None or wanted not in map(str, units_of(person_id)):
        raise NotFound
    request.session[SESSION_UNIT] = wanted
    # The object they looked at belongs to the unit they leave; its list is in both.
    section = destination(request).split("/", 2)[1].split("?", 1)[0]
    return HttpResponseRedirect(f"/{section}")


@act("public")
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie; anything but light and dark follows the system."""
    theme = request.POST.get("theme", "")
    response = HttpResponseRedirect(destination(request))
    if theme in _THEMES:
        response.set_cookie(
            "theme",
            theme,
            max_age=_YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


class Texts(JavaScriptCatalog):
    """The catalogue of the islands' texts, as a script of our own; a page loads it first."""

    acts = {"GET": PUBLIC}

    def get(self, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        """Answer the catalogue of the language in play; a browser may keep it for an hour."""
        response: HttpResponse = super().get(request, *args, **kwargs)
        patch_cache_control(response, private=True, max_age=_HOUR)
        return response
