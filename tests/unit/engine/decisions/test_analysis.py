"""The analysis of tables, against tables small enough to judge by hand."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

import pytest

from engine.decisions import read
from engine.decisions.analysis import Analysis, analysed
from engine.decisions.findings import sentences
from engine.expressions import Run, parse_unary_tests

MODEL = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:t" name="t">'
    '<decision id="d" name="D"><decisionTable id="t" hitPolicy="{policy}">{inputs}'
    "<output>{values}</output>{rules}</decisionTable></decision></definitions>"
)


def table(
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    outputs: Sequence[str] = (),
    values: str = "",
    input_values: str = "",
) -> Analysis:
    def cell(tag: str, text: str) -> str:
        escaped = text.replace("<", "&lt;")
        return f"<{tag}><text>{escaped}</text></{tag}>"

    allowed = cell("inputValues", input_values) if input_values else ""
    inputs = "".join(
        f"<input label='{name}'>{cell('inputExpression', name)}{allowed}</input>"
        for name in "abc"[: len(rules[0])]
    )
    rows = ""
    for row, output in itertools.zip_longest(rules, outputs, fillvalue="1"):
        entries = "".join(cell("inputEntry", one) for one in row)
        rows += f"<rule>{entries}{cell('outputEntry', output)}</rule>"
    listed = cell("outputValues", values) if values else ""
    text = MODEL.format(policy=policy, inputs=inputs, rules=rows, values=listed)
    return analysed(read(text.encode()))[0]


def gaps(analysis: Analysis) -> list[tuple[str, ...]]:
    return [gap.where for gap in analysis.gaps]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["< 5", ">= 5"], []),
        (["< 5", "> 5"], ["5"]),
        (["[1..5)", "[5..9]"], ["< 1, > 9"]),
        (["< 5", "> 7"], ["[5..7]"]),
        (["]1..3[", "<= 1"], [">= 3"]),
        (["1, 2"], ["< 1, (1..2), > 2"]),
        (["not(1, 2)"], ["1, 2"]),
        (["!= 3"], ["3"]),
        (["true"], ["false"]),
        (["true", "false"], []),
        (['"a"', '"b"'], ["any other"]),
        (['not("a")'], ['"a"']),
        (['< "m"'], ['>= "m"']),
        (['<= @"2026-01-31"', '>= @"2026-02-01"'], []),
        (['< date("2026-01-31")', '> @"2026-01-31"'], ["2026-01-31"]),
        (['<= @"PT1H"'], ["> PT1H"]),
        (["null", "> 0"], ["<= 0"]),
        (["-"], []),
    ],
)
def test_values_that_no_rule_covers_are_found(cells: list[str], expected: list[str]) -> None:
    found = table([[cell] for cell in cells])

    assert gaps(found) == [(one,) for one in expected]
    assert not found.unjudged
    assert found.complete


def test_gaps_over_several_columns_are_put_together() -> None:
    found = table([["< 5", "true"], [">= 5", "-"]])

    assert gaps(found) == [("< 5", "false")]


def test_the_input_values_bound_what_can_be_missing() -> None:
    assert gaps(table([['"a"']], input_values='"a", "b"')) == [('"b"',)]
    assert gaps(table([["[0..5]"]], input_values="[0..10]")) == [("(5..10]",)]


def test_rules_that_match_together_are_told_with_where() -> None:
    found = table([["[1..5]", "-"], ["[5..9]", "true"], ["> 20", "-"]])

    assert [(one.rules, one.where, one.conflict) for one in found.overlaps] == [
        ((1, 2), ("5", "true"), True)
    ]


@pytest.mark.parametrize(
    ("policy", "outputs", "conflict"),
    [
        ("UNIQUE", ["1", "1"], True),
        ("ANY", ["1", "1"], False),
        ("ANY", ["1", "2"], True),
        ("FIRST", ["1", "2"], False),
        ("COLLECT", ["1", "2"], False),
    ],
)
def test_whether_an_overlap_is_a_conflict_is_for_the_hit_policy(
    policy: str,
    outputs: list[str],
    conflict: bool,  # noqa: FBT001  (a parameter of the cases)
) -> None:
    found = table([["> 1"], ["> 2"]], policy, outputs)

    assert [one.conflict for one in found.overlaps] == [conflict]


def test_a_rule_behind_others_that_cover_it_is_unreachable_in_a_first_table() -> None:
    rows = [["< 5"], [">= 5"], ["[1..9]"]]

    assert [(one.rule, one.before) for one in table(rows, "FIRST").unreachable] == [(3, (1, 2))]
    assert not table(rows, "RULE ORDER").unreachable


def test_a_rule_below_a_more_important_one_is_unreachable_in_a_priority_table() -> None:
    found = table([["> 5"], ["> 0"]], "PRIORITY", ['"no"', '"yes"'], '"yes", "no"')

    assert [(one.rule, one.before) for one in found.unreachable] == [(1, (2,))]


def test_a_rule_whose_cells_allow_nothing_is_told() -> None:
    found = table([["[9..1]"], ["> 100"]], input_values="[0..10]")

    assert [(one.rule, one.before) for one in found.unreachable] == [(1, ()), (2, ())]


def test_a_cell_that_reads_names_is_told_and_makes_gaps_uncertain() -> None:
    found = table([["> limit"], ["< 5"]])

    assert [(one.row, one.column, one.text) for one in found.unjudged] == [(1, 1, "> limit")]
    assert [(gap.where, gap.certain) for gap in found.gaps] == [((">= 5",), False)]
    assert not found.overlaps


def test_a_table_too_large_to_judge_says_so() -> None:
    rows = [[f"[{at}..{at + 200}]", f"[{at}..{at + 100}]", f"< {at}"] for at in range(300)]

    assert not table(rows).complete


def test_findings_are_sentences() -> None:
    told = list(sentences(table([["< 5", "true"], ["[4..9]", "odd(?)"], ["[4..9]", "true"]])))

    assert told == [
        (
            "D: Rules 1 and 3 both match where a: [4..5), b: true, "
            "which the hit policy UNIQUE forbids."
        ),
        "D: No rule matches where a: < 4, b: false.",
        "D: No rule matches where a: > 9.",
        "D: No rule that could be judged matches where a: [4..9], b: false.",
        "D: Row 2, column 2 (b) is too complex to judge: odd(?).",
    ]


def test_the_analysis_agrees_with_trying_every_value() -> None:
    cells = ["< 2", "[2..4]", "(3..6)", "not(5)", "1, 7", ">= 6", "]4..5]"]
    values = [Decimal(number) / 2 for number in range(-1, 18)]

    def holds(text: str, value: Decimal) -> bool:
        return parse_unary_tests(text).verdict(Run(), value, {}) is True

    for chosen in itertools.combinations(cells, 3):
        found = table([[one] for one in chosen])
        missing = ", ".join(gap.where[0] for gap in found.gaps)
        for value in values:
            covered = any(holds(one, value) for one in chosen)
            assert covered != (bool(missing) and holds(missing, value)), (chosen, value, missing)
        pairs = {
            (at + 1, other + 1)
            for at, other in itertools.combinations(range(3), 2)
            if any(holds(chosen[at], value) and holds(chosen[other], value) for value in values)
        }
        assert {one.rules for one in found.overlaps} == pairs
