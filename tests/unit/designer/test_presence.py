"""Who is at a draft, and how long they hold what they have in hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from designer.presence import HELD_FOR, MOST_SEATS, SILENT_FOR, Heard, Seat, Seats, heard

MARIA = Seat("a", "1", "Maria", may_edit=True)


def test_a_selection_holds_until_one_does_nothing_for_a_while() -> None:
    seat = MARIA.said(Heard("task"), 100.0)

    assert seat.at(100.0 + HELD_FOR - 1).holds
    assert not seat.at(100.0 + HELD_FOR).holds
    again = seat.said(Heard(None, is_still=True), 200.0)
    assert (again.element, again.at(200.0 + HELD_FOR - 1).holds) == ("task", True)


def test_who_may_only_look_holds_nothing() -> None:
    seat = MARIA.said(Heard("task"), 1.0)

    assert not seat.judged(may_edit=False).at(1.0).holds


def test_who_falls_silent_or_leaves_is_gone() -> None:
    seats = Seats()
    seats.here(MARIA, 10.0)
    assert [one.name for one in seats.present(10.0 + SILENT_FOR)] == ["Maria"]
    assert seats.present(10.1 + SILENT_FOR) == []

    seats.here(MARIA, 30.0)
    seats.leave("a")
    assert seats.present(30.0) == []


def test_what_one_holds_nobody_else_does_until_it_is_free() -> None:
    held = replace(MARIA.said(Heard("task"), 1.0), holds=True)
    seats = Seats()
    seats.here(held, 1.0)
    second = replace(held, key="b")

    assert not seats.first(second, None).holds
    assert seats.first(replace(second, element="other"), None).holds
    seats.leave("a")
    assert seats.first(second, None).holds


def test_of_two_that_began_at_once_one_keeps_it() -> None:
    one = replace(MARIA.said(Heard("task"), 1.0), holds=True)
    other = replace(one, key="b")
    hears_other, hears_one = Seats(), Seats()
    hears_other.here(other, 1.0)
    hears_one.here(one, 1.0)

    assert hears_other.first(one, "task").holds
    assert not hears_one.first(other, "task").holds


def test_a_crowd_is_not_kept() -> None:
    seats = Seats()
    for number in range(MOST_SEATS + 5):
        seats.here(Seat(str(number), "1", "Maria", may_edit=False), 1.0)

    assert len(seats.present(1.0)) == MOST_SEATS


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        '{"type":"select"}',
        '{"type":"select","element":7}',
        '{"type":"select","element":""}',
        '{"type":"select","element":"a","name":"Ana"}',
        '{"type":"other","element":"a"}',
        '{"type":"select","element":"' + "a" * 201 + '"}',
    ],
)
def test_anything_else_is_not_spoken_here(text: str | None) -> None:
    assert heard(text) is None


def test_a_selection_of_nothing_is() -> None:
    assert heard('{"type":"select","element":null}') == Heard(None)
    assert heard('{"type":"still"}') == Heard(None, is_still=True)
