"""A range read from its text, as `range()` does. DMN 1.5, table 66.

The ends are literals, or calls of the functions that make dates, times and durations of one text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from engine.expressions import operators, temporal, tree
from engine.expressions.errors import FeelSyntaxError, Refusal
from engine.expressions.parser import Known, parse_tree
from engine.expressions.values import CONTEXT, Range, Value, kind_of
from engine.expressions.vocabulary import BuiltIns

_MAKERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "duration": temporal.parse_duration,
}
_KNOWN: Final = Known(built_ins=BuiltIns(_MAKERS))


def parse_range(text: str) -> Range:
    """Return the range a text names.

    Raises:
        Refusal: when it names none, or one that holds nothing.
    """
    try:
        node = parse_tree(text, _KNOWN)
    except FeelSyntaxError:
        raise _unreadable(text) from None
    if not isinstance(node, tree.RangeOf):
        raise _unreadable(text)
    low, high = _end(node.low), _end(node.high)
    if kind_of(low) != kind_of(high) or operators.less(high, low):
        raise _unreadable(text)
    return Range(low, high, node.low_included, node.high_included)


def _end(node: tree.Node) -> Value:
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.Temporal):
        return temporal.parse_temporal(node.text)
    if isinstance(node, tree.Negation):
        return _negative(_end(node.operand))
    return _made(node)


def _negative(value: Value) -> Value:
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    raise Refusal("the ends of a range are literals")


def _made(node: tree.Node) -> Value:
    """Return what a call such as `date("2030-01-31")` makes."""
    if (
        isinstance(node, tree.Chain)
        and isinstance(node.base, tree.BuiltIn)
        and isinstance(node.steps[0], tree.Invoke)
        and len(node.steps) == len(node.steps[0].positional) == 1
    ):
        argument = node.steps[0].positional[0]
        if isinstance(argument, tree.Literal) and isinstance(argument.value, str):
            return _MAKERS[node.base.name](argument.value)
    raise Refusal("the ends of a range are literals")


def _unreadable(text: str) -> Refusal:
    return Refusal(f'"{text[:40]}" is not a range such as [1..10]')
