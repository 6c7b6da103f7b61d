"""What can be wrong with a scenario, or with what the engine made of it."""

from __future__ import annotations


class ScenarioUnreadable(ValueError):
    """The scenario is not in the format, or its model cannot be read."""


class Differs(AssertionError):
    """The engine did something else than the scenario expects."""
