"""The types of FEEL and which of them are part of which. DMN 1.5, 10.3.2.9.

`Any` holds every value, `Null` only null, and null belongs to every type. A context type names the
keys it asks for; others may be there as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts, by its FEEL name; `list` and its like alone hold anything."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<T>`."""

    item: Type

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<T>`."""

    end: Type

    def __str__(self) -> str:
        return f"range<{self.end}>"


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<a: T, b: U>`."""

    entries: tuple[tuple[str, Type], ...]

    def __str__(self) -> str:
        return f"context<{', '.join(f'{key}: {of}' for key, of in self.entries)}>"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<T, U> -> V`."""

    parameters: tuple[Type, ...]
    result: Type

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type of the model that nobody told the parser about; no value belongs to it."""

    name: str

    def __str__(self) -> str:
        return self.name


Type: TypeAlias = Simple | ListType | RangeType | ContextType | FunctionType | Unknown

ANY: Final = Simple("Any")
NULL: Final = Simple("Null")
NUMBER: Final = Simple("number")
STRING: Final = Simple("string")
BOOLEAN: Final = Simple("boolean")
DATE: Final = Simple("date")
TIME: Final = Simple("time")
DATE_TIME: Final = Simple("date and time")
DAYS_TIME: Final = Simple("days and time duration")
YEARS_MONTHS: Final = Simple("years and months duration")
LIST: Final = ListType(ANY)
CONTEXT: Final = ContextType(())
RANGE: Final = RangeType(ANY)

SIMPLE_TYPES: Final[Mapping[str, Type]] = {
    **{
        one.name: one
        for one in (
            *(ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME),
            *(DAYS_TIME, YEARS_MONTHS),
        )
    },
    "dateTime": DATE_TIME,
    "day time duration": DAYS_TIME,
    "year month duration": YEARS_MONTHS,
    "list": LIST,
    "context": CONTEXT,
    "range": RANGE,
}


def type_conforms(given: Type, wanted: Type) -> bool:
    """Return whether every value of one type belongs to the other. DMN 1.5, table 43."""
    if wanted == ANY or given in (NULL, wanted):
        return True
    compare = _PARTS.get(type(wanted))
    return type(given) is type(wanted) and compare is not None and compare(given, wanted)


def _has_entries(given: ContextType, wanted: ContextType) -> bool:
    there = dict(given.entries)
    return all(key in there and type_conforms(there[key], of) for key, of in wanted.entries)


def _can_stand_for(given: FunctionType, wanted: FunctionType) -> bool:
    """What a function takes may be wider than asked for, what it gives narrower."""
    return (
        len(given.parameters) == len(wanted.parameters)
        and all(map(type_conforms, wanted.parameters, given.parameters))
        and type_conforms(given.result, wanted.result)
    )


# The key is the type of both arguments; a mapping cannot say so.
_PARTS: Mapping[type, Callable[[Any, Any], bool]] = {
    ListType: lambda given, wanted: type_conforms(given.item, wanted.item),
    RangeType: lambda given, wanted: type_conforms(given.end, wanted.end),
    ContextType: _has_entries,
    FunctionType: _can_stand_for,
}
