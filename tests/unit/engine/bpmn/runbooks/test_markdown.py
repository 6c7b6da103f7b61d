"""Markdown runbooks become steps in their order, and whatever was assumed is told."""

from __future__ import annotations

import pytest

from engine.bpmn import validation
from engine.bpmn.runbooks import Runbook, UnreadableRunbook, markdown, writing

RUNBOOK = """# Renew the certificate

Thirty days before it ends.

## Prepare
1. Check the expiry date [Platform team]
2. If it ends within 30 days, request a **new one** [Platform team]; otherwise stop
3. Get approval from the change board
4. Wait 2 hours

## Roll out
5. In parallel:
   - Install it on the first node [Operations]
   - Tell the users (by Service desk)
6. Automatically run the smoke test
7. If the smoke test fails:
   - Put the old one back [Operations]
   - Go back to step 5
   Else:
8. Close the change @service-desk
   Note the serial number.
"""


def kinds(runbook: Runbook) -> list[str]:
    return [step.kind for step in runbook.steps.values()]


def ways(runbook: Runbook) -> set[tuple[str, str, str]]:
    """Return the flows by the names of their ends, with what they say."""
    names = {step.id: step.name or step.kind for step in runbook.steps.values()}
    return {(names[flow.source], names[flow.target], flow.name) for flow in runbook.flows}


def test_a_runbook_becomes_steps_ways_and_owners() -> None:
    found = markdown.read(RUNBOOK)
    assert (found.name, found.note) == ("Renew the certificate", "Thirty days before it ends.")
    by_name = {step.name: step for step in found.steps.values()}
    assert by_name["Check the expiry date"].owner == "Platform team"
    assert by_name["Tell the users"].owner == "Service desk"
    assert by_name["Close the change"].owner == "service-desk"
    assert by_name["Close the change"].note == "Roll out\nNote the serial number."
    assert by_name["Get approval from the change board"].kind == "approval"
    assert by_name["Get approval from the change board"].owner == "change board"
    assert by_name["Wait 2 hours"].wait == "PT2H"
    assert by_name["Automatically run the smoke test"].kind == "system"
    assert ways(found) >= {
        ("It ends within 30 days?", "Request a new one", "Yes"),
        ("It ends within 30 days?", "Stop", "No"),
        ("Approved?", "Wait 2 hours", "Yes"),
        ("Approved?", "Not approved", "No"),
        ("parallel", "Install it on the first node", ""),
        ("parallel", "Tell the users", ""),
        ("Install it on the first node", "join", ""),
        ("Tell the users", "join", ""),
        ("Put the old one back", "parallel", ""),
        ("The smoke test fails?", "Close the change", "No"),
        ("Close the change", "Done", ""),
    }


def test_every_assumption_names_its_line_and_an_element_of_the_draft() -> None:
    found = markdown.read(RUNBOOK)
    assert found.assumptions
    lines = RUNBOOK.splitlines()
    for one in found.assumptions:
        assert one.element in found.steps
        assert lines[one.line - 1].strip()
    assert any("rejected" in one.sentence and one.line == 8 for one in found.assumptions)


def test_the_draft_can_run_but_for_what_a_person_has_to_choose() -> None:
    model = writing.model_of(markdown.read(RUNBOOK), "renewal")
    found = {problem.code for problem in validation.problems(model) if problem.severity == "error"}
    assert found == {"connector_missing"}


@pytest.mark.parametrize(
    ("line", "kind", "fact"),
    [
        ("Do it", "person", ""),
        ("Wait 30 minutes", "wait", "PT30M"),
        ("Wait 1.5 h for the cache", "wait", "PT90M"),
        ("Pause 2 days", "wait", "P2D"),
        ("Wait until the vendor answers", "message", ""),
        ("Approval by the board", "approval", ""),
        ("The change manager approves the plan", "approval", ""),
        ("Run the script cleanup.sh", "system", ""),
        ("Restart it [auto]", "system", ""),
        ("Stop here.", "end", ""),
    ],
)
def test_the_words_of_a_step_say_what_it_is(line: str, kind: str, fact: str) -> None:
    found = markdown.read(f"- {line}")
    step = list(found.steps.values())[1]
    assert (step.kind, step.wait) == (kind, fact)


def test_a_choice_without_another_way_goes_on_and_says_so() -> None:
    found = markdown.read(
        "1. Look [Ops]\n2. If it is hot:\n   - Cool it [Ops]\n3. Write it down [Ops]"
    )
    assert ("It is hot?", "Write it down", "No") in ways(found)
    assert any("does not hold" in one.sentence for one in found.assumptions)


def test_steps_behind_an_end_begin_apart_and_are_told() -> None:
    found = markdown.read("1. Look\n2. Stop\n3. Never reached")
    assert kinds(found).count("start") == 2
    assert any("Nothing leads to line 3" in one.sentence for one in found.assumptions)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no list of steps"),
        ("Only a paragraph.", "no list of steps"),
        ("1. Go to step 9", "Line 1 says “Go to step 9”, and there is no step 9"),
        ("\n".join(f"{number}. Step" for number in range(600)), "more than 500 steps"),
        (
            "\n".join("  " * deep + "- a" for deep in range(30)),
            "nested more than 20 deep on line 21",
        ),
        ("x\n" * 20_001, "20,001 lines"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(UnreadableRunbook) as refusal:
        markdown.read(text)
    assert words in refusal.value.sentence
