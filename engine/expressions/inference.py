"""Which types the variables of an expression must have, as far as its text tells: for editors.

Told by where a variable stands: beside an operator, in a condition, in a loop, before a point. Two
places that contradict each other leave `Any`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from engine.expressions import tree
from engine.expressions.errors import Refusal
from engine.expressions.lattice import (
    ANY,
    BOOLEAN,
    LIST,
    NUMBER,
    STRING,
    ContextType,
    FunctionType,
    Type,
    type_conforms,
)
from engine.expressions.temporal import parse_temporal
from engine.expressions.types import type_of

Told: TypeAlias = Iterator[tuple[str, Type]]


def types_read(root: tree.Node, names: frozenset[str]) -> Mapping[str, Type]:
    """Return a type for each of the names, `Any` where the text does not tell."""
    found: dict[str, Type] = {}
    for node in tree.walk(root):
        for name, told in _TELLERS.get(type(node), _nothing)(node):
            if name in names:
                found[name] = _both(found[name], told) if name in found else told
    return {name: found.get(name, ANY) for name in names}


def _both(one: Type, other: Type) -> Type:
    """Return the narrower of two types; contexts of which each asks for its keys ask for all."""
    if isinstance(one, ContextType) and isinstance(other, ContextType):
        entries = dict(one.entries)
        for key, of in other.entries:
            entries[key] = _both(entries[key], of) if key in entries else of
        return ContextType(tuple(entries.items()))
    if type_conforms(one, other):
        return one
    return other if type_conforms(other, one) else ANY


def _nothing(_: tree.Node) -> Told:
    yield from ()


def _is(node: tree.Node, told: Type) -> Told:
    """Say what a node's type tells of the variable it stands for, or of the path it reads."""
    if told == ANY:
        return
    if isinstance(node, tree.Name):
        yield node.name, told
    if isinstance(node, tree.Chain) and isinstance(node.base, tree.Name):
        keys = [step.name for step in node.steps if isinstance(step, tree.Get)]
        if len(keys) == len(node.steps):
            for key in reversed(keys):
                told = ContextType(((key, told),))
            yield node.base.name, told


def _literal_type(node: tree.Node) -> Type:
    if isinstance(node, tree.Literal) and node.value is not None:
        return type_of(node.value)
    if isinstance(node, tree.Temporal):
        try:
            return type_of(parse_temporal(node.text))
        except Refusal:
            return ANY
    return NUMBER if isinstance(node, tree.Negation) else ANY


def _arithmetic(node: tree.Arithmetic) -> Told:
    """Adding and subtracting keep numbers and strings among themselves; powers are of numbers.

    A product of a number may be one of a duration, and what is added to a date is another kind.
    """
    operands = (node.first, *(operand for _, operand in node.rest))
    kinds = {_literal_type(operand) for operand in operands} & {NUMBER, STRING}
    sign = node.rest[0][0]
    kind = NUMBER if sign == "**" else kinds.pop() if len(kinds) == 1 and sign in "+-" else ANY
    for operand in operands:
        yield from _is(operand, kind)


def _logic(node: tree.Logic) -> Told:
    for operand in node.operands:
        yield from _is(operand, BOOLEAN)


def _comparison(node: tree.Comparison) -> Told:
    yield from _is(node.left, _literal_type(node.right))
    yield from _is(node.right, _literal_type(node.left))


def _between(node: tree.Between) -> Told:
    yield from _is(node.operand, _literal_type(node.low))
    yield from _is(node.operand, _literal_type(node.high))


def _if(node: tree.If) -> Told:
    yield from _is(node.condition, BOOLEAN)


def _loop(node: tree.For | tree.Quantified) -> Told:
    for iterator in node.iterators:
        yield from _is(iterator.source, LIST if iterator.until is None else NUMBER)
        if iterator.until is not None:
            yield from _is(iterator.until, NUMBER)
    if isinstance(node, tree.Quantified):
        yield from _is(node.condition, BOOLEAN)


def _chain(node: tree.Chain) -> Told:
    first = node.steps[0]
    if isinstance(first, tree.Get):
        yield from _is(node.base, ContextType(((first.name, ANY),)))
    elif isinstance(first, tree.Where):
        yield from _is(node.base, LIST)
    else:
        yield from _is(node.base, FunctionType(tuple(ANY for _ in first.positional), ANY))


# The key is the type of the argument; a mapping cannot say so.
_TELLERS: Mapping[type, Callable[[Any], Told]] = {
    tree.Arithmetic: _arithmetic,
    tree.Logic: _logic,
    tree.Comparison: _comparison,
    tree.Between: _between,
    tree.If: _if,
    tree.For: _loop,
    tree.Quantified: _loop,
    tree.Chain: _chain,
}
