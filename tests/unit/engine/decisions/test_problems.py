"""What makes a decision model wrong, each mistake with the place it is told at."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.problem_texts import TEXTS as BPMN_TEXTS
from engine.decisions import DecisionProblem, Decisions, read
from engine.decisions.errors import DecisionRefused
from engine.decisions.problems import TEXTS
from engine.decisions.requirements import MAX_CHAIN
from engine.xml import UnreadableModel

ROOT = Path(__file__).parents[4]


def model(body: str) -> bytes:
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:t" '
        f'name="t">{body}</definitions>'
    ).encode()


def found(body: str) -> list[DecisionProblem]:
    return list(Decisions(read(model(body))).problems)


def literal(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


def decision(logic: str, attributes: str = 'id="d" name="D"') -> str:
    return f"<decision {attributes}>{logic}</decision>"


def table(rules: str, attributes: str = "", outputs: str = '<output name="o"/>') -> str:
    return decision(
        f'<decisionTable id="t" {attributes}><input id="i" label="Size"><inputExpression>'
        f"<text>1</text></inputExpression></input>{outputs}{rules}</decisionTable>"
    )


def rule(*cells: str) -> str:
    first, *rest = cells
    outputs = "".join(f"<outputEntry id='c'><text>{one}</text></outputEntry>" for one in rest)
    return f"<rule><inputEntry id='c'><text>{first}</text></inputEntry>{outputs}</rule>"


def requires(identity: str, kind: str = "Decision") -> str:
    return f'<informationRequirement><required{kind} href="#{identity}"/></informationRequirement>'


TWO_OUTPUTS = '<output name="o"/><output name="p"/>'
DOUBLING = (
    "".join(
        f'<itemDefinition name="t{at}"><itemComponent name="a"><typeRef>t{at + 1}</typeRef>'
        f'</itemComponent><itemComponent name="b"><typeRef>t{at + 1}</typeRef></itemComponent>'
        "</itemDefinition>"
        for at in range(20)
    )
    + '<itemDefinition name="t20"><typeRef>number</typeRef></itemDefinition>'
)

CASES = {
    "aggregation_compound": (
        table(rule("-", "1", "2"), 'hitPolicy="COLLECT" aggregation="SUM"', TWO_OUTPUTS),
        "SUM over 2 outputs",
    ),
    "aggregation_needless": (table(rule("-", "1"), 'aggregation="SUM"'), "UNIQUE"),
    "aggregation_unknown": (
        table(rule("-", "1"), 'hitPolicy="COLLECT" aggregation="MEAN"'),
        "MEAN",
    ),
    "boxed_unknown": (decision("<matrix/>"), "a matrix"),
    "cell_count": (table(rule("-", "1") + rule("-")), "Row 2"),
    "cell_unreadable": (table(rule("-", "1") + rule("(", "1")), "Row 2, column 1 (“Size”)"),
    "decision_cycle": (
        decision(requires("e"), 'id="d" name="D"') + decision(requires("d"), 'id="e" name="E"'),
        "through E → D",
    ),
    "decision_too_deep": (
        "".join(
            decision(requires(f"d{at + 1}") if at < MAX_CHAIN else "", f'id="d{at}" name="D{at}"')
            for at in range(MAX_CHAIN + 1)
        ),
        "100",
    ),
    "dmn_duplicate_id": (decision("") + decision(""), "2 times"),
    "dmn_language": (
        decision('<literalExpression expressionLanguage="juel"><text>1</text></literalExpression>'),
        "juel",
    ),
    "entry_twice": (
        decision(
            "<context>"
            + f'<contextEntry><variable name="a"/>{literal("1")}</contextEntry>' * 2
            + "</context>"
        ),
        "“a” twice",
    ),
    "feel_unreadable": (decision(literal("1 +")), "column 4"),
    "function_kind": (
        decision(f'<functionDefinition kind="Java">{literal("1")}</functionDefinition>'),
        "Java",
    ),
    "hit_policy_unknown": (table(rule("-", "1"), 'hitPolicy="BEST"'), "“BEST”"),
    "import_kind": (
        '<import name="p" namespace="urn:p" importType="http://www.dmg.org/PMML-4_1"/>',
        "urn:p",
    ),
    "import_missing": (
        '<import name="m" namespace="urn:m" importType="http://www.omg.org/spec/DMN/1"/>',
        "urn:m",
    ),
    "input_missing": (
        decision('<decisionTable><input/><output name="o"/></decisionTable>'),
        "Column 1",
    ),
    "logic_missing": (decision(""), "no logic"),
    "output_unnamed": (
        table(rule("-", "1", "2"), outputs='<output name="o"/><output/>'),
        "Column 2",
    ),
    "priority_missing": (table(rule("-", "1"), 'hitPolicy="PRIORITY"'), "priority"),
    "requirement_ambiguous": (
        decision("", 'id="a" name="A"')
        + decision("", 'id="b" name="A"')
        + decision(requires("a") + requires("b")),
        "by the name “A”",
    ),
    "requirement_kind": (
        decision("", 'id="a" name="A"') + decision(requires("a", "Input")),
        "requires “A” as input data",
    ),
    "requirement_missing": (decision(requires("gone")), "requires gone"),
    "service_without_output": ('<decisionService id="s" name="S"/>', "“S”"),
    "type_cycle": (
        '<itemDefinition name="a"><typeRef>a</typeRef></itemDefinition>',
        "“a”",
    ),
    "type_too_large": (DOUBLING, "2000"),
    "type_unknown": (
        '<inputData id="i" name="I"><variable name="I" typeRef="tGone"/></inputData>',
        "“tGone”",
    ),
    "variable_renamed": (decision('<variable name="Other"/>' + literal("1")), "“Other”"),
}


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_mistake_is_found_and_named(code: str) -> None:
    body, mentioned = CASES[code]

    told = [one for one in found(body) if one.code == code]

    assert told, found(body)
    assert mentioned in told[0].message
    assert told[0].severity == TEXTS[code].severity


def test_every_problem_has_a_case_and_a_section_in_the_documentation() -> None:
    assert set(CASES) == set(TEXTS)
    assert not set(TEXTS) & set(BPMN_TEXTS)
    page = (ROOT / "docs" / "problems.md").read_text()
    assert {f"## {code}" for code in TEXTS} <= set(page.splitlines())


def test_a_sound_model_has_no_problems() -> None:
    assert found(table(rule("&lt; 5", "1") + rule("&gt;= 5", "2"))) == []


def test_a_cell_is_told_with_its_element_row_and_column() -> None:
    wrong = found(table(rule("-", "1") + rule("-", "1 +")))[0]

    assert (wrong.element, wrong.node, wrong.row, wrong.column) == ("c", "d", 2, 2)


def test_only_what_stands_on_a_mistake_is_refused() -> None:
    decisions = Decisions(
        read(
            model(
                decision(literal("1 +"), 'id="bad" name="Bad"')
                + decision(requires("bad") + literal("Bad"), 'id="above" name="Above"')
                + decision(literal("2"), 'id="good" name="Good"')
            )
        )
    )

    assert str(decisions.decide("Good", {}).value) == "2"
    for name in ("Bad", "Above"):
        with pytest.raises(DecisionRefused) as refusal:
            decisions.decide(name, {})
        assert [one["code"] for one in refusal.value.problems] == ["feel_unreadable"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"<a/>", "not DMN's"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b'<definitions xmlns="urn:other"/>', "urn:other"),
        (model("<decision/>" * 2_001), "nodes"),
        (model(decision(literal("1+" * 500_001))), "characters"),
    ],
)
def test_what_is_no_decision_model_is_refused_outright(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableModel, match=sentence):
        read(data)
