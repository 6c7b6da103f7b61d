"""Which values belong to a type of FEEL, and what is converted to fit. DMN 1.5, 10.3.2.9."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.lattice import (
    ANY,
    DATE_TIME,
    NULL,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Simple,
    Type,
    Unknown,
    type_conforms,
)
from engine.expressions.moments import Date, midnight
from engine.expressions.values import Function, Range, Value, described, kind_of

_LOOKED_INTO: Final = 5
_LOOKED_AT: Final = 100
"""How deep a value is looked into to name its type, and how many items of a list."""


def type_of(value: Value, depth: int = 0) -> Type:
    """Return the most special type of a value; deep inside a composite one, `Any`."""
    if depth > _LOOKED_INTO:
        return ANY
    described_by = _TYPED.get(type(value))
    if described_by is not None:
        return described_by(value, depth + 1)
    return signature_of(value) if isinstance(value, Function) else _simple(value)


def signature_of(function: Function) -> FunctionType:
    """Return the type of a function; one that declares nothing takes and gives anything."""
    return function.type or FunctionType(tuple(ANY for _ in function.parameters), ANY)


def is_instance(run: Run, value: Value, wanted: Type) -> bool:
    """Return what `value instance of wanted` says: null is an instance of `Null` alone."""
    if value is None:
        return wanted == NULL
    return conforms(value, wanted, run)


def conforms(value: Value, wanted: Type, run: Run | None = None) -> bool:
    """Return whether a value belongs to a type; null belongs to every one.

    Raises:
        FeelBudgetExceeded: when the value has more parts than the run, or a new one, may look at.
    """
    return _belongs(Run() if run is None else run, value, wanted)


def _belongs(run: Run, value: Value, wanted: Type) -> bool:
    run.spend()
    return value is None or wanted == ANY or _BELONGS[type(wanted)](run, value, wanted)


def _simple(value: Value) -> Type:
    return NULL if value is None else Simple(kind_of(value))


def _list_type(items: list[Value], depth: int) -> Type:
    kinds = {type_of(item, depth) for item in items[:_LOOKED_AT]}
    return ListType(kinds.pop() if len(kinds) == 1 else ANY)


def _context_type(context: dict[str, Value], depth: int) -> Type:
    return ContextType(tuple((key, type_of(value, depth)) for key, value in context.items()))


def _range_type(span: Range, depth: int) -> Type:
    return RangeType(type_of(span.high if span.low is None else span.low, depth))


_TYPED: Mapping[type, Callable[[Any, int], Type]] = {
    list: _list_type,
    dict: _context_type,
    Range: _range_type,
}


def _is_list(run: Run, value: Value, wanted: ListType) -> bool:
    return isinstance(value, list) and all(_belongs(run, item, wanted.item) for item in value)


def _is_context(run: Run, value: Value, wanted: ContextType) -> bool:
    return isinstance(value, dict) and all(
        key in value and _belongs(run, value[key], of) for key, of in wanted.entries
    )


def _is_range(run: Run, value: Value, wanted: RangeType) -> bool:
    return isinstance(value, Range) and all(
        _belongs(run, end, wanted.end) for end in (value.low, value.high)
    )


def _is_function(_run: Run, value: Value, wanted: FunctionType) -> bool:
    return isinstance(value, Function) and type_conforms(signature_of(value), wanted)


# The key is the type of the type; a mapping cannot say so.
_BELONGS: Mapping[type, Callable[[Run, Value, Any], bool]] = {
    Simple: lambda _run, value, wanted: kind_of(value) == wanted.name,
    ListType: _is_list,
    ContextType: _is_context,
    RangeType: _is_range,
    FunctionType: _is_function,
    Unknown: lambda _run, _value, _wanted: False,
}


def converted(value: Value, wanted: Type, run: Run | None = None) -> Value:
    """Return a value as one of the type, by the implicit conversions. DMN 1.5, 10.3.2.9.4.

    A list of one item stands for the item, an item for a list of one, and a date for the start of
    its day in UTC.

    Raises:
        Refusal: when the value does not belong to the type even so.
    """
    if conforms(value, wanted, run):
        return value
    if isinstance(value, list) and len(value) == 1 and not isinstance(wanted, ListType):
        return converted(value[0], wanted, run)
    if (
        isinstance(wanted, ListType)
        and not isinstance(value, list)
        and conforms(value, wanted.item, run)
    ):
        return [value]
    if isinstance(value, Date) and wanted == DATE_TIME:
        return midnight(value)
    raise Refusal(f"{described(value)} is not of the type {wanted}")
