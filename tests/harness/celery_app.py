"""The product's Celery app in a worker that is to suffer: its children are armed."""

from __future__ import annotations

import json
import os
from typing import Any

from celery.signals import worker_process_init

from config.celery import app

__all__ = ["app"]


@worker_process_init.connect
def arm(**_named: Any) -> None:
    """Arm a child, as the orders in its environment say."""
    from tests.harness import armed  # noqa: PLC0415  (Celery sets Django up first)

    orders = armed.Orders(**json.loads(os.environ[armed.ORDERS]))
    armed.prepare(orders, os.getpid())
