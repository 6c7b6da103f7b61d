"""Routes of the governance app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from governance.pages import access, audit, preferences, set_up
from governance.pages import sessions as session_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in", session_pages.sign_in),
    path("sign-out", session_pages.sign_out),
    path("first-administrator", set_up.first_administrator),
    path("unit", preferences.choose_unit),
    path("audit", audit.audit),
    path("governance/access", access.people),
    path("governance/access/roles", access.roles),
    path("theme", preferences.choose_theme),
]
