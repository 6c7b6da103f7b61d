"""Routes of the reports."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from governance.reports import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("governance", pages.overview),
    path("governance/<slug:slug>.csv", pages.export),
    path("governance/<slug:slug>", pages.report),
]
