"""The ground as a Django app: it has template tags and no models."""

from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Holds what every app shares."""

    name = "common"
