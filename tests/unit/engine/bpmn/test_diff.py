"""A reviewer sees every difference of two versions, in words, the riskiest first."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from lxml import etree

from engine.bpmn.diff import Change, diff
from tests.support.drawings import drawing, line

SERVICE = (
    '<serviceTask id="deploy" name="Deploy release"><extensionElements>'
    '<zeebe:taskDefinition type="http:1" retries="1"/>'
    '<zeebe:ioMapping><zeebe:input source="=link" target="url"/>'
    '<zeebe:output source="=response.status" target="status"/></zeebe:ioMapping>'
    '<zeebe:taskHeaders><zeebe:header key="mode" value="fast"/></zeebe:taskHeaders>'
    '<interlock:retry firstDelay="PT5S" factor="2" deadline="PT1H"/>'
    '<interlock:environmentRetry attempts="9"/><interlock:circuit throwAfter="PT5M"/>'
    "</extensionElements></serviceTask>"
)
GATE = (
    '<userTask id="approve" name="Approve"><documentation>Look twice</documentation>'
    '<extensionElements><zeebe:assignmentDefinition candidateGroups="board-a"/>'
    '<zeebe:formDefinition formKey="camunda-forms:bpmn:f"/>'
    '<zeebe:taskSchedule dueDate="=due"/><interlock:gate quorum="1"/>'
    "</extensionElements></userTask>"
)
FORMS = (
    '<extensionElements><zeebe:userTaskForm id="f">{"components": [], "id": "x"}'
    "</zeebe:userTaskForm></extensionElements>"
)
TIMER = (
    '<intermediateCatchEvent id="wait" name="Wait"><timerEventDefinition id="td"><timeDuration '
    'xsi:type="tFormalExpression" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">PT15S'
    "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
)
SCRIPT = '<scriptTask id="add" name="Add"><script>a + b</script></scriptTask>'
CHOICE = (
    '<exclusiveGateway id="risky" name="Risky?" default="no"/>'
    '<sequenceFlow id="yes" sourceRef="risky" targetRef="approve"><conditionExpression>risk &gt; 5'
    '</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="risky" targetRef="end"/>'
)
SHAPE = (
    '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="change"><bpmndi:BPMNShape '
    'bpmnElement="deploy"><dc:Bounds x="10" y="20.2" width="100" height="80"/></bpmndi:BPMNShape>'
    "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)
BASE = drawing(
    FORMS + line(SERVICE, TIMER, SCRIPT, GATE) + CHOICE,
    before='<message id="m" name="Closed"/>',
    after=SHAPE,
).decode()


def change(old: str, new: str) -> list[Change]:
    assert old in BASE
    return diff(BASE.encode(), BASE.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    ("old", "new", "sentence", "group", "risk"),
    [
        ('retries="1"', 'retries="5"', "Deploy release retries 5 times instead of once.",
         "behaviour", "low"),
        ("PT15S", "PT1M30S", "Wait waits 1 min 30 s instead of 15 s.", "behaviour", "medium"),
        ("risk &gt; 5", "risk &gt; 7",
         "Risky? → Approve is taken when “risk > 7” instead of when “risk > 5”.",
         "behaviour", "high"),
        ('default="no"', 'default="yes"',
         ("Risky? goes by default along Risky? → Approve instead of "
          "Risky? → End event without a name."),
         "behaviour", "high"),
        ('quorum="1"', 'quorum="2"', "Approve needs 2 approvals instead of 1 approval.",
         "behaviour", "high"),
        ('<interlock:gate quorum="1"/>', "", "Approve is no longer a gate (it needed 1 approval).",
         "behaviour", "high"),
        ('type="http:1"', 'type="mail:1"',
         "Deploy release calls the connector mail:1 instead of http:1.", "behaviour", "high"),
        ('firstDelay="PT5S"', 'firstDelay="PT30S"',
         "Deploy release waits 30 s instead of 5 s before the first retry.", "behaviour", "low"),
        ('deadline="PT1H"', 'deadline="PT2H"',
         "Deploy release begins no attempt after 2 h instead of 1 h.", "behaviour", "low"),
        ('environmentRetry attempts="9"', 'environmentRetry attempts="3"',
         "Deploy release retries 3 times instead of 9 times when our surroundings are wrong.",
         "behaviour", "low"),
        ('throwAfter="PT5M"', 'throwAfter="PT1M"',
         "Deploy release throws CIRCUIT_OPEN after 1 min instead of 5 min without its system.",
         "behaviour", "medium"),
        ("board-a", "board-b", "Approve is offered to board-b instead of board-a.", "data", "high"),
        ('source="=link"', 'source="=other"',
         "Deploy release passes “other” as url instead of “link”.", "data", "high"),
        ("response.status", "response.body",
         "Deploy release writes “response.body” to status instead of “response.status”.",
         "data", "medium"),
        ('value="fast"', 'value="slow"',
         "Deploy release changes setting mode from “fast” to “slow”.", "behaviour", "medium"),
        ("a + b", "a - b", "Add computes “a - b” instead of “a + b”.", "behaviour", "high"),
        ("Look twice", "Look once", "Approve has changed documentation.", "text", "none"),
        ('name="Approve"', 'name="Decide"', "Approve is renamed to “Decide”.", "text", "none"),
        ('"components": []', '"components": [1]', "Approve asks with a changed form.",
         "data", "medium"),
        ('x="10"', 'x="90"', "Deploy release moved in the drawing.", "layout", "none"),
        ('<scriptTask id="add" name="Add"><script>a + b</script></scriptTask>',
         '<userTask id="add" name="Add"/>',
         "Add becomes a user task (it was a script task) and no longer computes “a + b”.",
         "behaviour", "high"),
        ('isExecutable="true"', "", "Change can no longer be run.", "behaviour", "high"),
        ('sourceRef="risky" targetRef="approve"', 'sourceRef="risky" targetRef="add"',
         "Risky? → Approve leads to Add instead of Approve.", "behaviour", "high"),
        ('<endEvent id="end"/>', '<endEvent id="end"/><userTask id="new" name="Check"/>',
         "Check is a new user task.", "behaviour", "high"),
        (TIMER, "", "Wait (intermediate catch event) is removed.", "behaviour", "medium"),
        ('dueDate="=due"', 'dueDate="=due" reminder="x"',
         "Approve sets task schedule reminder to “x”.", "behaviour", "medium"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_a_sentence(
    old: str, new: str, sentence: str, group: str, risk: str
) -> None:
    told = change(old, new)
    assert (told[0].sentence, told[0].group, told[0].risk) == (sentence, group, risk)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<userTask id="approve"', '<userTask startQuantity="1" id="approve"'),
        ('id="risky"', 'gatewayDirection="Diverging" id="risky"'),
        ('name="Approve"', 'name="  Approve "'),
        ("Look twice", " Look\n twice "),
        ('y="20.2"', 'y="19.9"'),
        ('{"components": [], "id": "x"}', '{"id":"x","components":[]}'),
        ('id="definitions"', 'id="definitions" exporter="Another"'),
        ("<endEvent", "\n  <endEvent"),
        ('<endEvent id="end"/>', '<endEvent id="end"><incoming>to_end</incoming></endEvent>'),
        ('id="td"', 'id="td2"'),
        ("xmlns:zeebe=", "xmlns:another='urn:x' xmlns:zeebe="),
    ],
)
def test_what_an_editor_rewrites_without_meaning_is_no_change(old: str, new: str) -> None:
    assert change(old, new) == []


def test_a_file_that_moved_its_elements_and_renamed_its_prefixes_is_the_same() -> None:
    other = (
        BASE.replace("zeebe:", "z:")
        .replace("xmlns:z:", "xmlns:z=")
        .replace('xmlns:zeebe="', 'xmlns:z="')
    )
    moved = other.replace(SCRIPT, "").replace(CHOICE, SCRIPT + CHOICE)
    assert diff(BASE.encode(), moved.encode()) == []


def test_changes_come_by_group_and_risk_with_both_values() -> None:
    after = BASE
    for old, new in (("Look twice", "Look"), ('x="10"', 'x="0"'), ("PT15S", "PT1H"),
                     ("a + b", "a"), ("board-a", "board-b")):  # fmt: skip
        after = after.replace(old, new)

    told = diff(BASE.encode(), after.encode())

    assert [(one.group, one.element) for one in told] == [
        ("behaviour", "add"), ("behaviour", "wait"), ("data", "approve"), ("text", "approve"),
        ("layout", "deploy"),
    ]  # fmt: skip
    assert asdict(told[0])["properties"] == (
        {
            "label": "Script", "before": "a + b", "after": "a", "aspect": "script",
            "sentence": "Add computes “a” instead of “a + b”.",
        },
    )  # fmt: skip


def test_braces_in_a_value_are_only_text() -> None:
    assert change("a + b", "{a} {b} {it}")[0].sentence == (
        "Add computes “{a} {b} {it}” instead of “a + b”."
    )


_SILENT = {"id", "formKey"}


def test_no_attribute_and_no_text_can_change_unseen() -> None:
    """Change every attribute and text of the file, one at a time: each must be told."""
    root = etree.fromstring(BASE.encode())
    for element in root.iter("*"):
        if "OMG" in str(element.tag) or "/DD/" in str(element.tag) or "/DI" in str(element.tag):
            continue
        for name in [key for key in element.attrib if key not in _SILENT]:
            kept = element.attrib[name]
            element.attrib[name] = f"{kept}x"
            seen = diff(BASE.encode(), etree.tostring(root)) or "/XMLSchema-instance" in str(name)
            assert seen, (element.tag, name)
            element.attrib[name] = kept
        if element.text and element.text.strip():
            kept = element.text
            element.text = f"{kept}x"
            assert diff(BASE.encode(), etree.tostring(root)), element.tag
            element.text = kept
