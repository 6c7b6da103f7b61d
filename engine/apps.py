"""The engine app."""

from __future__ import annotations

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Registers the app, its journals among what is sealed and verified, and what waits in it."""

    name = "engine"

    def ready(self) -> None:
        """Say that journals are chained, once models can be imported."""
        from engine.queries import journals, user_tasks  # noqa: PLC0415  (no models before)
        from governance import shell, sources  # noqa: PLC0415

        sources.register_source(journals.SOURCE)
        sources.register_verifier(journals.SOURCE.kind, journals.faults)
        shell.register_count("/work", lambda actor, _: user_tasks.count_inbox(actor=actor))
