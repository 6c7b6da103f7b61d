"""Half a minute of strange texts for FEEL; an hour of them is `make proof-feel`."""

from __future__ import annotations

import os

import pytest

from engine.expressions import FeelSyntaxError
from tests.support import feel_fuzz

SECONDS = 30


def test_no_text_breaks_feel() -> None:
    tally = feel_fuzz.fuzz(SECONDS, seed=1)

    assert {"refused", "value", "null"} <= tally.ends.keys()
    assert tally.texts > SECONDS * 10


def test_the_fuzzer_names_what_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(text: str) -> None:
        raise KeyError(text)

    monkeypatch.setattr(feel_fuzz, "parse", breaks)

    with pytest.raises(AssertionError, match=r"^KeyError for '"):
        feel_fuzz.fuzz(1, seed=1)


def test_the_fuzzer_names_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def dawdles(text: str) -> None:
        until = os.times().user + 0.05
        while os.times().user < until:
            pass
        raise FeelSyntaxError(line=1, column=1, found="x", expected="y")

    monkeypatch.setattr(feel_fuzz, "parse", dawdles)
    monkeypatch.setattr(feel_fuzz, "LONGEST", 0.01)

    with pytest.raises(AssertionError, match=r"^0\.\d s for '"):
        feel_fuzz.fuzz(1, seed=1)


def test_one_seed_gives_the_same_texts() -> None:
    assert feel_fuzz.some_texts(50, seed=7) == feel_fuzz.some_texts(50, seed=7)
    assert feel_fuzz.some_texts(50, seed=7) != feel_fuzz.some_texts(50, seed=8)
