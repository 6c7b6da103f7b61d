"""Differences of sub-processes, calls, loops and events are told in words a reviewer acts on."""

# ruff: noqa: E501  (one sentence, one line)

from __future__ import annotations

import pytest

from engine.bpmn.diff import diff
from tests.support.drawings import drawing, line

DECLARED = (
    '<signal id="s1" name="Alarm"/><signal id="s2" name="All clear"/>'
    '<error id="e1" errorCode="E1"/><error id="e2" errorCode="E2"/>'
    '<message id="m1" name="Paid"/><message id="m2" name="Refunded"/>'
)


def sentences(old: str, new: str) -> list[str]:
    before, after = (drawing(line(one), before=DECLARED) for one in (old, new))
    return [one.sentence for one in diff(before, after)]


def task(inner: str = "", attributes: str = "", tag: str = "serviceTask") -> str:
    return f'<{tag} id="x" name="X" {attributes}>{inner}</{tag}>'


def details(inner: str) -> str:
    return f"<extensionElements>{inner}</extensionElements>"


def several(inner: str, attributes: str = "") -> str:
    loop = "multiInstanceLoopCharacteristics"
    return task(f"<{loop} {attributes}>{inner}</{loop}>")


def items(collection: str) -> str:
    return several(details(f'<zeebe:loopCharacteristics inputCollection="={collection}"/>'))


def catch(definition: str) -> str:
    return task(definition, tag="intermediateCatchEvent")


CASES = [
    (
        task(attributes='calledElement="a"', tag="callActivity"),
        task(attributes='calledElement="b"', tag="callActivity"),
        "X calls b instead of a.",
    ),
    (task(), items("hosts"), "X is now done several times all at once and is done for each of “hosts”."),
    (items("hosts"), items("racks"), "X is done for each of “racks” instead of “hosts”."),
    (
        several("<loopCardinality>2</loopCardinality>"),
        several("<loopCardinality>3</loopCardinality>", 'isSequential="true"'),
        "X is done several times one after the other instead of all at once and is done 3 times instead of twice.",
    ),
    (
        catch('<signalEventDefinition signalRef="s1"/>'),
        catch('<signalEventDefinition signalRef="s2"/>'),
        "X has the signal “All clear” instead of “Alarm”.",
    ),
    (
        task(attributes='messageRef="m1"', tag="receiveTask"),
        task(attributes='messageRef="m2"', tag="receiveTask"),
        "X waits for the message “Refunded” instead of “Paid”.",
    ),
    (
        catch("<conditionalEventDefinition><condition>a</condition></conditionalEventDefinition>"),
        catch("<conditionalEventDefinition><condition>b</condition></conditionalEventDefinition>"),
        "X waits until “b” instead of “a”.",
    ),
    (
        task(tag="subProcess"),
        task(tag="subProcess", attributes='triggeredByEvent="true"'),
        "X is now begun by an event and no longer by the flow.",
    ),
    (
        task(tag="adHocSubProcess"),
        task("<completionCondition>done</completionCondition>", tag="adHocSubProcess"),
        "X is done as soon as “done”.",
    ),
    (
        task(details('<zeebe:calledDecision decisionId="a"/>'), tag="businessRuleTask"),
        task(details('<zeebe:calledDecision decisionId="b"/>'), tag="businessRuleTask"),
        "X asks the decision b instead of a.",
    ),
    (
        task(),
        task(details('<zeebe:executionListeners><zeebe:executionListener eventType="start" '
                     'type="audit"/></zeebe:executionListeners>')),
        "X tells audit (start).",
    ),
    (task(tag="subProcess"), task(tag="transaction"), "X becomes a transaction (it was a sub-process)."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), CASES)
def test_a_difference_is_told(old: str, new: str, sentence: str) -> None:
    assert sentences(old, new) == [sentence]


def test_a_new_step_inside_a_sub_process_is_told_by_its_own_name() -> None:
    assert sentences(
        task(tag="subProcess"), task('<task id="y" name="Inner"/>', tag="subProcess")
    ) == ["Inner is a new task."]


def test_other_details_that_say_nothing_are_no_difference() -> None:
    assert sentences(task(tag="userTask"), task(details("<zeebe:userTask/>"), tag="userTask")) == []
    sequential = several("", 'isSequential="false" id="l"')
    assert sentences(several(""), sequential) == []
