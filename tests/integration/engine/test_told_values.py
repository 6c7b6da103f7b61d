"""What a run knows is told as people say it."""

from __future__ import annotations

import pytest

from engine.pages.forms import plain


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("PT0S", "0 s"),
        ("PT1H30M", "1 h 30 min"),
        ("P2M", "2 months"),
        ("2026-11-21T12:00:00Z", "21 Nov 2026, 12:00"),
        ("2026-11-21T14:00:00@Europe/Berlin", "2026-11-21T14:00:00@Europe/Berlin"),
        ("P", "P"),
        ("Patch", "Patch"),
        ("2026-13-01T00:00:00Z", "2026-13-01T00:00:00Z"),
        (7, "7"),
    ],
)
def test_a_span_and_a_moment_are_told_in_words(value: object, told: str) -> None:
    assert plain({"opens_in": value}) == [("Opens in", told)]
