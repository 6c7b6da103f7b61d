"""The expression tree: what the parser reads, the evaluator compiles and the printer writes.

Chains such as `a + b + c`, `a and b and c` and `x.y.z[1]` are one flat node each, so that depth
in the tree only ever comes from brackets and prefixes, which the parser counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.expressions.lattice import Type
from engine.expressions.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out."""

    value: Value


@dataclass(frozen=True, slots=True)
class Temporal:
    """`@"…"`: a date, time, date and time or duration; null when the text names none."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or a name bound by a loop, a function, a context or a filter."""

    name: str


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A built-in function that is called here, and that no name in scope hides."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    """`{key: value}`; a later entry may read an earlier one."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`[a..b]`, with either end excluded by a round or turned bracket."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class UnaryRange:
    """`(< a)`: the values that pass a comparison."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A chain of operators of one precedence, applied from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """`-a`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b and c`, or the same with `or`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """`a between low and high`, both ends included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test:
    """One test of an `in`: `< 5`, or a value, list or range (operator `in`)."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class In:
    """`a in (test, test)`: true when one of the tests holds."""

    operand: Node
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`a instance of type`."""

    operand: Node
    type: Type


@dataclass(frozen=True, slots=True)
class If:
    """`if a then b else c`; anything but true chooses c."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in source`, or `name in source..until`."""

    name: str
    source: Node
    until: Node | None = None


@dataclass(frozen=True, slots=True)
class For:
    """`for x in a, y in b return c`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some x in a satisfies c`, or `every`."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """`function(a: T, b) body`; one that is `external` has no body we would run."""

    parameters: tuple[tuple[str, Type], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Get:
    """A step of a chain: `.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Where:
    """A step of a chain: `[condition or index]`."""

    condition: Node


@dataclass(frozen=True, slots=True)
class Invoke:
    """A step of a chain: `(arguments)`; one of the two is empty."""

    positional: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()


Step = Get | Where | Invoke


@dataclass(frozen=True, slots=True)
class Chain:
    """`base.name[filter](arguments)`."""

    base: Node
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests of a cell of a decision table; `-`, which any value passes, has none."""

    tests: tuple[Test, ...]
    negated: bool = False


Node = (
    Literal
    | Temporal
    | Name
    | BuiltIn
    | ListOf
    | ContextOf
    | RangeOf
    | UnaryRange
    | Arithmetic
    | Negation
    | Logic
    | Comparison
    | Between
    | In
    | InstanceOf
    | If
    | For
    | Quantified
    | FunctionOf
    | Chain
    | UnaryTests
)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below one, in the order of the text."""
    read = _CHILDREN.get(type(node))
    return () if read is None else tuple(read(node))


def walk(root: Node) -> list[Node]:
    """Return every node of a tree, in the order of the text."""
    found, pending = [], [root]
    while pending:
        node = pending.pop()
        found.append(node)
        read = _CHILDREN.get(type(node))
        if read is not None:
            pending.extend(reversed(tuple(read(node))))
    return found


def weight(node: Node) -> int:
    """Return how many nodes a tree has: what it costs to run it once."""
    return len(walk(node))


def height(node: Node) -> int:
    """Return how deeply a tree is nested."""
    return 1 + max(map(height, children(node)), default=0)


def _of_iterators(iterators: Iterable[Iterator]) -> Iterable[Node]:
    for one in iterators:
        yield one.source
        if one.until is not None:
            yield one.until


def _of_chain(chain: Chain) -> Iterable[Node]:
    yield chain.base
    for step in chain.steps:
        if isinstance(step, Where):
            yield step.condition
        elif isinstance(step, Invoke):
            yield from step.positional
            yield from (argument for _, argument in step.named)


# The key is the type of the argument; a mapping cannot say so.
_CHILDREN: Mapping[type, Callable[[Any], Iterable[Node]]] = {
    ListOf: lambda node: node.items,
    ContextOf: lambda node: (value for _, value in node.entries),
    RangeOf: lambda node: (node.low, node.high),
    UnaryRange: lambda node: (node.operand,),
    Arithmetic: lambda node: (node.first, *(operand for _, operand in node.rest)),
    Negation: lambda node: (node.operand,),
    Logic: lambda node: node.operands,
    Comparison: lambda node: (node.left, node.right),
    Between: lambda node: (node.operand, node.low, node.high),
    In: lambda node: (node.operand, *(test.operand for test in node.tests)),
    InstanceOf: lambda node: (node.operand,),
    If: lambda node: (node.condition, node.then, node.otherwise),
    For: lambda node: (*_of_iterators(node.iterators), node.body),
    Quantified: lambda node: (*_of_iterators(node.iterators), node.condition),
    FunctionOf: lambda node: (node.body,),
    Chain: _of_chain,
    UnaryTests: lambda node: (test.operand for test in node.tests),
}
