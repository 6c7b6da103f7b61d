"""How to talk to the broker that `BROKER_URL` names: the Redis family, or RabbitMQ.

Whichever it is, a doorbell that cannot be sent must fail within seconds: it is rung again anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_AMQP_SCHEMES = frozenset({"amqp", "amqps", "pyamqp"})
# kombu 5.7: restores of unacknowledged messages are slow by default.
_REDIS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_restore_limit": 1000,
    "socket_timeout": 3,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "retry_on_timeout": False,
}
# A RabbitMQ that is short of memory or disk stops reading, and a write would wait for ever.
_AMQP = {"read_timeout": 3, "write_timeout": 3}
_HEARTBEAT = 10
"""Seconds. What is silent for two of them is gone; the Redis family has its own keepalive."""


def settings(url: str) -> Mapping[str, Any]:
    """Return Celery's settings for the broker at this address."""
    is_amqp = urlsplit(url).scheme in _AMQP_SCHEMES
    return {
        "broker_url": url,
        "broker_transport_options": _AMQP if is_amqp else _REDIS,
        "broker_heartbeat": _HEARTBEAT if is_amqp else None,
        "broker_connection_timeout": 2,
    }
