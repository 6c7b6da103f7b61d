"""The designer app."""

from __future__ import annotations

from django.apps import AppConfig


class DesignerConfig(AppConfig):
    """Registers the app."""

    name = "designer"
