"""What a hostile model may cost: reading, compiling, asking and analysing all end soon."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.decisions import Decisions, read
from engine.expressions import FeelBudgetExceeded

SECONDS = 10  # ten times what the slowest takes on two busy cores


def decisions(body: str) -> Decisions:
    return Decisions(
        read(
            (
                '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" '
                f'namespace="urn:t" name="t">{body}</definitions>'
            ).encode()
        )
    )


def decision(logic: str, type_name: str = "Any") -> str:
    return f'<decision id="d" name="D"><variable name="D" typeRef="{type_name}"/>{logic}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


def entry(name: str, text: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{literal(text)}</contextEntry>'


@contextmanager
def soon() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    ("opening", "closing", "most"),
    [
        ("<list>", "</list>", 95),
        (
            f"<for iteratorVariable='x'><in>{literal('[1]')}</in><return>",
            "</return></for>",
            95,
        ),
        (f"<filter><match>{literal('true')}</match><in>", "</in></filter>", 95),
        ("<functionDefinition>", "</functionDefinition>", 190),
        ("<context><contextEntry>", "</contextEntry></context>", 95),
    ],
)
def test_boxes_as_deep_as_a_file_may_be_are_decided(opening: str, closing: str, most: int) -> None:
    deep = decisions(decision(opening * most + literal("1") + closing * most))

    with soon():
        assert deep.decide("D", {}).value is not None


def test_a_value_that_doubles_at_every_step_is_not_looked_through() -> None:
    types = "".join(
        f'<itemDefinition name="t{at}" isCollection="true"><typeRef>'
        f"{f't{at + 1}' if at < 40 else 'number'}</typeRef></itemDefinition>"
        for at in range(41)
    )
    doubling = "".join(entry(f"a{at}", f"[a{at - 1}, a{at - 1}]") for at in range(1, 41))
    logic = f"<context>{entry('a0', '[1]')}{doubling}<contextEntry>{literal('a40')}</contextEntry>"

    with soon(), pytest.raises(FeelBudgetExceeded):
        decisions(types + decision(logic + "</context>", "t0")).decide("D", {})


def test_arguments_that_are_long_lists_are_paid_for_at_every_call() -> None:
    function = (
        '<functionDefinition><formalParameter name="x" typeRef="list&lt;number>"/>'
        f"{literal('1')}</functionDefinition>"
    )
    logic = (
        f"<context>{entry('l', 'for i in 1..20000 return i')}"
        f'<contextEntry><variable name="f"/>{function}</contextEntry>'
        f"<contextEntry>{literal('for i in 1..5000 return f(l)')}</contextEntry></context>"
    )

    with soon(), pytest.raises(FeelBudgetExceeded):
        decisions(decision(logic)).decide("D", {})


@pytest.mark.parametrize("policy", ["FIRST", "PRIORITY", "UNIQUE"])
def test_a_table_of_many_rules_is_analysed_as_far_as_it_goes(policy: str) -> None:
    rules = "".join(
        f"<rule><inputEntry><text>[{at}..{at + 500}]</text></inputEntry>"
        f"<outputEntry><text>{at % 7}</text></outputEntry></rule>"
        for at in range(800)
    )
    table = (
        f'<decisionTable hitPolicy="{policy}"><input><inputExpression><text>1</text>'
        "</inputExpression></input><output><outputValues><text>1, 2, 3, 4, 5, 6, 0</text>"
        f"</outputValues></output>{rules}</decisionTable>"
    )

    with soon():
        assert not decisions(decision(table)).analysed()[0].complete


def test_constants_that_take_long_are_left_unjudged() -> None:
    rule = (
        "<rule><inputEntry><text>count(for i in 1..90000 return i)</text></inputEntry>"
        "<outputEntry><text>1</text></outputEntry></rule>"
    )
    table = (
        "<decisionTable><input><inputExpression><text>1</text></inputExpression></input>"
        f"<output/>{rule * 200}</decisionTable>"
    )
    model = decisions(decision(table))

    with soon():
        assert len(model.analysed()[0].unjudged) == 200
    with soon(), pytest.raises(FeelBudgetExceeded):
        model.decide("D", {})
