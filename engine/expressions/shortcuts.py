"""A short way for the conditions that gateways ask all day: `amount > 5 and status = "open"`.

Comparisons of variables with literals, joined by `and` and `or`, need no run, no scope and no
admission: their cost is known, and nothing in them can warn unless a variable is missing or of
another type. Then, and for every other expression, the answer is None and the long way is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from engine.expressions import tree
from engine.expressions.budget import MAX_CHARACTERS
from engine.expressions.operators import COMPARED
from engine.expressions.values import CONTEXT

Shortcut: TypeAlias = Callable[[Mapping[str, Any]], bool | None]

_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def shortcut(node: tree.Node) -> Shortcut | None:
    """Return the short way for an expression, if it has one."""
    if isinstance(node, tree.Comparison):
        return _comparison(node)
    return _logic(node) if isinstance(node, tree.Logic) else None


def _comparison(node: tree.Comparison) -> Shortcut | None:
    sign, left, right = node.operator, node.left, node.right
    if isinstance(left, tree.Literal):
        sign, left, right = _TURNED[sign], right, left
    if not isinstance(left, tree.Name) or not isinstance(right, tree.Literal):
        return None
    if isinstance(right.value, Decimal):
        return _with_number(left.name, sign, right.value)
    if isinstance(right.value, str):
        return _with_text(left.name, sign, right.value)
    return None


def _with_number(name: str, sign: str, literal: Decimal) -> Shortcut:
    compare, rounded = COMPARED[sign], CONTEXT.create_decimal

    def verdict(variables: Mapping[str, Any]) -> bool | None:
        value = variables.get(name)
        if type(value) is int or (type(value) is Decimal and value.is_finite()):
            return compare(rounded(value), literal)
        return None

    return verdict


def _with_text(name: str, sign: str, literal: str) -> Shortcut:
    compare: Callable[[Any, Any], bool] = COMPARED[sign]

    def verdict(variables: Mapping[str, Any]) -> bool | None:
        value = variables.get(name)
        if type(value) is str and len(value) <= MAX_CHARACTERS:
            return compare(value, literal)
        return None

    return verdict


def _logic(node: tree.Logic) -> Shortcut | None:
    parts = [part for part in map(shortcut, node.operands) if part is not None]
    if len(parts) < len(node.operands):
        return None
    deciding = node.operator == "or"

    def verdict(variables: Mapping[str, Any]) -> bool | None:
        for part in parts:
            value = part(variables)
            if value is None or value is deciding:
                return value
        return not deciding

    return verdict
