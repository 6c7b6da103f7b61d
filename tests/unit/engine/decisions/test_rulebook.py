"""Decision files that travel with a model, asked as a task of a process asks them."""

from __future__ import annotations

import pytest

from engine.decisions import Rulebook
from engine.decisions.errors import DecisionUnknown
from tests.support.decisions import chain, rules


def answer(rulebook: Rulebook, decision: str, **seen: object) -> object:
    return rulebook.decide(decision, seen, None).value


def test_a_table_reads_what_the_task_sees_without_a_drawn_requirement() -> None:
    rulebook = Rulebook({"route.dmn": rules()})
    assert [answer(rulebook, "route", amount=amount) for amount in (5, 500)] == ["desk", "board"]


def test_a_required_decision_is_read_by_its_id() -> None:
    found = answer(Rulebook({"a.dmn": chain()}), "answer", amount=500, asked_by="ana")
    assert found == {"level": 2, "by": "ana"}


def test_files_of_one_namespace_keep_apart() -> None:
    other = rules("second", low='"first aid"')
    rulebook = Rulebook({"a.dmn": rules(), "b.dmn": other})
    assert rulebook.holders == {"route": ("a.dmn",), "second": ("b.dmn",)}
    assert answer(rulebook, "second", amount=1) == "first aid"
    assert rulebook.digest_of("route") != rulebook.digest_of("second")


@pytest.mark.parametrize("files", [{}, {"a.dmn": rules("x")}, {"a.dmn": rules(), "b.dmn": rules()}])
def test_a_decision_that_no_file_holds_or_several_do_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(DecisionUnknown):
        answer(Rulebook(files), "route", amount=1)


def test_a_decision_is_asked_for_by_its_id_alone() -> None:
    with pytest.raises(DecisionUnknown):
        answer(Rulebook({"a.dmn": rules()}), "Who decides", amount=1)


def test_problems_name_their_file() -> None:
    found = Rulebook({"a.dmn": rules(low='"desk'), "b.dmn": b"<a/>", "c.dmn": rules("c")}).problems
    assert [(one.code, one.severity, one.name) for one in found] == [
        ("model_unreadable", "error", "b.dmn"),
        ("cell_unreadable", "error", "a.dmn"),
    ]
    assert str(found[1].message).startswith("a.dmn: Row 1")
