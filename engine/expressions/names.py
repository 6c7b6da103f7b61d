"""Which variables an expression reads, found in its tree.

A name inside a filter may mean a key of the item or a variable; it counts as read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.expressions import tree

_ITEM = frozenset({"item"})


def names_read(node: tree.Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the names the tree reads and does not bind itself."""
    if isinstance(node, tree.Name):
        return frozenset() if node.name in bound else frozenset({node.name})
    if isinstance(node, tree.ContextOf):
        return _in_order(node.entries, bound)
    if isinstance(node, tree.For | tree.Quantified):
        last = node.body if isinstance(node, tree.For) else node.condition
        return _in_order([*_sources(node.iterators), ("", last)], bound)
    if isinstance(node, tree.Chain):
        filters = [step for step in node.steps if not isinstance(step, str)]
        return names_read(node.base, bound) | _all(filters, bound | _ITEM)
    return _all(_CHILDREN.get(type(node), _none)(node), bound)


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


def _none(_: tree.Node) -> tuple[tree.Node, ...]:
    return ()


# The key is the type of the argument; a mapping cannot say so.
_CHILDREN: Mapping[type, Callable[[Any], Iterable[tree.Node]]] = {
    tree.ListOf: lambda node: node.items,
    tree.RangeOf: lambda node: (node.low, node.high),
    tree.Arithmetic: lambda node: (node.first, *(operand for _, operand in node.rest)),
    tree.Negation: lambda node: (node.operand,),
    tree.Logic: lambda node: node.operands,
    tree.Comparison: lambda node: (node.left, node.right),
    tree.Between: lambda node: (node.operand, node.low, node.high),
    tree.In: lambda node: (node.operand, *(test.operand for test in node.tests)),
    tree.InstanceOf: lambda node: (node.operand,),
    tree.If: lambda node: (node.condition, node.then, node.otherwise),
    tree.Call: lambda node: (*node.positional, *(value for _, value in node.named)),
}
