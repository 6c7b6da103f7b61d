"""What is installed: the connectors that a model may name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.connectors import registry


def known_jobs() -> Mapping[str, frozenset[str]]:
    """Return the job types a model may name, each with the inputs it requires."""
    return registry.known_jobs()
