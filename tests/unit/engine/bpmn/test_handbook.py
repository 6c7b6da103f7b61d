"""A model told to people: who does what, who decides, what may come between."""

from __future__ import annotations

from engine.bpmn.handbook import Entry, Handbook, Names, handbook
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


NAMES = Names(people={"on-call": "On call", "eva@x.example": "Eva Sand"})


def read(body: str, names: Names = NAMES) -> Handbook:
    book = handbook(drawing(body), names)
    assert book is not None
    return book


def told(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.name: " ".join(entry.sentences) for entry in entries}


def test_steps_come_in_the_order_of_the_flow_with_who_does_them() -> None:
    book = read(BODY + LATE)
    assert list(told(book.steps)) == ["Look", "Allow it", "Restart", "Remind"]
    assert told(book.steps)["Look"] == "Somebody of On call does it."
    assert book.steps[0].note == "With care."
    assert "tried 4 times" in told(book.steps)["Restart"]
    assert told(book.steps)["Remind"] == "The owners of the process do it."


def test_a_gate_says_how_many_must_approve() -> None:
    book = read(BODY)
    assert "2 people must approve." in told(book.decisions)["Allow it"]


def test_what_comes_between_says_when_and_what_then() -> None:
    book = read(BODY + LATE)
    assert told(book.exceptions)["Late"] == (
        "It goes on after 4 h. “Allow it” goes on beside it. Then: Remind."
    )


def test_a_file_without_a_process_has_no_document() -> None:
    assert handbook(drawing("").replace(b"process", b"collaboration"), NAMES) is None


def test_words_stand_for_codes_where_somebody_gave_them() -> None:
    body = line(
        '<userTask id="a" name="A"><extensionElements><zeebe:assignmentDefinition '
        'candidateGroups="on-call, night" candidateUsers="eva@x.example"/>'
        "</extensionElements></userTask>",
        *(
            f'<serviceTask id="s{at}" name="S{at}"><extensionElements>'
            f'<zeebe:taskDefinition type="{kind}"/></extensionElements></serviceTask>'
            for at, kind in enumerate(("http:1", "email:1", "tape-robot:2"))
        ),
    )
    steps = told(read(body, Names(NAMES.people, {"s1": "Tell the team"})).steps)
    assert steps["A"] == "Somebody of On call, night, or one of Eva Sand, does it."
    assert steps["S0"].startswith("A system does it, through an HTTP request.")
    assert steps["S1"].startswith("A system does it, through the step “Tell the team”.")
    assert steps["S2"].startswith("A system does it, through tape-robot.")
