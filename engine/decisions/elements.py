"""The elements of a decision model, as values. DMN 1.5, chapters 6 to 8 and 10.2.

Everything here is what a file says, with its links still as references: what they lead to, and
whether that makes sense, is for `requirements`, `types` and `compiler` to find out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from engine.decisions.problems import DecisionProblem


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an `href` points: the id of an element, in this namespace."""

    namespace: str
    id: str


@dataclass(frozen=True, slots=True)
class TypeName:
    """A `typeRef` as written; `namespace` is that of its prefix, where the prefix is declared."""

    name: str
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """FEEL as it stands in the file, with the id of the element that holds it."""

    id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class InformationItem:
    """A name and the type of its values: a variable, a parameter, a column."""

    name: str
    type: TypeName | None = None


# -- boxed expressions, 10.2 -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed:
    """What all expressions have: an id, and the type that the value must have."""

    id: str | None = None
    type: TypeName | None = None

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression(Boxed):
    """FEEL text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """One row of a boxed context; the one without a variable is the result."""

    variable: InformationItem | None
    expression: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedContext(Boxed):
    """Named values, each of which may read the ones above it."""

    entries: tuple[ContextEntry, ...]

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return tuple(entry.expression for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedList(Boxed):
    """A list, item by item."""

    items: tuple[Expression | None, ...]

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Boxed):
    """A list of contexts that all have the same entries."""

    columns: tuple[InformationItem, ...]
    rows: tuple[tuple[Expression | None, ...], ...]

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return tuple(cell for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An argument of an invocation, by the name of the parameter."""

    parameter: str
    expression: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Boxed):
    """A call of what `called` evaluates to."""

    called: Expression | None
    bindings: tuple[Binding, ...]

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return (self.called, *(one.expression for one in self.bindings))


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(Boxed):
    """A function: `kind` is FEEL, Java or PMML."""

    kind: str
    parameters: tuple[InformationItem, ...]
    body: Expression | None

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return (self.body,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Boxed):
    """If, then, else."""

    condition: Expression | None
    then: Expression | None
    otherwise: Expression | None

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return (self.condition, self.then, self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Boxed):
    """The items of a list for which the match holds."""

    source: Expression | None
    match: Expression | None

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return (self.source, self.match)


@dataclass(frozen=True, slots=True, kw_only=True)
class For(Boxed):
    """A list made item by item from another one."""

    variable: str
    source: Expression | None
    result: Expression | None

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return (self.source, self.result)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified(Boxed):
    """Whether a condition holds for every item of a list, or for some."""

    every: bool
    variable: str
    source: Expression | None
    condition: Expression | None

    @property
    def parts(self) -> tuple[Expression | None, ...]:
        """Return the expressions that stand directly inside this one."""
        return (self.source, self.condition)


# -- decision tables, chapter 8 ----------------------------------------------------------------


class HitPolicy(Enum):
    """Which of several matching rules count. 8.2.8; the value is what the file says."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def single(self) -> bool:
        """Whether the table answers with one rule's outputs rather than with a list."""
        return self in {HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST}


class Aggregation(Enum):
    """What a collecting table makes of its outputs."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A column of conditions: what they are about, and which values may come."""

    id: str | None
    label: str
    expression: Text | None
    type: TypeName | None
    values: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """A column of results; `values` are in order of priority, highest first."""

    id: str | None
    name: str
    label: str
    type: TypeName | None
    values: Text | None
    default: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: its conditions, its outputs, and what people wrote beside them."""

    id: str | None
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(Boxed):
    """Rules over inputs."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    annotations: tuple[str, ...]
    rules: tuple[Rule, ...]


Expression: TypeAlias = (
    LiteralExpression
    | BoxedContext
    | BoxedList
    | Relation
    | Invocation
    | FunctionDefinition
    | Conditional
    | Filter
    | For
    | Quantified
    | DecisionTable
)


# -- the requirement graph, chapter 6 ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node of the requirement graph.

    `name` is what the drawing calls it, `variable` the name and type under which others read it.
    """

    id: str
    name: str
    variable: InformationItem


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(Node):
    """A value that comes from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Node):
    """A value computed from others. `inputs`, `decisions` and `knowledge` are what it requires."""

    expression: Expression | None
    inputs: tuple[Reference, ...] = ()
    decisions: tuple[Reference, ...] = ()
    knowledge: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledgeModel(Node):
    """A function that decisions and other functions call."""

    function: FunctionDefinition | None
    knowledge: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService(Node):
    """Decisions behind a fixed interface; also a function of its inputs."""

    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...] = ()
    input_decisions: tuple[Reference, ...] = ()
    inputs: tuple[Reference, ...] = ()

    @property
    def parameters(self) -> tuple[Reference, ...]:
        """Return what the service is given, in the order of a call's arguments."""
        return (*self.inputs, *self.input_decisions)


DrgElement: TypeAlias = InputData | Decision | BusinessKnowledgeModel | DecisionService


# -- types and imports, 7.3 and 6.3.3 ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem:
    """The type of functions: their parameters and what they return."""

    parameters: tuple[InformationItem, ...]
    output: TypeName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A type of the model's own.

    `allowed` restricts each item of a collection, `constraint` (1.5) the value as a whole.
    """

    id: str | None
    name: str
    type: TypeName | None = None
    components: tuple[ItemDefinition, ...] = ()
    collection: bool = False
    allowed: Text | None = None
    constraint: Text | None = None
    function: FunctionItem | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """Another file, named by its namespace; an empty name puts its elements beside our own."""

    name: str
    namespace: str


@dataclass(frozen=True)
class Model:
    """A file as read, and what is wrong with how it is written.

    `elements` are the nodes of the requirement graph by id.
    """

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    elements: Mapping[str, DrgElement] = field(default_factory=dict)
    problems: tuple[DecisionProblem, ...] = ()
