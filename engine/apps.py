"""The engine app."""

from __future__ import annotations

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Registers the app, and its journals among what is sealed and verified."""

    name = "engine"

    def ready(self) -> None:
        """Say that journals are chained, once models can be imported."""
        from engine.queries import journals  # noqa: PLC0415  (models are not there before)
        from governance import sources  # noqa: PLC0415

        sources.register_source(journals.SOURCE)
        sources.register_verifier(journals.SOURCE.kind, journals.faults)
