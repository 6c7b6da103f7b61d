"""What the load test compares with is what was given, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import shared

_OURS = Path(__file__).resolve().parents[3] / "config" / "loadtest" / "baselines"


@pytest.mark.parametrize("name", sorted(path.name for path in _OURS.iterdir() if path.is_file()))
def test_a_baseline_is_used_unchanged(name: str) -> None:
    given = shared.SHARED / "bench" / name
    if not given.is_file():
        pytest.skip(f"there is no {given} to compare with")

    assert (_OURS / name).read_bytes() == given.read_bytes()
