"""A decision answers the same however deep its asker stands in calls of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.decisions import Decisions, read
from engine.expressions import FeelBudgetExceeded, parse

MODEL = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:t" name="t">'
    '<decision id="d" name="D"><variable name="D"/>{}</decision></definitions>'
)
TURN = (
    "<for iteratorVariable='x'><in><literalExpression><text>[1]</text></literalExpression></in>"
    "<return>"
)
NESTED = MODEL.format(
    TURN * 95 + "<literalExpression><text>1</text></literalExpression>" + "</return></for>" * 95
)
ENDLESS = "{f: function(g, n) g(g, n + 1), r: f(f, 0)}.r"


def deep(frames: int, ask: Callable[[], object]) -> object:
    return ask() if frames == 0 else deep(frames - 1, ask)


@pytest.mark.parametrize("frames", [0, 500])
def test_boxes_are_decided_from_anywhere(frames: int) -> None:
    model = Decisions(read(NESTED.encode()))

    assert deep(frames, lambda: model.decide("D", {}).value is not None)


@pytest.mark.parametrize("frames", [0, 500])
def test_calls_without_end_are_refused_in_words_from_anywhere(frames: int) -> None:
    endless = parse(ENDLESS)

    with pytest.raises(FeelBudgetExceeded, match="500 levels of nested calls"):
        deep(frames, lambda: endless.evaluate({}))
