"""A phrase is English text that can still be said in another language."""

from __future__ import annotations

import copy
import pickle
from dataclasses import asdict

from common.phrases import Phrase, enumerated, said
from engine.bpmn.diff import diff
from engine.bpmn.surroundings import Surroundings
from engine.bpmn.validation import problems
from tests.support.drawings import drawing, line
from tests.support.tongues import Bracketed, unbracketed


def test_it_is_its_english_text() -> None:
    assert (
        Phrase("{who} waits for {count} more", who="Ana", count=1_000) == "Ana waits for 1000 more"
    )
    assert Phrase("{count} day", "{count} days", count=1) == "1 day"
    assert Phrase("{count} day", "{count} days", count=2) == "2 days"


def test_it_is_said_in_another_language_with_all_that_it_holds() -> None:
    told = Phrase(
        "{who} waits {span}", who="Ana", span=Phrase("{count} day", "{count} days", count=2)
    )

    assert said(told, Bracketed()) == "⟦Ana waits ⟦2 days⟧⟧"
    assert said(enumerated([Phrase("a"), "b", Phrase("c")]), Bracketed()) == "⟦⟦⟦a⟧, b⟧, ⟦c⟧⟧"
    assert said("what people typed", Bracketed()) == "what people typed"


def test_braces_in_what_fills_it_are_text() -> None:
    assert said(Phrase("{a} and {b}", a="{b}", b="{0!r}"), Bracketed()) == "⟦{b} and {0!r}⟧"


def test_copies_and_caches_keep_it() -> None:
    told = Phrase("{who} may not {what}", who="{Ana}", what=Phrase("vote"))

    for kept in (pickle.loads(pickle.dumps(told)), copy.deepcopy(told)):  # noqa: S301  (our own)
        assert kept == told
        assert said(kept, Bracketed()) == "⟦{Ana} may not ⟦vote⟧⟧"


TASKS = "".join(
    f'<{tag} id="x{at}" name="N{at}"/>'
    for at, tag in enumerate(("userTask", "serviceTask", "scriptTask", "callActivity", "task"))
)
BROKEN = line(
    '<userTask id="step" startQuantity="2"><extensionElements><zeebe:ioMapping>'
    '<zeebe:input source="= 1 +" target="a b"/><zeebe:input target="c"/></zeebe:ioMapping>'
    '<interlock:gate quorum="0"/><zeebe:taskSchedule dueDate="soon"/></extensionElements>'
    "</userTask>"
)


def test_every_problem_and_every_change_is_put_into_words_to_the_last_one() -> None:
    old, new = drawing(line('<userTask id="step" name="Look"/>')), drawing(BROKEN + TASKS)
    told = [asdict(problem) for problem in problems(new, Surroundings(jobs={"http:1": ("url",)}))]
    changed = [asdict(change) for change in diff(old, new)]

    assert len(told) > 10
    assert len(changed) > 5
    for text in [row[key] for row in told for key in ("message", "hint")] + [
        text
        for row in changed
        for text in (row["sentence"], *(each["label"] for each in row["properties"]))
    ]:
        assert unbracketed(said(text, Bracketed())) == [], text
