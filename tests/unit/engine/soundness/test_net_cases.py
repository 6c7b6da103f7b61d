"""What the editor's token game is held against is what the soundness check says today."""

from __future__ import annotations

from tests.support.net_cases import CASES, cases, written


def test_the_cases_of_the_editor_are_those_of_the_soundness_check() -> None:
    assert CASES.read_text(encoding="utf-8") == written()


def test_they_hold_sound_and_both_kinds_of_unsound_nets() -> None:
    flawed = [(case["deadlock"], case["doubled"]) for case in cases()]
    assert flawed.count((False, False)) >= len(flawed) // 2
    assert sum(deadlock for deadlock, _ in flawed) >= 5
    assert sum(doubled for _, doubled in flawed) >= 5
