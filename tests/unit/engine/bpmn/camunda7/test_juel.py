"""Expressions of Camunda 7 become FEEL that means the same, or are refused."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.camunda7.juel import Untranslatable, feel
from engine.expressions import parse

SEEN: dict[str, Any] = {
    "a": 1,
    "b": 2,
    "yes": True,
    "no": False,
    "nothing": None,
    "name": "db-1",
    "list": ["x", "y"],
    "order": {"total": 12, "lines": [{"n": 1}], "by line": 5},
}


def value(text: str) -> Any:
    written = feel(text)
    assert written is not None
    return parse(written).evaluate(SEEN).value


@pytest.mark.parametrize(
    ("juel", "expected"),
    [
        ("${a}", 1),
        ("#{a}", 1),
        ("${a == 1}", True),
        ("${a eq 1 and b ne 1}", True),
        ("${a != 1 || no}", False),
        ("${yes && !no}", True),
        ("${not yes or no}", False),
        ("${!!yes}", True),
        ("${a + b * 2 - 1}", 4),
        ("${(a + b) * 2}", 6),
        ("${b / a}", 2),
        ("${7 % b}", 1),
        ("${-a + 3 ge 2}", True),
        ("${a < b ? 'low' : 'high'}", "low"),
        ("${a > b ? 1 : yes ? 2 : 3}", 2),
        ("${order.total > 10}", True),
        ("${order.lines[0].n}", 1),
        ("${order['by line']}", 5),
        ("${empty nothing}", True),
        ("${empty list}", False),
        ("${!empty name}", True),
        ("${empty ''}", True),
        ("${execution.getVariable('name')}", "db-1"),
        ('${execution.hasVariable("nothing")}', False),
        ("${list.size() == 2}", True),
        ("${list.isEmpty()}", False),
        ("${name.equals('db-1')}", True),
        ("${name.startsWith('db') && name.length() > 3}", True),
        ("${name.toUpperCase()}", "DB-1"),
        ("${null == nothing}", True),
        ("${'it\\'s \"here\"'}", 'it\'s "here"'),
        ("Host ${name}: ${a}", "Host db-1: 1"),
        ("${'a {0} b'.length()}", 7),
    ],
)
def test_it_means_the_same(juel: str, expected: object) -> None:
    assert value(juel) == expected


@pytest.mark.parametrize(
    ("juel", "written"),
    [
        ("${nrOfInstances - nrOfActiveInstances}", "numberOfInstances - numberOfActiveInstances"),
        ("${nrOfCompletedInstances}", "numberOfCompletedInstances"),
        ("${loopCounter == 0}", "(loopCounter - 1) = 0"),
        ("${execution.loopCounter}", "(loopCounter - 1)"),
    ],
)
def test_what_a_loop_counts_is_called_otherwise(juel: str, written: str) -> None:
    assert feel(juel) == written


def test_a_text_without_an_expression_has_none() -> None:
    assert feel("R3/PT10M") is None
    assert feel("") is None


@pytest.mark.parametrize(
    "juel",
    [
        "${service.check(order)}",
        "${execution.processBusinessKey}",
        "${execution.setVariable('a', 1)}",
        "${task.name}",
        "${now()}",
        "${dateTime().plusDays(1).toDate()}",
        "${list.contains('x')}",
        "${list[a]}",
        "${a",
        "${a +}",
        "${a b}",
        "${}",
        "${a $ b}",
        "${if}",
        "${" + "(" * 5_000 + "a" + ")" * 5_000 + "}",
        "${" + "a ? " * 500 + "a" + " : b" * 500 + "}",
        "${a}" * 5_000,
    ],
)
def test_what_feel_cannot_say_is_refused(juel: str) -> None:
    with pytest.raises(Untranslatable):
        feel(juel)
