"""Websocket routes of the engine app."""

from __future__ import annotations

from typing import Any

from django.urls import path

from engine.live.consumers import RunConsumer

# Django's stubs know views alone; Channels routes consumers by the same function.
_consumer: Any = RunConsumer.as_asgi()
routes: list[Any] = [path("ws/runs/<uuid:run_id>", _consumer)]
