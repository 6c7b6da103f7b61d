"""What a decision wants to know before it can be tried: the inputs it reads, and their kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from engine.decisions.elements import (
    Decision,
    DecisionTable,
    InputClause,
    InputData,
    LiteralExpression,
    Model,
    Text,
)
from engine.expressions import FeelSyntaxError, parse, parse_unary_tests, tree

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One input: the name it is read by, its type where the model says one, and its choices."""

    name: str
    type: str = ""
    choices: tuple[str, ...] = ()


def asked(model: Model, identity: str) -> tuple[Asked, ...]:
    """Return the inputs that a decision of a model reads, itself or through what it requires.

    Drawn input data comes first; then what its tables and expressions name without drawing it, as
    decisions for processes do. Logic other than tables and literal expressions names its inputs by
    drawing them. Each is told once, as it is first met.
    """
    closure = _closure(model, identity)
    own = {name for node in closure for name in (node.id, node.name, node.variable.name)}
    own |= {name for node in model.elements.values() for name in (node.name, node.variable.name)}
    found = {one.name: one for node in closure for one in _drawn(model, node)}
    known = tuple(found)
    for node in closure:
        for one in _named(node, known):
            if one.name in found:
                found[one.name] = _fuller(found[one.name], one)
            elif one.name not in own:
                found[one.name] = one
    return tuple(found.values())[:_MOST]


def _closure(model: Model, identity: str) -> list[Decision]:
    """Return a decision and those it requires in the same file, itself first."""
    found: dict[str, Decision] = {}
    pending = [identity]
    while pending:
        node = model.elements.get(pending.pop(0))
        if isinstance(node, Decision) and node.id not in found:
            found[node.id] = node
            pending += [one.id for one in node.decisions if one.namespace == model.namespace]
    return list(found.values())


def _drawn(model: Model, decision: Decision) -> Iterator[Asked]:
    for reference in decision.inputs:
        node = model.elements.get(reference.id)
        if isinstance(node, InputData):
            kind = node.variable.type
            yield Asked(node.variable.name, kind.name if kind else "")


def _named(decision: Decision, known: tuple[str, ...]) -> Iterator[Asked]:
    logic = decision.expression
    if isinstance(logic, LiteralExpression):
        yield from (Asked(name) for name in _names(parse, logic.text, known))
    elif isinstance(logic, DecisionTable):
        for clause in logic.inputs:
            yield from _of_clause(clause, known)
        for rule in logic.rules:
            for cell in rule.inputs:
                yield from map(Asked, _names(parse_unary_tests, cell.text, known))
            for cell in rule.outputs:
                yield from map(Asked, _names(parse, cell.text, known))


def _of_clause(clause: InputClause, known: tuple[str, ...]) -> Iterator[Asked]:
    text = clause.expression.text if clause.expression else ""
    names = _names(parse, text, known)
    if names == (text.strip(),):
        yield Asked(names[0], clause.type.name if clause.type else "", _choices(clause.values))
    else:
        yield from map(Asked, names)


def _names(read: Callable[..., object], text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names a text reads, in order; none of one that cannot be read."""
    if not text.strip() or text.strip() == "-":
        return ()
    try:
        found = read(text, known)
    except FeelSyntaxError:
        return ()
    return tuple(sorted(getattr(found, "names", ())))


def _choices(values: Text | None) -> tuple[str, ...]:
    """Return the texts of input values such as `"low", "high"`; nothing of any other kind."""
    if values is None:
        return ()
    try:
        tests = parse_unary_tests(values.text).tree
    except FeelSyntaxError:
        return ()
    texts = [one.value for one in tree.walk(tests) if isinstance(one, tree.Literal)]
    return tuple(text for text in texts if isinstance(text, str))


def _fuller(one: Asked, other: Asked) -> Asked:
    return Asked(one.name, one.type or other.type, one.choices or other.choices)
