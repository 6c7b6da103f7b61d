"""The designer app."""

from __future__ import annotations

from django.apps import AppConfig


class DesignerConfig(AppConfig):
    """Registers the app, how many reviews wait for a person, and what names them."""

    name = "designer"

    def ready(self) -> None:
        """Say what waits, once models can be imported."""
        from designer.queries import reviews, threads  # noqa: PLC0415  (no models before)
        from governance import notices, shell  # noqa: PLC0415

        shell.register_count(
            "/reviews", lambda actor, unit_id: reviews.count_waiting(actor=actor, unit_id=unit_id)
        )
        shell.register_count("/work", lambda actor, _: threads.count_notices(actor))
        notices.register_source(threads.list_notices)
