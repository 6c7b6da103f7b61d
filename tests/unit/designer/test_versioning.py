"""Numbers go up by one; a digest moves with everything an approval is bound to."""

from __future__ import annotations

import pytest

from designer.versioning import BoardRules, closure_digest, model_digest, next_number

RULES = BoardRules(board="cab", quorum=2, risk_class="MEDIUM")
SAME = {"xml": b"<a/>", "resources": {}, "connectors": ["http:1", "chat:1"], "rules": RULES}


@pytest.mark.parametrize(("published", "following"), [([], 1), ([1], 2), ([3, 1, 2], 4)])
def test_the_next_number_follows_the_highest(published: list[int], following: int) -> None:
    assert next_number(published) == following


@pytest.mark.parametrize(
    "other",
    [
        {"xml": b"<a />"},
        {"resources": {"a.dmn": "1"}},
        {"connectors": ["http:2", "chat:1"]},
        {"connectors": ["http:1"]},
        {"rules": BoardRules(board="security", quorum=2, risk_class="MEDIUM")},
        {"rules": BoardRules(board="cab", quorum=1, risk_class="MEDIUM")},
        {"rules": BoardRules(board="cab", quorum=2, risk_class="HIGH")},
    ],
)
def test_whatever_is_used_enters_the_digest(other: dict[str, object]) -> None:
    assert closure_digest(**{**SAME, **other}) != closure_digest(**SAME)  # type: ignore[arg-type]


def test_the_order_of_connectors_does_not_matter() -> None:
    turned = {**SAME, "connectors": ["chat:1", "http:1", "http:1"]}
    assert closure_digest(**turned) == closure_digest(**SAME)  # type: ignore[arg-type]


def test_one_space_is_another_model() -> None:
    assert model_digest(b"<a/>") != model_digest(b"<a />")
