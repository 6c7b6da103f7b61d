"""Tables become steps; a row says what it leads to, and under which condition."""

from __future__ import annotations

import pytest

from engine.bpmn import validation
from engine.bpmn.runbooks import UnreadableRunbook, bpmn_python, table, writing

TABLE = """step,activity,owner,type,next,wait,note
1,Look at the alarm,On call,,2,,From the monitoring
2,How bad is it?,On call,choice,3 if critical | 5 if degraded | 7 otherwise,,
3,Call the manager,On call,,4,,
4,Declare a major incident,Duty manager,approval,6,,
5,Open a ticket,Service desk,,6,,
6,Repair the service,Operations,,8,,
8,Watch it,,wait,7,30 min,
7,Write it down,On call,,end,,
"""
GRAPH = {
    "nodes": [
        {"id": "0", "type": "startEvent", "name": "begin"},
        {"id": "1", "type": "task", "name": "Check the order"},
        {"id": "2a", "type": "task", "name": "Reject"},
        {"id": "2b", "type": "subProcess", "name": "Accept"},
        {"id": "3", "type": "endEvent", "name": ""},
        {"id": "1_split", "type": "exclusiveGateway", "name": ""},
        {"id": "3_join", "type": "exclusiveGateway", "name": ""},
    ],
    "flows": [
        {"source": "0", "target": "1", "condition": ""},
        {"source": "1", "target": "1_split", "condition": ""},
        {"source": "1_split", "target": "2a", "condition": "bad"},
        {"source": "1_split", "target": "2b", "condition": "good"},
        {"source": "2a", "target": "3_join", "condition": ""},
        {"source": "2b", "target": "3_join", "condition": ""},
        {"source": "3_join", "target": "3", "condition": ""},
    ],
}
ORDERS = """Order,Activity,Condition,Who,Subprocess,Terminated
0,begin,,,,
1,Check the order,,Clerk,,
2a,Reject,bad,Clerk,,
2b,Accept,good,Store,yes,
3,end,,,,yes
"""


def test_a_table_becomes_a_draft_that_can_run() -> None:
    found = table.read(TABLE)
    by_name = {step.name: step for step in found.steps.values()}
    assert by_name["How bad is it?"].options == ("critical", "degraded", "otherwise")
    assert by_name["Watch it"].wait == "PT30M"
    assert by_name["Look at the alarm"].note == "From the monitoring"
    model = writing.model_of(found, "incident")
    assert [one.code for one in validation.problems(model) if one.severity == "error"] == []


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_say_the_same(delimiter: str) -> None:
    assert table.read(TABLE.replace(",", delimiter)).steps == table.read(TABLE).steps


def test_several_next_steps_without_conditions_are_all_done() -> None:
    found = table.read("step,activity,owner,next\n1,A,x,2|3\n2,B,x,end\n3,C,x,end\n")
    assert "parallel" in {step.kind for step in found.steps.values()}
    assert any("all of them" in one.sentence for one in found.assumptions)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("step,owner\n1,x\n", "does not name the column activity"),
        ("step,activity\n", "a heading and no rows"),
        ("step,activity\n1,A\n1,B\n", "line 3 has the label 1 of another row"),
        ("step,activity\n,A\n", "line 2 has no label"),
        ("step,activity,type\n1,A,dance\n", "type “dance” on line 2"),
        ("step,activity,next\n1,A,9\n", "Line 2 leads to the step 9"),
        ("step,activity,next\n1,A,2 ? 3\n", "way “2 ? 3” on line 2"),
        ('step,activity\n1,"A\n', "cannot be read on line 2"),
        ("step,activity\n" + "".join(f"{n},A\n" for n in range(600)), "more than 500 steps"),
        (f"step,activity\n1,{'x' * 200_000}\n", "cannot be read on line 2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(UnreadableRunbook) as refusal:
        table.read(text)
    assert words in refusal.value.sentence


def test_what_bpmn_python_read_becomes_a_draft_with_owners() -> None:
    found = bpmn_python.read(ORDERS, GRAPH)
    by_name = {step.name: step for step in found.steps.values()}
    assert by_name["Accept"].owner == "Store"
    assert by_name["Check the order"].options == ("bad", "good")
    assert [(one.line, one.element) for one in found.assumptions] == [
        (5, "accept"),
        (4, "check_the_order"),
    ]
    model = writing.model_of(found, "order")
    assert [one.code for one in validation.problems(model) if one.severity == "error"] == []
