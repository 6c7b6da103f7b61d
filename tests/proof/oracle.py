"""Tries the engine against the oracle at length, and walks every order of larger joins.

100,000 seeds, and the 34,650 orders of three branches of four steps for each kind of join, in at
most 20 minutes on two processors. SEEDS chooses another number. What fails is printed with its
seed and a smaller process that fails as well.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from typing import Any

from tests.support.oracle import interleavings, trials
from tests.support.proof import write

_SEEDS = int(os.environ.get("SEEDS") or "100000")
_AT_ONCE = 500
_LENGTHS = (4, 4, 4)


def main() -> int:
    """Try everything, write the figures, and return 1 where something failed."""
    began = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        firsts = range(0, _SEEDS, _AT_ONCE)
        walked = pool.map(_walked, interleavings.JOINS)
        failed = list(chain.from_iterable(pool.map(_failed, firsts)))
        orders = dict(zip(interleavings.JOINS, walked, strict=True))
    figures: dict[str, Any] = {
        "what": "seeds tried and failed; orders of a join's branches, each with a crash per step",
        "seeds": _SEEDS,
        "failed": len(failed),
        "orders": orders,
        "expected_orders": interleavings.orders(_LENGTHS),
        "minutes": round((time.monotonic() - began) / 60, 1),
    }
    sys.stdout.write("".join(f"{failure}\n" for failure in failed))
    sys.stdout.write(f"{write('oracle', figures)}: {figures}\n")
    return 1 if failed or set(orders.values()) != {interleavings.orders(_LENGTHS)} else 0


def _failed(first: int) -> list[str]:
    seeds = range(first, min(first + _AT_ONCE, _SEEDS))
    return [str(failure) for failure in trials.failures(seeds)]


def _walked(kind: str) -> int:
    return interleavings.walk_apart(interleavings.JOINS[kind], _LENGTHS)


if __name__ == "__main__":
    sys.exit(main())
