"""The governance app."""

from __future__ import annotations

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Registers the app."""

    name = "governance"
