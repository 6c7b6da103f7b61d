"""Keeps the figures of the full profile: docs/proof/faults.json, one entry for each trial.

A trial takes from a minute to half an hour. Each is written down when it has been played, with its
own date, commit and load, in the place of what was there of it; so all of them may be played one
by one, and what has not been played is named.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from config.loadtest.machine import head
from tests.harness.play import Report
from tests.harness.profiles import PROFILES
from tests.support import proof

PROFILE = "full"
_NAME = "faults"


def keep(report: Report, seed: int) -> Path:
    """Write down what came of a trial, and the sums over all; return the file."""
    target = proof.ROOT / "docs" / "proof" / f"{_NAME}.json"
    known = json.loads(target.read_text(encoding="utf-8"))["figures"] if target.exists() else {}
    trials = {one["name"]: one for one in known.get("trials", ())}
    trials[report.name] = {**head(), "seed": seed, **asdict(report)}
    names = [trial.name for trial in PROFILES[PROFILE]]
    return proof.write(_NAME, summed(trials, names))


def summed(trials: Mapping[str, Mapping[str, Any]], names: Collection[str]) -> dict[str, Any]:
    """Return the trials of these names in their order, what they sum up to, and who is missing."""
    played = [trials[name] for name in names if name in trials]
    faults: Counter[str] = Counter()
    for one in played:
        faults.update(one["faults"])
    return {
        "what": "faults of the full profile: what was done, and invariants violated (0 wanted)",
        "not_played": [name for name in names if name not in trials],
        "skipped": {one["name"]: one["skipped"] for one in played if one["skipped"]},
        "instances": sum(one["instances"] for one in played),
        "effects": sum(one["effects"] for one in played),
        "kills": sum(times for fault, times in faults.items() if fault.startswith("kill ")),
        "faults": dict(sorted(faults.items())),
        "violations": sum(len(one["violations"]) for one in played),
        "seconds": round(sum(one["seconds"] for one in played), 1),
        "trials": played,
    }
