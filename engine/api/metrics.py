"""Metrics of the installation: as Prometheus reads them, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engine.api import serializers as shapes
from engine.queries import metrics
from engine.queries.metrics import Metrics
from governance.access import act

#: The text format of Prometheus, version 0.0.4.
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_Samples = list[tuple[dict[str, str], float]]


@act("metrics.view")
@require_safe
def exposition(_request: HttpRequest) -> HttpResponse:
    """Answer the scrape of a Prometheus."""
    return HttpResponse("".join(lines(metrics.measure())), content_type=CONTENT_TYPE)


class MetricsView(APIView):
    """The same figures as JSON, for scalers that read one value."""

    acts = {"GET": "metrics.view"}

    @extend_schema(responses=shapes.MetricsOut)
    def get(self, _request: Request) -> Response:
        """Return how much waits, how long, and who is at work."""
        return Response(document(metrics.measure()))


def document(found: Metrics) -> dict[str, object]:
    """Return the figures as they are answered."""
    return {
        "schema": shapes.SCHEMA,
        "queues": {
            name: {
                "zone": depth.zone,
                "heard_seconds": depth.heard_seconds,
                **asdict(depth.whole),
                "kinds": {kind: asdict(line) for kind, line in depth.kinds.items()},
            }
            for name, depth in found.queues.items()
        },
        "runs": found.runs,
        "retries_waiting": found.retries_waiting,
        "held_by_circuits": found.held_by_circuits,
        "circuits_open": found.circuits_open,
        "lag_seconds": lags(found),
        "sweepers": found.sweepers,
        "sealers": found.sealers,
        "broker_reachable": found.broker_reachable,
    }


def lags(found: Metrics) -> dict[str, float]:
    """Return how late each part is, in seconds."""
    return {
        "timers": found.timer_lag,
        "outbox": found.outbox_lag,
        "sealer": found.sealer_lag,
        "sweeper": found.rollup_lag,
    }


def lines(found: Metrics) -> Iterator[str]:
    """Yield the lines of the text format."""
    queued = [
        ({"queue": name, "zone": depth.zone, "kind": kind}, line)
        for name, depth in found.queues.items()
        for kind, line in depth.kinds.items()
    ]
    yield from _gauge(
        "queue_ready",
        "Entries that are due and in nobody's hands.",
        [(labels, line.ready) for labels, line in queued],
    )
    yield from _gauge(
        "queue_oldest_seconds",
        "For how long the oldest of them has been due.",
        [(labels, line.oldest_seconds) for labels, line in queued],
    )
    yield from _gauge(
        "queue_leased",
        "Entries a worker is at.",
        [(labels, line.leased) for labels, line in queued],
    )
    yield from _gauge(
        "queue_later",
        "Entries due at a time to come.",
        [(labels, line.later) for labels, line in queued],
    )
    yield from _gauge(
        "queue_heard_seconds",
        "How long ago a worker of the queue answered through the broker.",
        [
            ({"queue": name}, math.inf if depth.heard_seconds is None else depth.heard_seconds)
            for name, depth in found.queues.items()
        ],
    )
    yield from _gauge(
        "runs", "Runs alive.", [({"state": state}, runs) for state, runs in found.runs.items()]
    )
    yield from _gauge(
        "lag_seconds",
        "How late the oldest overdue timer, delivery, unsealed entry and uncounted run is.",
        [({"of": name}, seconds) for name, seconds in lags(found).items()],
    )
    yield from _plain(found)


def _plain(found: Metrics) -> Iterator[str]:
    figures: tuple[tuple[str, str, float], ...] = (
        ("retries_waiting", "Jobs that are tried again later.", found.retries_waiting),
        ("held_by_circuits", "Jobs whose system is left alone.", found.held_by_circuits),
        ("circuits_open", "Circuits that are open or half open.", found.circuits_open),
        ("sweepers", "Sweepers that lead.", found.sweepers),
        ("sealers", "Sealers at work.", found.sealers),
        ("broker_reachable", "Whether this web node reaches the broker.", found.broker_reachable),
    )
    for name, words, value in figures:
        yield from _gauge(name, words, [({}, value)])
    yield from _gauge("info", "The product's version.", [({"version": settings.VERSION}, 1)])


def _gauge(name: str, words: str, samples: _Samples) -> Iterator[str]:
    """Yield one gauge. No label's value is a user's, so none needs escapes."""
    yield f"# HELP interlock_{name} {words}\n# TYPE interlock_{name} gauge\n"
    for labels, value in samples:
        shown = ",".join(f'{key}="{text}"' for key, text in labels.items())
        yield f"interlock_{name}{f'{{{shown}}}' if shown else ''} {_number(value)}\n"


def _number(value: float) -> str:
    """Return a number as the format has it: whole ones whole, seconds to the millisecond."""
    if math.isinf(value):
        return "+Inf"
    return str(int(value)) if value == int(value) else f"{value:.3f}"
