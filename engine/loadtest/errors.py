"""Why a load test has no figures."""

from __future__ import annotations


class NotAsItShouldBe(Exception):
    """What was measured did not do what it should have: its figure is worth nothing."""
