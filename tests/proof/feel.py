"""Measures FEEL: against pySFeel and bkflow-feel, comparisons a second, memory of an expression.

Each implementation runs in a process and an environment of its own. They are asked turn by turn,
case by case, the cases that ours and the other answer as the TCK does; cases whose answer is null
are left out, since an error costs each of them something else. Goals: 20 times as fast as each;
1,000,000 compiled comparisons a second on one core.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from config.setup import beside
from engine.expressions import FeelSyntaxError, parse
from engine.expressions.expression import _parse
from tests.support import feel_cases
from tests.support.proof import ROOT, write

WAYS = ("called", "compiled", "cold")
PEERS = ("pysfeel", "bkflow")
_PROGRAM = ROOT / "tests" / "support" / "feel_evaluator.py"
_TURNS = 2
_MOST = 120
"""Cases that are timed of each pair, spread over all."""
_GOAL = 20
_COMPARISON = "amount > 1000"
_BATCH, _BATCHES = 20_000, 10


@dataclass(frozen=True)
class Peer:
    """An implementation in its own process."""

    process: subprocess.Popen[str]

    def ask(self, do: str, case: dict[str, Any], way: str) -> dict[str, Any]:
        """Return its answer; one that raised something says so."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"do": do, "expr": case["expr"], "inp": case["inp"], "way": way}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def passes(self, case: dict[str, Any]) -> bool:
        """Return whether it answers a case as expected, in each way of calling."""
        answers = [self.ask("answer", case, way) for way in WAYS]
        return all(
            "value" in answer and feel_cases.same(case["exp"], answer["value"])
            for answer in answers
        )


def main() -> None:
    """Measure, and write the figures."""
    cases = {
        (case["dir"], case["id"]): case for case in feel_cases.cases() if case["exp"] is not None
    }
    with ExitStack() as stack:
        peers = {name: stack.enter_context(_running(name)) for name in ("ours", *PEERS)}
        passed = {
            name: {key for key, case in cases.items() if peer.passes(case)}
            for name, peer in peers.items()
        }
        both = {
            name: [cases[key] for key in sorted(passed["ours"] & passed[name])] for name in PEERS
        }
        figures = {
            "what": "processor time of another library to ours, same cases, turn by turn",
            "cases": {"from": feel_cases.source(), "with_a_value": len(cases)},
            "passed": {name: len(found) for name, found in passed.items()},
            "compared": {name: _compared(peers, name, both[name]) for name in PEERS},
        }
    figures |= {"comparisons": _comparisons(), "memory": _memory([*cases.values()])}
    sys.stdout.write(f"{write('feel', figures)}: {json.dumps(figures, indent=2)}\n")


@contextmanager
def _running(name: str) -> Iterator[Peer]:
    python = beside.home(ROOT, beside.FEEL_PEERS) / "bin" / "python"
    if not python.exists():
        sys.exit("The other implementations are not installed: run `make setup-peers` first.")
    command = [str(python), "-I", str(_PROGRAM), name]
    if name == "ours":
        command = [sys.executable, "-m", "tests.support.feel_evaluator", name]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Peer(process)
        finally:
            process.kill()


def _compared(peers: dict[str, Peer], name: str, cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how many times as long the other library takes, in each way of calling."""
    chosen = cases[:: max(1, len(cases) // _MOST)]
    return {"cases": len(chosen)} | {
        way: _ratios([_turns(peers["ours"], peers[name], case, way) for case in chosen])
        for way in WAYS
    }


def _turns(ours: Peer, other: Peer, case: dict[str, Any], way: str) -> tuple[float, float]:
    """Return the seconds of both for a case: the best of turns that took each other's place."""
    turns = [
        (ours.ask("time", case, way)["seconds"], other.ask("time", case, way)["seconds"])
        for _ in range(_TURNS)
    ]
    return min(one for one, _ in turns), min(other for _, other in turns)


def _ratios(times: list[tuple[float, float]]) -> dict[str, float]:
    ours, others = (sum(column) for column in zip(*times, strict=True))
    each = [other / one for one, other in times]
    return {
        "ours_microseconds": round(ours / len(times) * 1e6, 2),
        "other_microseconds": round(others / len(times) * 1e6, 2),
        "ratio_of_totals": round(others / ours, 1),
        "ratio_median": round(statistics.median(each), 1),
        "cases_at_20_or_more": round(sum(ratio >= _GOAL for ratio in each) / len(each), 3),
    }


def _comparisons() -> dict[str, Any]:
    """Return how many comparisons one core makes a second, each with a budget of its own."""
    expression = parse(_COMPARISON)
    scope = {"amount": Decimal(1500)}
    return {
        "text": _COMPARISON,
        "compiled_per_second": _rate(lambda: expression.evaluate(scope)),
        "compiled_from_json_per_second": _rate(lambda: expression.evaluate({"amount": 1500})),
        "parse_and_evaluate_per_second": _rate(lambda: _parse(_COMPARISON, ()).evaluate(scope)),
    }


def _rate(evaluate: Callable[[], object]) -> int:
    def batch() -> float:
        began = time.process_time()
        for _ in range(_BATCH):
            evaluate()
        return _BATCH / (time.process_time() - began)

    return round(max(batch() for _ in range(_BATCHES)))


def _memory(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the bytes that compiled expressions hold, their trees and texts included."""
    texts = [case["expr"] for case in cases]
    return {
        "bytes_of_a_comparison": _held([_COMPARISON] * 1_000),
        "bytes_of_a_case": _held(texts),
        "characters_of_a_case": round(statistics.mean(map(len, texts))),
    }


def _held(texts: list[str]) -> int:
    for text in texts:
        _try_parse(text)  # What is shared by all is there already.
    gc.collect()
    tracemalloc.start()
    kept = [_try_parse(text) for text in texts]
    held, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(held / len(kept))


def _try_parse(text: str) -> object:
    try:
        return _parse(text, ())
    except FeelSyntaxError:
        return None


if __name__ == "__main__":
    main()
