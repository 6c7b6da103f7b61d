"""Mounts each app's routes. Every route carries the act that classifies it."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("governance.urls")),
    path("", include("governance.reports.urls")),
    path("", include("designer.urls")),
    path("", include("engine.urls")),
    path("", include("config.probes")),
]
handler404 = "common.problems.page_not_found"
handler500 = "common.problems.server_broke"
