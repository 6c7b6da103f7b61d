"""Which variables an expression reads, found in its tree.

A name inside a filter may mean a key of the item or a variable; it counts as read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.expressions import tree

_NOTHING = frozenset[str]()
_ITEM = frozenset({"item"})
_PARTIAL = frozenset({"partial"})


def names_read(node: tree.Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the names the tree reads and does not bind itself."""
    if isinstance(node, tree.Name):
        return frozenset({node.name}) - bound
    read = _READERS.get(type(node))
    if read is not None:
        return read(node, bound)
    inside = tree.children(node)
    return _all(inside, bound) if inside else _NOTHING


def _of_context(node: tree.ContextOf, bound: frozenset[str]) -> frozenset[str]:
    return _in_order(node.entries, bound)


def _of_for(node: tree.For, bound: frozenset[str]) -> frozenset[str]:
    return _in_order([*_sources(node.iterators), ("", node.body)], bound | _PARTIAL)


def _of_quantified(node: tree.Quantified, bound: frozenset[str]) -> frozenset[str]:
    return _in_order([*_sources(node.iterators), ("", node.condition)], bound)


def _of_function(node: tree.FunctionOf, bound: frozenset[str]) -> frozenset[str]:
    return names_read(node.body, bound | {name for name, _ in node.parameters})


def _of_chain(node: tree.Chain, bound: frozenset[str]) -> frozenset[str]:
    return names_read(node.base, bound).union(*(_of_step(one, bound) for one in node.steps))


def _of_step(step: tree.Step, bound: frozenset[str]) -> frozenset[str]:
    if isinstance(step, tree.Where):
        return names_read(step.condition, bound | _ITEM)
    if isinstance(step, tree.Invoke):
        return _all((*step.positional, *(value for _, value in step.named)), bound)
    return frozenset()


def _sources(iterators: Iterable[tree.Iterator]) -> list[tuple[str, tree.Node]]:
    read = []
    for iterator in iterators:
        if iterator.until is not None:
            read.append(("", iterator.until))
        read.append((iterator.name, iterator.source))
    return read


def _in_order(entries: Iterable[tuple[str, tree.Node]], bound: frozenset[str]) -> frozenset[str]:
    """Collect from entries of which each binds a name for those after it."""
    read = frozenset[str]()
    for name, node in entries:
        read |= names_read(node, bound)
        bound |= {name}
    return read


def _all(nodes: Iterable[tree.Node], bound: frozenset[str]) -> frozenset[str]:
    return frozenset[str]().union(*(names_read(node, bound) for node in nodes))


# The key is the type of the argument; a mapping cannot say so.
_READERS: Mapping[type, Callable[[Any, frozenset[str]], frozenset[str]]] = {
    tree.ContextOf: _of_context,
    tree.For: _of_for,
    tree.Quantified: _of_quantified,
    tree.FunctionOf: _of_function,
    tree.Chain: _of_chain,
}
