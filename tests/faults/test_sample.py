"""A sample of every fault, as `manage.py faults --profile sample` plays it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.crash_points import Point
from tests.harness.sink import BAD

ROOT = Path(__file__).resolve().parents[2]
SEED = "7"

pytestmark = pytest.mark.faults


def test_nothing_is_lost_and_nothing_happens_twice(tmp_path: Path) -> None:
    kept = tmp_path / "faults.json"
    command = [sys.executable, "manage.py", "faults", "--profile", "sample"]
    told = ["--seed", SEED, "--json", str(kept)]

    done = subprocess.run(  # noqa: S603
        [*command, *told], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-3_000:]
    figures = json.loads(kept.read_text())
    assert figures["violations"] == 0
    assert figures["seed"] == int(SEED)
    faults = figures["faults"]
    # How often a worker rings is up to chance; at all other points each run has its kills.
    assert all(faults[f"kill worker {point}"] for point in Point if point is not Point.DOORBELL)
    others = ("kill random", "kill celery child", "pause", "cut after commit", "stop database")
    seldom = ("kill web locked", "kill web at random", "clock jump", "late doorbell")
    assert all(faults[fault] for fault in others + seldom)
    assert faults["flush"]
    assert faults["poisoned"]
    assert any(faults.get(f"outside {mood}") for mood in BAD)
