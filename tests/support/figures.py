"""Figures of a load test: spread, ratios of pairs, growth, and whether the machine was quiet."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

#: By how much the limit may move between its two measurements.
_QUIET = 0.20
_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured against what; `least` and `most` are the bounds that must hold.

    `ours` and `theirs` are pairs, turn by turn, in one unit; the ratio is the median of the pairs'.
    """

    name: str
    unit: str
    ours: Sequence[float]
    theirs: Sequence[float]
    least: float | None = None
    most: float | None = None
    goal: float | None = None
    is_noisy: bool = False

    @property
    def ratio(self) -> float:
        """Return ours over theirs, as the median of the pairs has it."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return statistics.median(mine / other for mine, other in pairs)

    @property
    def holds(self) -> bool:
        """Tell whether the ratio is within its bounds."""
        is_enough = self.least is None or self.ratio >= self.least
        return is_enough and (self.most is None or self.ratio <= self.most)

    def told(self) -> dict[str, object]:
        """Return the row as the figures' file has it."""
        return {
            "unit": self.unit,
            "ours": spread(self.ours),
            "compared_with": spread(self.theirs),
            "ratio": round(self.ratio, 3),
            "least": self.least,
            "most": self.most,
            "goal": self.goal,
            "holds": self.holds,
            "noisy": self.is_noisy,
        }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, least and most."""
    return {
        "median": round(statistics.median(values), 4),
        "min": round(min(values), 4),
        "max": round(max(values), 4),
    }


def exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """Return how time grows with size: 1 is in proportion. Each is (size, seconds)."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def is_noisy(before: float, after: float) -> bool:
    """Tell whether the limit moved by more than a fifth while something was measured."""
    return abs(after - before) > _QUIET * max(before, after)


def chart(rows: Sequence[Row]) -> str:
    """Return the ratios as bars of text: the mark is the bound that must hold."""
    return "\n".join(_bar(row) for row in rows)


def _bar(row: Row) -> str:
    bound = row.least if row.least is not None else row.most
    longest = 2 * (bound or row.ratio)
    filled = min(_WIDTH, round(_WIDTH * row.ratio / longest))
    bar = list("█" * filled + "·" * (_WIDTH - filled))
    bar[_WIDTH // 2] = "│"
    word = "at least" if row.least is not None else "at most"
    verdict = "holds" if row.holds else "MISSED"
    noise = ", NOISY: the limit moved" if row.is_noisy else ""
    text = "".join(bar)
    return f"{row.name:<44} {text} {row.ratio:7.2f}  {word} {bound:g}: {verdict}{noise}"
