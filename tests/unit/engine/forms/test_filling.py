"""A form with values in it: what is hidden, what depends on what, and what is drawn of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import FeelBudgetExceeded
from engine.forms import Form, Moment, drawn, sent
from engine.forms.drawn import DrawnRows, DrawnTable, DrawnWords
from tests.unit.engine.forms.test_form import field, form

EAST = timezone(timedelta(hours=2))


def hidden(kind: str, key: str, when: str, **more: Any) -> dict[str, Any]:
    return field(kind, key, conditional={"hide": when}, **more)


WHY = form(
    field("select", "risk", values=[{"value": "low"}, {"value": "high"}]),
    hidden("textfield", "why", '=risk != "high"', validate={"required": True}),
)


def test_a_hidden_field_is_not_asked_and_gives_nothing() -> None:
    assert WHY.validate({"risk": "low", "why": "left over"}) == ({"risk": "low"}, {})
    assert WHY.validate({"risk": "high"})[1] == {"why": "Reason is needed."}
    assert WHY.validate({"risk": "high", "why": "new"})[0] == {"risk": "high", "why": "new"}


def test_a_condition_reads_fields_that_come_later_and_what_the_run_knows() -> None:
    asked = form(hidden("textfield", "first", "=later or known"), field("checkbox", "later"))
    assert asked.reads == {"first", "later", "known"}
    shown = [
        asked.validate({"later": later, "first": "x"}, {"known": known})[0].get("first")
        for later, known in [(False, False), (True, False), (False, True)]
    ]
    assert shown == ["x", None, None]


def test_what_is_hidden_holds_nothing_for_others() -> None:
    chain = form(
        field("checkbox", "a"),
        hidden("textfield", "b", "=not(a)"),
        hidden("textfield", "c", '=b = null or b = ""'),
    )
    assert chain.validate({"a": False, "b": "x", "c": "y"})[0] == {"a": False}
    assert chain.validate({"a": True, "b": "x", "c": "y"})[0] == {"a": True, "b": "x", "c": "y"}


def test_options_come_from_a_variable_or_an_expression() -> None:
    teams = [{"label": "Database", "value": "db"}, "network", {"nothing": 1}]
    for component in (
        field("select", valuesKey="teams"),
        field("select", valuesExpression="=teams"),
    ):
        asked = form(component)
        assert asked.validate({"x": "network"}, {"teams": teams}) == ({"x": "network"}, {})
        assert asked.validate({"x": "hr"}, {"teams": teams})[1] == {
            "x": "Reason must be one of: Database, network."
        }
        assert "no choice at this time" in asked.validate({"x": "hr"})[1]["x"]


def test_a_field_may_be_readonly_by_a_condition() -> None:
    asked = form(field("checkbox", "done"), field("textfield", "x", readonly="=done"))
    assert asked.validate({"done": True, "x": "changed"}) == ({"done": True}, {})
    assert asked.validate({"done": False, "x": "changed"})[0]["x"] == "changed"


def test_paths_lay_values_in_contexts_and_keep_what_else_is_there() -> None:
    asked = form(
        field("textfield", "client.name"),
        {"type": "group", "path": "client", "components": [field("number", "age")]},
    )
    known = {"client": {"id": 7, "name": "old"}}
    given, errors = asked.validate({"client": {"name": "new", "age": 3}}, known)
    assert (given, errors) == ({"client": {"id": 7, "name": "new", "age": Decimal(3)}}, {})
    assert known == {"client": {"id": 7, "name": "old"}}
    assert asked.validate({"client": {"id": 8}})[1] == {"client.id": "The form has no such field."}
    assert asked.sets == {"client"}


STEPS = {
    "type": "dynamiclist",
    "path": "steps",
    "label": "Steps",
    "allowAddRemove": True,
    "components": [
        field("textfield", "who", validate={"required": True}),
        hidden("textfield", "note", "=this.who = null or i[1] = 1"),
    ],
}


def test_rows_are_judged_one_by_one() -> None:
    given, errors = form(STEPS).validate(
        {"steps": [{"who": "Ana", "note": "a"}, {"who": "", "x": 1}, {"who": "Ben", "note": "c"}]}
    )
    assert given["steps"] == [{"who": "Ana"}, {}, {"who": "Ben", "note": "c"}]
    assert errors == {
        "steps.1.who": "Reason is needed.",
        "steps.1.x": "The form has no such field.",
    }


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("x", "must be a list of rows"),
        ([1], "must be a list of rows"),
        ([{"who": "x"}] * 101, "100 rows at most"),
    ],
)
def test_rows_that_are_none_are_refused(rows: Any, sentence: str) -> None:
    assert sentence in form(STEPS).validate({"steps": rows})[1]["steps"]


def test_rows_of_a_fixed_list_stay_as_many_as_they_are() -> None:
    fixed = form({**STEPS, "allowAddRemove": False, "defaultRepetitions": 2})
    one, two = [{"who": "a"}], [{"who": "a"}, {"who": "b"}]
    assert "has 2 rows" in fixed.validate({"steps": one})[1]["steps"]
    assert fixed.validate({"steps": two})[1] == {}
    assert fixed.validate({"steps": one}, {"steps": [{"who": "x"}]})[1] == {}


def test_what_is_computed_is_written_and_can_be_sent_by_nobody() -> None:
    asked = form(
        field("number", "a"), {"type": "expression", "key": "twice", "expression": "=a * 2"}
    )
    assert asked.validate({"a": 4})[0] == {"a": Decimal(4), "twice": Decimal(8)}
    assert asked.validate({"a": 4, "twice": 1})[0]["twice"] == Decimal(8)
    assert asked.sets == {"a", "twice"}


def test_a_day_of_the_past_is_refused_where_the_form_says_so() -> None:
    asked = form(field("datetime", subtype="date", disallowPassedDates=True))
    today = Moment(today=date(2030, 1, 10))
    assert asked.validate({"x": "2030-01-10"}, {}, today)[1] == {}
    assert asked.validate({"x": "2030-01-09"}, {}, today)[1] == {
        "x": "Reason must not lie in the past."
    }


def test_one_form_has_one_budget() -> None:
    costly = "=count(for a in 1..300, b in 1..200 return a) > 0"
    asked = form(*[hidden("textfield", f"f{n}", costly) for n in range(5)])
    with pytest.raises(FeelBudgetExceeded):
        asked.validate({})


def test_words_and_labels_are_filled_in_and_bring_no_markup() -> None:
    asked = form(
        {"type": "text", "text": "# Hello {{who}}\n* **one**\n* two\n\n<b>x</b>"},
        field("textfield", "x", label='="Why, " + who + "?"'),
    )
    words, shown = asked.filled({"who": "Ana"}, None, Moment()).drawn
    assert isinstance(words, DrawnWords)
    assert [block.kind for block in words.blocks] == ["heading", "list", "paragraph"]
    assert [run.text for line in words.blocks[1].lines for run in line] == ["one", "two"]
    assert words.blocks[2].lines[0][0].text == "<b>x</b>"
    assert next(iter(drawn.fields_of([shown]))).label == "Why, Ana?"


def test_a_table_shows_rows_of_a_variable() -> None:
    asked = form(
        {
            "type": "table",
            "dataSource": "=hosts",
            "columns": [{"label": "Name", "key": "name"}, {"key": "at.site"}],
        }
    )
    [table] = asked.filled(
        {"hosts": [{"name": "db-1", "at": {"site": "x"}}, 7]}, None, Moment()
    ).drawn
    assert isinstance(table, DrawnTable)
    assert [column.label for column in table.columns] == ["Name", "at.site"]
    assert table.rows == (("db-1", "x"), (None, None))


def test_a_moment_is_picked_and_shown_in_the_zone_of_the_person() -> None:
    asked = form(field("datetime", subtype="datetime"), field("datetime", "t", subtype="time"))
    now = datetime(2030, 1, 10, tzinfo=UTC)
    values = sent.from_browser(asked, {"v.x": ["2030-01-31T08:30"], "v.t": ["08:30"]}, EAST, now)
    assert values == {"x": "2030-01-31T08:30+02:00", "t": "08:30+02:00"}
    first, second = drawn.fields_of(
        asked.filled({"x": "2030-01-31T06:30Z", "t": "08:30+02:00"}, None, Moment(zone=EAST)).drawn
    )
    assert (first.value, second.value) == ("2030-01-31T08:30", "08:30")


def test_a_browser_sends_flat_names_and_how_many_rows_there_are() -> None:
    asked = form(STEPS, field("checklist", "tags", values=[{"value": "a"}, {"value": "b"}]))
    lists = {"n.steps": ["2"], "v.steps.1.who": ["Ben"], "v.tags": ["a", "b"], "v.other": ["x"]}
    values = sent.from_browser(asked, lists, UTC, datetime(2030, 1, 1, tzinfo=UTC))
    assert values == {"steps": [{}, {"who": "Ben"}], "tags": ["a", "b"]}
    assert sent.with_row(values, "steps")["steps"] == [{}, {"who": "Ben"}, {}]
    assert sent.without_row(values, "steps.0")["steps"] == [{"who": "Ben"}]
    [rows, _] = asked.filled({}, values, Moment()).drawn
    assert isinstance(rows, DrawnRows)
    assert next(drawn.fields_of(rows.rows[1].drawn)).name == "v.steps.1.who"


def test_parts_of_one_row_stand_side_by_side_and_facts_in_a_list() -> None:
    def row(key: str, name: str | None) -> dict[str, Any]:
        return field("textfield", key, layout={"row": name, "columns": 8})

    asked = form(
        row("a", "r1"), row("b", "r1"), row("c", None), field("number", "d", readonly=True)
    )
    lines = drawn.lines(asked.filled({}, None, Moment()).drawn)
    assert [(len(line.parts), line.is_facts) for line in lines] == [
        (2, False),
        (1, False),
        (1, True),
    ]


def test_every_flaw_is_told_with_its_place() -> None:
    _, flaws = Form.judged(
        json.dumps(
            {
                "components": [
                    field("number", "a"),
                    {"type": "group", "components": [{"type": "magic"}, {"type": "image"}]},
                    field("number", "a"),
                ]
            }
        )
    )
    assert [(flaw.place, flaw.severity) for flaw in flaws] == [
        ((1, 0), "error"),
        ((1, 1), "warning"),
        ((0,), "error"),
        ((2,), "error"),
    ]
