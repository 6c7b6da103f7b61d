"""The expression tree: what the parser reads and the evaluator compiles.

Chains such as `a + b + c`, `a and b and c` and `x.y.z[1]` are one flat node each, so that depth
in the tree only ever comes from brackets and prefixes, which the parser counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.expressions.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or a name bound by `for`, a quantifier, a context or a filter."""

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
    """`a instance of type`; `inner` is the type in angle brackets, if any."""

    operand: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written; `inner` is what a list or range holds."""

    name: str
    inner: TypeName | None = None


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
class Chain:
    """`base.name[filter].name`: a step is a name or the node of a filter."""

    base: Node
    steps: tuple[str | Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A built-in function called; either list of arguments may be empty, never both filled."""

    function: str
    positional: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()


Node = (
    Literal
    | Name
    | ListOf
    | ContextOf
    | RangeOf
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
    | Chain
    | Call
)
