"""Simulates at length, and every mutant until it is caught.

100,000 seeds in some ten minutes on two processors. SEEDS chooses another number, FIRST where they
begin. What fails is printed with its seed, a smaller process and fewer faults that fail as well.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from typing import Any

from tests.support.proof import write
from tests.support.simulation import trials
from tests.support.simulation.mutants import MUTANTS

_SEEDS = int(os.environ.get("SEEDS") or "100000")
_FIRST = int(os.environ.get("FIRST") or "0")
_AT_ONCE = 500
_MUTATED = 1_000
"""Seeds each mutant is tried with."""


def main() -> int:
    """Simulate everything, write the figures, and return 1 where something failed."""
    began = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        firsts = range(_FIRST, _FIRST + _SEEDS, _AT_ONCE)
        caught = pool.map(_caught, MUTANTS)
        tried = list(pool.map(_tried, firsts))
        mutants = dict(zip(MUTANTS, caught, strict=True))
    failed = list(chain.from_iterable(failures for failures, _, _ in tried))
    figures: dict[str, Any] = {
        "what": "simulations of whole processes under faults: seeds, steps, faults that struck, "
        f"and the share of {_MUTATED} seeds that catch each mutant",
        "first_seed": _FIRST,
        "seeds": _SEEDS,
        "failed": len(failed),
        "steps": sum(steps for _, steps, _ in tried),
        "faults": dict(sum((struck for _, _, struck in tried), Counter[str]())),
        "mutants_caught": sum(share > 0 for share in mutants.values()),
        "mutants": mutants,
        "minutes": round((time.monotonic() - began) / 60, 1),
    }
    sys.stdout.write("".join(f"{failure}\n" for failure in failed))
    sys.stdout.write(f"{write('sim', figures)}: {figures}\n")
    return 1 if failed or not all(mutants.values()) else 0


def _tried(first: int) -> tuple[list[str], int, Counter[str]]:
    """Return what failed, how many steps were made, and which faults struck."""
    failed: list[str] = []
    steps, struck = 0, Counter[str]()
    for seed in range(first, min(first + _AT_ONCE, _FIRST + _SEEDS)):
        try:
            played = trials.SOUND.play(trials.scenario_of(seed))
        except Exception:  # noqa: BLE001 - whatever the engine raises is a finding
            failed += [str(failure) for failure in trials.failures([seed])]
        else:
            steps += played.steps
            struck.update(fault.value for fault in played.happened)
    return failed, steps, struck


def _caught(name: str) -> float:
    """Return the share of seeds that catch a mutant, in per cent."""
    scenarios = map(trials.scenario_of, range(_MUTATED))
    broken = sum(bool(trials.broken(scenario, MUTANTS[name])) for scenario in scenarios)
    return round(100 * broken / _MUTATED, 2)


if __name__ == "__main__":
    sys.exit(main())
