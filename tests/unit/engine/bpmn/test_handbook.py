"""A model told to people: who does what, who decides, what may come between."""

from __future__ import annotations

from engine.bpmn.handbook import Entry, handbook
from tests.support.drawings import drawing, line

BODY = line(
    '<userTask id="look" name="Look"><documentation>With care.</documentation><extensionElements>'
    '<zeebe:assignmentDefinition candidateGroups="on-call"/></extensionElements></userTask>',
    '<userTask id="allow" name="Allow it"><extensionElements>'
    '<zeebe:assignmentDefinition candidateGroups="board"/><interlock:gate quorum="2"/>'
    "</extensionElements></userTask>",
    '<serviceTask id="call" name="Restart"><extensionElements>'
    '<zeebe:taskDefinition type="http:1"/><interlock:retry attempts="4"/>'
    "</extensionElements></serviceTask>",
)
LATE = (
    '<boundaryEvent id="late" name="Late" attachedToRef="allow" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>PT4H</timeDuration></timerEventDefinition>"
    '</boundaryEvent><userTask id="remind" name="Remind"/>'
    '<sequenceFlow id="to_remind" sourceRef="late" targetRef="remind"/>'
)


def told(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.name: " ".join(entry.sentences) for entry in entries}


def test_steps_come_in_the_order_of_the_flow_with_who_does_them() -> None:
    book = handbook(drawing(BODY + LATE))
    assert book is not None
    assert list(told(book.steps)) == ["Look", "Allow it", "Restart", "Remind"]
    assert told(book.steps)["Look"] == "Somebody of on-call does it."
    assert book.steps[0].note == "With care."
    assert "tried 4 times" in told(book.steps)["Restart"]
    assert told(book.steps)["Remind"] == "The owners of the process do it."


def test_a_gate_says_how_many_must_approve() -> None:
    book = handbook(drawing(BODY))
    assert book is not None
    assert "2 people must approve." in told(book.decisions)["Allow it"]


def test_what_comes_between_says_when_and_what_then() -> None:
    book = handbook(drawing(BODY + LATE))
    assert book is not None
    assert told(book.exceptions)["Late"] == (
        "It goes on after 4 h. “Allow it” goes on beside it. Then: Remind."
    )


def test_a_file_without_a_process_has_no_document() -> None:
    assert handbook(drawing("").replace(b"process", b"collaboration")) is None
