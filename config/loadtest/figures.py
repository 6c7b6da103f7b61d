"""Rows of figures: pairs and their ratio, what must hold, and whether the machine was quiet."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

#: By how much the limit may move between its two measurements.
_QUIET = 0.20


@dataclass(frozen=True, slots=True)
class Bound:
    """What the ratio must be, at least or at most, and what it should be."""

    least: float | None = None
    most: float | None = None
    goal: float | None = None

    @property
    def value(self) -> float:
        """Return the number that must hold."""
        return self.most if self.least is None else self.least  # type: ignore[return-value]

    def holds(self, ratio: float) -> bool:
        """Tell whether it is kept."""
        return ratio >= self.value if self.most is None else ratio <= self.value

    def reaches(self, ratio: float) -> bool:
        """Tell whether the goal is reached."""
        goal = self.value if self.goal is None else self.goal
        return ratio >= goal if self.most is None else ratio <= goal


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured against what.

    Attributes:
        key: its name in files.
        ours, theirs: pairs, turn by turn, in one unit.
        limits: advances a second of the machine before, between and after.
        profile: where the time goes, where a goal is missed.
        missing: why there is no figure; then there are no pairs.
    """

    key: str
    name: str
    unit: str
    bound: Bound
    ours: Sequence[float] = ()
    theirs: Sequence[float] = ()
    limits: Sequence[float] = ()
    profile: Sequence[str] = ()
    missing: str = ""

    @property
    def ratios(self) -> list[float]:
        """Return ours over theirs, pair by pair."""
        return [mine / other for mine, other in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """Return the median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def holds(self) -> bool:
        """Tell whether the bound is kept."""
        return self.bound.holds(self.ratio)

    @property
    def reaches_goal(self) -> bool:
        """Tell whether the goal is reached."""
        return self.bound.reaches(self.ratio)

    @property
    def misses_goal(self) -> bool:
        """Tell whether it was measured, and the goal is not reached."""
        return not self.missing and not self.reaches_goal

    @property
    def is_noisy(self) -> bool:
        """Tell whether the limit moved by more than a fifth while this was measured."""
        return bool(self.limits) and is_noisy(min(self.limits), max(self.limits))

    def told(self) -> dict[str, object]:
        """Return the row as the file of figures has it."""
        if self.missing:
            return {"name": self.name, "not_measured": self.missing}
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": spread(self.ours),
            "compared_with": spread(self.theirs),
            "ratio": round(self.ratio, 3),
            "ratios": [round(ratio, 3) for ratio in self.ratios],
            "least": self.bound.least,
            "most": self.bound.most,
            "goal": self.bound.goal,
            "holds": self.holds,
            "reaches_goal": self.reaches_goal,
            "noisy": self.is_noisy,
            "limits": [round(limit) for limit in self.limits],
            **({"profile": list(self.profile)} if self.profile else {}),
        }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, least and most."""
    return {
        "median": round(statistics.median(values), 4),
        "min": round(min(values), 4),
        "max": round(max(values), 4),
    }


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value below which that share of a hundred lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """Return how time grows with size: 1 is in proportion. Each is (size, seconds)."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def is_noisy(before: float, after: float) -> bool:
    """Tell whether the limit moved by more than a fifth while something was measured."""
    return abs(after - before) > _QUIET * max(before, after)
