"""The product's Celery app in workers that know the load test's connector."""

from __future__ import annotations

from typing import Any

from celery.signals import worker_process_init

from config.celery import app

__all__ = ["app"]


@worker_process_init.connect
def know_the_connector(**_named: Any) -> None:
    """Add it in each child."""
    from engine.loadtest import at_once  # noqa: PLC0415  (Celery sets Django up first)

    at_once.install()
