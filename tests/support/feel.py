"""FEEL the slow way: a plain walk over the tree, to hold the compiled closures against.

It knows the language's core over numbers, strings, truth values, null, lists and contexts, and no
warnings, budgets or calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from itertools import takewhile
from typing import Any

from engine.expressions import tree

EXACT = Context(prec=34, Emin=-6143, Emax=6144, traps=[])
Scope = dict[str, Any]


def value_of(node: tree.Node, scope: Scope) -> Any:
    """Return the value of a tree."""
    return WALKS[type(node)](node, scope)


def context(node: tree.ContextOf, scope: Scope) -> Scope:
    made: Scope = {}
    for key, of in node.entries:
        made[key] = value_of(of, {**scope, **made})
    return made


def arithmetic(node: tree.Arithmetic, scope: Scope) -> Any:
    total = value_of(node.first, scope)
    for operator, operand in node.rest:
        total = calculated(operator, total, value_of(operand, scope))
    return total


def between(node: tree.Between, scope: Scope) -> bool | None:
    value = value_of(node.operand, scope)
    above = compared("<=", value_of(node.low, scope), value)
    below = compared("<=", value, value_of(node.high, scope))
    return None if above is None or below is None else above and below


def loop(node: tree.For, scope: Scope) -> Any:
    turns = turned(node.iterators, scope)
    return None if turns is None else [value_of(node.body, turn) for turn in turns]


def quantified(node: tree.Quantified, scope: Scope) -> bool | None:
    turns = turned(node.iterators, scope)
    if turns is None:
        return None
    return decided([value_of(node.condition, turn) for turn in turns], deciding=not node.every)


def chain(node: tree.Chain, scope: Scope) -> Any:
    value = value_of(node.base, scope)
    for step in node.steps:
        value = stepped(step, value, scope)
    return value


WALKS: dict[type, Callable[[Any, Scope], Any]] = {
    tree.Literal: lambda node, _: node.value,
    tree.Name: lambda node, scope: scope.get(node.name),
    tree.ListOf: lambda node, scope: [value_of(item, scope) for item in node.items],
    tree.ContextOf: context,
    tree.Negation: lambda node, scope: calculated("*", Decimal(-1), value_of(node.operand, scope)),
    tree.Arithmetic: arithmetic,
    tree.Logic: lambda node, scope: decided(
        [value_of(one, scope) for one in node.operands], deciding=node.operator == "or"
    ),
    tree.Comparison: lambda node, scope: compared(
        node.operator, value_of(node.left, scope), value_of(node.right, scope)
    ),
    tree.Between: between,
    tree.If: lambda node, scope: value_of(
        node.then if value_of(node.condition, scope) is True else node.otherwise, scope
    ),
    tree.For: loop,
    tree.Quantified: quantified,
    tree.Chain: chain,
}


def calculated(operator: str, left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str) and operator == "+":
        return left + right
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    operation = {
        "+": EXACT.add,
        "-": EXACT.subtract,
        "*": EXACT.multiply,
        "/": EXACT.divide,
        "**": EXACT.power,
    }[operator]
    result = operation(left, right)
    return result if result.is_finite() else None


def decided(values: list[Any], *, deciding: bool) -> bool | None:
    if any(value is deciding for value in values):
        return deciding
    return not deciding if all(isinstance(value, bool) for value in values) else None


def equal(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    if isinstance(left, list):
        return len(left) == len(right) and all(
            equal(one, other) for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def compared(operator: str, left: Any, right: Any) -> bool | None:
    if operator in {"=", "!="}:
        same = equal(left, right)
        return same if operator == "=" or same is None else not same
    if type(left) is not type(right) or type(left) not in {Decimal, str}:
        return None
    order: int = (left > right) - (left < right)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]


def turned(iterators: Any, scope: Scope) -> list[Scope] | None:
    turns = [scope]
    for iterator in iterators:
        inner: list[Scope] = []
        for turn in turns:
            source = value_of(iterator.source, turn)
            if source is None:
                return None
            items = source if isinstance(source, list) else [source]
            inner += [{**turn, iterator.name: item} for item in items]
        turns = inner
    return turns


def stepped(step: tree.Step, value: Any, scope: Scope) -> Any:
    if isinstance(step, tree.Get):
        if isinstance(value, list):
            return [one.get(step.name) if isinstance(one, dict) else None for one in value]
        return value.get(step.name) if isinstance(value, dict) else None
    assert isinstance(step, tree.Where)
    if value is None:
        return None
    return filtered(step.condition, value if isinstance(value, list) else [value], scope)


def filtered(condition: tree.Node, items: list[Any], scope: Scope) -> Any:
    verdicts = [
        value_of(condition, {**scope, "item": item, **(item if isinstance(item, dict) else {})})
        for item in items or [None]
    ]
    before = list(takewhile(lambda verdict: not isinstance(verdict, Decimal), verdicts))
    if len(before) < len(verdicts):
        return picked(items, verdicts[len(before)])
    return [item for item, verdict in zip(items, verdicts, strict=False) if verdict is True]


def picked(items: list[Any], index: Decimal) -> Any:
    if index != index.to_integral_value() or not 1 <= abs(index) <= len(items):
        return None
    return items[int(index) - 1 if index > 0 else int(index)]
