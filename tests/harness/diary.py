"""Who claimed what and who died over it: how soon work goes on whose worker is gone."""

from __future__ import annotations

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from uuid import UUID

_HUNDREDTHS = 100


class Diary:
    """A file that many processes append to; its times are those of a clock that never jumps."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def claimed(self, entries: Iterable[UUID]) -> None:
        """Write down that this process has taken these jobs."""
        self._write(f"{entry} {os.getpid()} claim" for entry in entries)

    def handed_in(self, entries: Iterable[UUID]) -> None:
        """Write down that this process has told what came of these jobs."""
        self._write(f"{entry} {os.getpid()} report" for entry in entries)

    def dies(self) -> None:
        """Write down that this process is about to be killed."""
        self._write([f"- {os.getpid()} death"])

    def _write(self, lines: Iterable[str]) -> None:
        now = time.monotonic()
        os.write(self._handle, "".join(f"{now:.4f} {line}\n" for line in lines).encode())


def resumed(path: Path) -> dict[str, float]:
    """Return how many seconds passed from a death to the next claim of what was held, in short."""
    deaths: dict[str, float] = {}
    seen: dict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for line in path.read_text().splitlines():
        at, entry, pid, what = line.split()
        if what == "death":
            deaths[pid] = float(at)
        else:
            seen[entry].append((float(at), pid, what))
    waits = [
        later - deaths[pid]
        for events in seen.values()
        for (_at, pid, held), (later, _pid, taken) in pairwise(sorted(events))
        if (held, taken) == ("claim", "claim") and pid in deaths and deaths[pid] <= later
    ]
    return _in_short(waits)


def _in_short(waits: list[float]) -> dict[str, float]:
    if len(waits) < 2:
        return {"times": len(waits)}
    shares = statistics.quantiles(waits, n=_HUNDREDTHS, method="inclusive")
    figures = {"median": shares[49], "p95": shares[94], "p99": shares[98], "worst": max(waits)}
    return {"times": len(waits), **{name: round(value, 2) for name, value in figures.items()}}
