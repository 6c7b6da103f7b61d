"""Health and readiness: alive, and able to do its work."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from engine.queries import clock
from governance.access import act


@act("public")
def live(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process serves requests at all."""
    return JsonResponse({"schema": 1, "status": "ok"})


@act("public")
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database can be asked, 503 else; no detail for strangers.

    A database whose clock is shifted for a simulation is none that production can be ready with.
    """
    try:
        is_shifted = clock.is_shifted()
    except Exception:  # noqa: BLE001  (whatever is wrong, the answer is: not ready)
        return JsonResponse({"schema": 1, "status": "no database"}, status=503)
    if is_shifted and not settings.ALLOW_DEMO:
        return JsonResponse({"schema": 1, "status": "clock is shifted"}, status=503)
    return JsonResponse({"schema": 1, "status": "ok"})


@act("signed_in")
def ping(_request: HttpRequest) -> JsonResponse:
    """Answer a signed-in caller with nothing: what a request costs before it does anything."""
    return JsonResponse({"schema": 1})


class Schema(SpectacularJSONAPIView):
    """The description of the API (OpenAPI 3)."""

    acts = {"GET": "signed_in"}


urlpatterns = [
    path("health/live", live),
    path("health/ready", ready),
    path("api/v1/ping", ping),
    path("api/v1/schema", Schema.as_view()),
]
