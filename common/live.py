"""How frames reach browsers: topics out, after commit, and nothing else.

A frame is a JSON object with a schema number. How it fans out (today: the channel layer, on Valkey)
is known to this module alone. Delivery is at most once; whoever listens catches up by sequence
number from the database, so a lost frame costs time and never truth.
"""

from __future__ import annotations

import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

SCHEMA = 1

logger = logging.getLogger(__name__)


def publish_on_commit(topic: str, frame: dict[str, Any]) -> None:
    """Send the frame to everyone who listens to the topic, once this transaction has committed."""
    transaction.on_commit(lambda: _publish(topic, {"schema": SCHEMA, **frame}), robust=True)


def group_name(topic: str) -> str:
    """Return the channel layer's name for a topic: its alphabet is narrower than ours."""
    return topic.replace(":", ".")


def _publish(topic: str, frame: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_name(topic), {"type": "forward", "frame": frame})
    except Exception:  # noqa: BLE001  (a dead channel layer costs the live view, never the act)
        logger.warning("live.publish_failed", extra={"topic": topic})
