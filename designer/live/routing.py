"""Websocket routes of the designer app."""

from __future__ import annotations

from typing import Any

from django.urls import path

from designer.live.drafts import DraftConsumer
from designer.live.threads import ThreadsConsumer

# Django's stubs know views alone; Channels routes consumers by the same function.
_threads: Any = ThreadsConsumer.as_asgi()
_draft: Any = DraftConsumer.as_asgi()
routes: list[Any] = [
    path("ws/processes/<uuid:process_id>/threads", _threads),
    path("ws/drafts/<uuid:draft_id>", _draft),
]
