"""Where the time goes: functions by cProfile, and statements by what they took together."""

from __future__ import annotations

import cProfile
import pstats
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection

from config.env import ROOT

_LINES = 12
_WIDTH = 100


def profile(work: Callable[[], None]) -> list[str]:
    """Do something in this process and return lines that tell where its time went."""
    statements = _Statements()
    profiler = cProfile.Profile()
    began = time.perf_counter()
    with connection.execute_wrapper(statements):
        profiler.runcall(work)
    seconds = time.perf_counter() - began
    return [
        f"{seconds:.2f} s in this process, {statements.total:.2f} s of them in statements",
        *statements.lines(seconds),
        *_functions(pstats.Stats(profiler), seconds),
    ]


class _Statements:
    """Adds up what each statement took, as the program that waits sees it."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._times: Counter[str] = Counter()

    def __call__(
        self, execute: Callable[..., Any], text: str, values: Any, many: Any, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(text, values, many, context)
        finally:
            name = re.sub(r"\s+", " ", text if isinstance(text, str) else repr(text)).strip()
            self._seconds[name[:_WIDTH]] += time.perf_counter() - began
            self._times[name[:_WIDTH]] += 1

    @property
    def total(self) -> float:
        return sum(self._seconds.values())

    def lines(self, seconds: float) -> Sequence[str]:
        return [
            f"{100 * spent / seconds:5.1f} %  {self._times[name]:6}x  {name}"
            for name, spent in sorted(self._seconds.items(), key=lambda one: -one[1])[:_LINES]
        ]


def _functions(stats: pstats.Stats, seconds: float) -> list[str]:
    """Return the functions in which most time is spent, what they call not counted."""
    found: dict[tuple[str, int, str], tuple[Any, ...]] = stats.stats  # type: ignore[attr-defined]
    most = sorted(found.items(), key=lambda one: -one[1][2])[:_LINES]
    return [
        f"{100 * own / seconds:5.1f} %  {calls:6}x  {name} ({_place(file)}:{line})"
        for (file, line, name), (_primitive, calls, own, *_rest) in most
    ]


def _place(file: str) -> str:
    with suppress(ValueError):
        return str(Path(file).relative_to(ROOT))
    return "/".join(Path(file).parts[-2:])
