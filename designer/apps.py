"""The designer app."""

from __future__ import annotations

from django.apps import AppConfig


class DesignerConfig(AppConfig):
    """Registers the app, and how many reviews wait for a person."""

    name = "designer"

    def ready(self) -> None:
        """Say what waits, once models can be imported."""
        from designer.queries import reviews  # noqa: PLC0415  (models are not there before)
        from governance import shell  # noqa: PLC0415

        shell.register_count(
            "/reviews", lambda actor, unit_id: reviews.count_waiting(actor=actor, unit_id=unit_id)
        )
