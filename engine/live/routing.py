"""Websocket routes of the engine."""

from __future__ import annotations

from typing import Any

from django.urls import path

from engine.live.consumers import RunConsumer

# Channels routes by Django's patterns, whose types know views only.
_run: Any = RunConsumer.as_asgi()
routes: list[Any] = [path("ws/runs/<uuid:run_id>", _run)]
