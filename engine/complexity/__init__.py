"""How hard a drawing is to read, in the measures of the literature; pure."""

from engine.complexity.measures import Measures, measured

__all__ = ["Measures", "measured"]
