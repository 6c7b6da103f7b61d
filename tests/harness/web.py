"""The product's web in a forked process that is to be killed in the middle of requests.

The socket on which it listens was opened before it was forked, and stays when it dies: a client
finds its connection broken, never refused.
"""

from __future__ import annotations

import socket

import uvicorn
from django.urls import get_resolver

from tests.harness import armed
from tests.harness.armed import Orders


def warm() -> None:
    """Load what the first request would load."""
    import config.asgi  # noqa: F401, PLC0415  (sets Django up: not before settings are chosen)

    assert get_resolver().url_patterns


def serve(orders: Orders, serial: int) -> None:
    """Answer requests, until killed."""
    from config.asgi import application  # noqa: PLC0415

    armed.prepare(orders, serial)
    told = uvicorn.Config(application, lifespan="off", access_log=False, log_level="critical")
    uvicorn.Server(told).run(sockets=[socket.socket(fileno=orders.door)])


def opened() -> socket.socket:
    """Open the door: a socket of the loopback that every process forked from here on inherits."""
    door = socket.create_server(("127.0.0.1", 0), backlog=128)
    door.set_inheritable(True)
    return door
