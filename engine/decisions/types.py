"""Item definitions as types: what belongs to one, and what is converted to fit. DMN 1.5, 7.3.3.

The shape of a value (its FEEL type) and what further restricts it (allowed values, constraints)
are told apart: the shape is FEEL's to judge and to convert, the restrictions are judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from common.phrases import Phrase
from engine.decisions import vocabulary
from engine.decisions.elements import ItemDefinition, Model, Text, TypeName
from engine.decisions.library import Library
from engine.decisions.problems import DecisionProblem, problem
from engine.expressions import FeelSyntaxError, Function, Run, UnaryTests, Value, parse_unary_tests
from engine.expressions.errors import Refusal
from engine.expressions.lattice import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_TIME,
    NUMBER,
    SIMPLE_TYPES,
    STRING,
    TIME,
    YEARS_MONTHS,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
    Unknown,
)
from engine.expressions.type_reader import parse_type
from engine.expressions.types import converted
from engine.expressions.values import described

MAX_DEPTH: Final = 50
"""The longest chain of types that are defined by others."""
MAX_WEIGHT: Final = 2_000
"""The most types one is put together from, each counted as often as it occurs."""

_ALIASES: Final[Mapping[str, Type]] = {
    **SIMPLE_TYPES,
    **dict.fromkeys(("anyType", "any"), ANY),
    **dict.fromkeys(
        ("byte", "decimal", "double", "float", "int", "integer", "long", "short"), NUMBER
    ),
    **dict.fromkeys(("dayTimeDuration", "days and time duration"), DAYS_TIME),
    **dict.fromkeys(("yearMonthDuration", "years and months duration"), YEARS_MONTHS),
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "dateTime": DATE_TIME,
}
"""FEEL's own names, those of DMN 1.1 and XML Schema, and those that tools write."""


@dataclass(frozen=True, slots=True)
class DeclaredType:
    """A type of the model: its shape, and the restrictions on the value and on its parts."""

    name: str
    shape: Type
    restrictions: tuple[UnaryTests, ...] = ()
    components: tuple[tuple[str, DeclaredType], ...] = ()
    item: DeclaredType | None = None
    base: DeclaredType | None = None
    allowed: Text | None = None
    weight: int = 1

    @property
    def result(self) -> DeclaredType | None:
        """The type of what the values return, None when they are no functions."""
        if not isinstance(self.shape, FunctionType):
            return None
        return DeclaredType(str(self.shape.result), self.shape.result)

    def fitted(self, run: Run, value: Value, what: str) -> Value:
        """Return the value as one of this type, or null and a warning that says why not.

        `what` names where the value was going.
        """
        _pay_for_walk(run, value)
        try:
            fit = self._converted(value)
        except Refusal:
            run.warn(f"{what} became null: {described(value)} is no {self.name}.")
            return None
        broken = next(self._violations(run, fit), None)
        if broken is not None:
            run.warn(f"{what} became null: {broken}.")
        return None if broken else fit

    def _converted(self, value: Value) -> Value:
        if isinstance(self.shape, FunctionType) and isinstance(value, Function):
            # What a function written without types returns is only known once it is called.
            if len(value.parameters) != len(self.shape.parameters):
                raise Refusal("it takes another number of arguments")
            return value
        return converted(value, self.shape)

    def _violations(self, run: Run, value: Value) -> Iterator[str]:
        """Yield which restrictions the value breaks; null breaks none."""
        if value is None:
            return
        run.spend()
        if self.base is not None:
            yield from self.base._violations(run, value)
        if any(tests.verdict(run, value, {}) is not True for tests in self.restrictions):
            yield f"the value is none that “{self.name}” allows"
        if self.item is not None and isinstance(value, list):
            for item in value:
                yield from self.item._violations(run, item)
        if isinstance(value, dict):
            for name, part in self.components:
                yield from part._violations(run, value.get(name))


class Types:
    """The types of one model, and of those it imports."""

    def __init__(self, model: Model, library: Library, problems: list[DecisionProblem]) -> None:
        self._model = model
        self._library = library
        self._problems = problems
        self._known: dict[tuple[str, str], DeclaredType | None] = {}
        self._under_way: list[tuple[str, str]] = []

    def shapes(self) -> Mapping[str, Type]:
        """Return the shapes of all types by the names under which the model's FEEL knows them.

        What is wrong with a type is found on the way.
        """
        shapes: dict[str, Type] = {}
        for prefix, model in self._library.named(self._model):
            for item in model.items:
                declared = self._item_type(model, item)
                shapes[prefix + item.name] = declared.shape if declared else ANY
        return shapes

    def declared(
        self, name: TypeName | None, unknown: Callable[[str], None]
    ) -> DeclaredType | None:
        """Return the type of a name, None where everything is allowed.

        `unknown` is told the name when there is no such type.
        """
        return self._resolved(name, self._model, unknown)

    def _resolved(
        self, name: TypeName | None, model: Model, unknown: Callable[[str], None]
    ) -> DeclaredType | None:
        if name is None:
            return None
        owner = self._owner(name, model)
        if owner is not None:
            return self._item_type(*owner)
        shape = _shape(name.name.removeprefix("feel:").removeprefix("xsd:"))
        if shape is None:
            unknown(name.name)
        return None if shape is None or shape == ANY else DeclaredType(name.name, shape)

    def _owner(self, name: TypeName, model: Model) -> tuple[Model, ItemDefinition] | None:
        """Return the item definition that a name means, with the model it stands in."""
        if name.namespace is None and name.name in SIMPLE_TYPES:
            return None
        if name.namespace == vocabulary.XSD or "/FEEL" in (name.namespace or ""):
            return None
        return self._library.item(name, model)

    def _item_type(self, model: Model, item: ItemDefinition) -> DeclaredType | None:
        key = (model.namespace, item.name)
        if key in self._known:
            return self._known[key]
        if key in self._under_way or len(self._under_way) > MAX_DEPTH:
            self._tell("type_cycle", item)
            return None
        self._under_way.append(key)
        made = self._made(model, item)
        self._under_way.pop()
        if made.weight > MAX_WEIGHT:
            self._tell("type_too_large", item, limit=MAX_WEIGHT)
        self._known[key] = made if made.weight <= MAX_WEIGHT else None
        return self._known[key]

    def _made(self, model: Model, item: ItemDefinition) -> DeclaredType:
        single = self._single(model, item)
        constraint = self._restrictions(item, item.constraint, Phrase("type constraint"))
        if item.collection:
            shape = ListType(single.shape)
            return DeclaredType(item.name, shape, constraint, item=single, weight=1 + single.weight)
        return replace(single, restrictions=(*single.restrictions, *constraint))

    def _single(self, model: Model, item: ItemDefinition) -> DeclaredType:
        """Return the type of the value, or of each item of the collection."""
        restrictions = self._restrictions(item, item.allowed, Phrase("allowed values"))
        if item.components:
            parts = tuple((one.name, self._made(model, one)) for one in item.components)
            composed = ContextType(tuple((name, part.shape) for name, part in parts))
            weight = 1 + sum(part.weight for _, part in parts)
            return DeclaredType(item.name, composed, restrictions, parts, weight=weight)
        if item.function is not None:
            named = [one.type for one in item.function.parameters]
            types = [self._part(model, item, one) for one in (*named, item.function.output)]
            *shapes, result = (ANY if one is None else one.shape for one in types)
            weight = 1 + sum(one.weight for one in types if one)
            return DeclaredType(item.name, FunctionType(tuple(shapes), result), weight=weight)
        base = self._part(model, item, item.type)
        shape = base.shape if base else ANY
        allowed = item.allowed or (base.allowed if base else None)
        return DeclaredType(
            item.name,
            shape,
            restrictions,
            base=base,
            allowed=allowed,
            weight=1 + (base.weight if base else 0),
        )

    def _part(
        self, model: Model, item: ItemDefinition, name: TypeName | None
    ) -> DeclaredType | None:
        return self._resolved(name, model, lambda unknown: self._unknown(item, unknown))

    def _restrictions(
        self, item: ItemDefinition, text: Text | None, what: Phrase
    ) -> tuple[UnaryTests, ...]:
        if text is None:
            return ()
        try:
            return (parse_unary_tests(text.text),)
        except FeelSyntaxError as error:
            self._tell("feel_unreadable", item, what=what, sentence=error.sentence)
        return ()

    def _unknown(self, item: ItemDefinition, name: str) -> None:
        self._tell("type_unknown", item, type=name[:80])

    def _tell(self, code: str, item: ItemDefinition, **fields: Any) -> None:
        self._problems.append(problem(code, item.id, item.name, **fields))


def _shape(name: str) -> Type | None:
    """Return a type of FEEL's own, such as `number` or `list<number>`."""
    if name in _ALIASES:
        return _ALIASES[name]
    try:
        found = parse_type(name)
    except FeelSyntaxError:
        return None
    return found if _known(found) else None


def _known(found: Type) -> bool:
    """Return whether a type is made of FEEL's own alone."""
    match found:
        case Unknown():
            return False
        case ListType(item=part) | RangeType(end=part):
            return _known(part)
        case ContextType(entries=entries):
            return all(_known(part) for _, part in entries)
        case FunctionType(parameters=parameters, result=result):
            return all(map(_known, (*parameters, result)))
        case _:
            return True


def _pay_for_walk(run: Run, value: Value) -> None:
    """Count the work of looking at a whole value, before it is done."""
    pending = [value]
    while pending:
        one = pending.pop()
        parts = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        run.spend(1 + len(parts) // 4)
        pending.extend(part for part in parts if isinstance(part, dict | list))
