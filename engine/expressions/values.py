"""The values of FEEL, and how values from outside are admitted. DMN 1.5, 10.3.2.

Numbers are decimals of 34 digits. A date and time may carry an offset, a zone or neither; two are
only compared when both or none have one. Nothing here has attributes an expression could reach:
a path names keys of contexts and the few properties listed in `properties`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from types import NoneType
from typing import Any, TypeAlias, Union

from engine.expressions.budget import (
    MAX_ALLOCATED,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_RESULT,
    Run,
)
from engine.expressions.errors import FeelBudgetExceeded, Refusal
from engine.expressions.lattice import FunctionType
from engine.expressions.moments import Date, DateTime, DaysTime, Time, YearsMonths, from_python

# No traps: an undefined result is a NaN, which `number` turns into a refusal.
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends.

    `sign` is set on a range written as a comparison, such as `(< 5)`: there, and only there, a
    missing end leaves that side open; `=` and `!=` have the same value at both ends.
    """

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True
    sign: str = ""

    @property
    def shape(self) -> tuple[bool, bool, str]:
        """Return all but the ends."""
        return self.low_included, self.high_included, self.sign


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value, written in FEEL or native; equal only to itself.

    The body gets the run it spends from and exactly one argument for each parameter.
    """

    parameters: tuple[str, ...]
    body: Callable[[Run, Sequence[Value]], Value]
    name: str = ""
    type: FunctionType | None = None

    def miscounted(self, count: int) -> str:
        """Return what is wrong with the number of arguments, or nothing."""
        wanted = len(self.parameters)
        if count == wanted:
            return ""
        return f"{wanted} argument{'' if wanted == 1 else 's'} for {self.shown}, not {count}"

    def misnamed(self, names: Collection[str]) -> str:
        """Return what is wrong with the names of the arguments, or nothing."""
        if set(names) == set(self.parameters):
            return ""
        return f"arguments for {self.shown} named ({', '.join(self.parameters)})"

    def ordered(self, named: Mapping[str, Value]) -> Sequence[Value]:
        """Return named arguments, which are the right ones, in the order of the parameters."""
        return [named[name] for name in self.parameters]

    def call(self, run: Run, arguments: Sequence[Value]) -> Value:
        """Return the function's value.

        Raises:
            Refusal: for arguments it cannot take.
        """
        wrong = self.miscounted(len(arguments))
        if wrong:
            raise Refusal(f"there should be {wrong}")
        return self.body(run, arguments)

    def call_named(self, run: Run, named: Mapping[str, Value]) -> Value:
        """Return the function's value for arguments by name.

        Raises:
            Refusal: for arguments it cannot take.
        """
        wrong = self.misnamed(named)
        if wrong:
            raise Refusal(f"there should be {wrong}")
        return self.body(run, self.ordered(named))

    @property
    def shown(self) -> str:
        """Return how a message names the function."""
        return f"`{self.name}`" if self.name else "the function"


Value: TypeAlias = Union[
    bool,
    Decimal,
    str,
    Date,
    Time,
    DateTime,
    DaysTime,
    YearsMonths,
    Range,
    Function,
    "list[Value]",
    "dict[str, Value]",
    None,
]

KINDS: Mapping[type, str] = {
    NoneType: "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTime: "days and time duration",
    YearsMonths: "years and months duration",
    Range: "range",
    list: "list",
    dict: "context",
}
_WITH_ARTICLE = {"null": "null"}


def kind_of(value: Value) -> str:
    """Return the FEEL name of the value's type."""
    return KINDS.get(type(value), "function")


def described(value: Value) -> str:
    """Return the type with its article, for a warning: "a number", "null"."""
    kind = kind_of(value)
    return _WITH_ARTICLE.get(kind, f"a {kind}")


def is_whole(value: Decimal) -> bool:
    """Return whether a number has no fraction, whatever its size.

    Python's operators on decimals round to the precision of the thread they run in, or refuse;
    only comparisons and the methods of `CONTEXT` are exact here.
    """
    return value == value.to_integral_value()


def number(value: Decimal) -> Decimal:
    """Return the result of an arithmetic operation.

    Raises:
        Refusal: when there is no such number, as after a division by zero.
    """
    if not value.is_finite():
        raise Refusal("the result is not a number, or too large for one")
    return value


def admit(value: object, depth: int = 0) -> Value:
    """Return a value from outside as a FEEL value; anything foreign becomes null.

    Whole numbers and floats, as JSON gives them, become decimals, and Python's dates and times
    FEEL's. A list or mapping is only copied when something in it changes, so that admitting clean
    values costs one walk.

    Raises:
        FeelBudgetExceeded: for a list, a string or a nesting beyond the limits.
    """
    known = _ADMITTED.get(type(value))
    if known is not None:
        return known(value)
    if depth > MAX_DEPTH:
        raise FeelBudgetExceeded(what="levels of nested values", limit=MAX_DEPTH)
    with_parts = _ADMITTED_PARTS.get(type(value))
    return _admit_other(value, depth) if with_parts is None else with_parts(value, depth)


def _admit_other(value: object, depth: int) -> Value:
    """Admit subclasses of what is known, and other mappings."""
    for kind, admitter in _ADMITTED.items():
        if isinstance(value, kind):
            return admitter(value)
    if isinstance(value, Mapping):
        return _admit_mapping(value, depth)
    return _admit_items(value, depth) if isinstance(value, list | tuple) else None


def _admit_text(value: str) -> str:
    if len(value) > MAX_CHARACTERS:
        raise FeelBudgetExceeded(what="characters in one string", limit=MAX_CHARACTERS)
    return str(value)


def _admit_number(value: Decimal | float) -> Value:
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    admitted = CONTEXT.create_decimal(exact)
    return admitted if admitted.is_finite() else None


def _admit_moment(value: date | time | datetime | timedelta) -> Value:
    try:
        return from_python(value)
    except Refusal:
        return None


def _admit_range(value: Range, depth: int) -> Range:
    low, high = admit(value.low, depth + 1), admit(value.high, depth + 1)
    return Range(low, high, value.low_included, value.high_included, value.sign)


def _admit_mapping(value: Mapping[Any, object], depth: int) -> Value:
    pairs: dict[str, Value] = {str(key): admit(item, depth + 1) for key, item in value.items()}
    same = type(value) is dict and all(pairs[key] is value.get(key) for key in pairs)
    return value if same else pairs  # type: ignore[return-value]  # every item is admitted


def _admit_items(value: Sequence[object], depth: int) -> Value:
    if len(value) > MAX_ITEMS:
        raise FeelBudgetExceeded(what="items in one list", limit=MAX_ITEMS)
    items = [admit(item, depth + 1) for item in value]
    unchanged = type(value) is list and all(map(_is, items, value))
    return value if unchanged else items  # type: ignore[return-value]  # every item is admitted


def _is(left: object, right: object) -> bool:
    return left is right


def weigh(value: Value) -> None:
    """Refuse a result that is small in memory because parts are shared, but vast when written.

    Raises:
        FeelBudgetExceeded: when the value, written out, passes the limits.
    """
    count, characters = 0, 0
    pending: list[tuple[Value, int]] = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        count += 1
        characters += len(item) if isinstance(item, str) else 0
        if count > MAX_RESULT:
            raise FeelBudgetExceeded(what="values in the result", limit=MAX_RESULT)
        if characters > MAX_ALLOCATED:
            raise FeelBudgetExceeded(what="characters in the result", limit=MAX_ALLOCATED)
        if depth > MAX_DEPTH:
            raise FeelBudgetExceeded(what="levels of nested values", limit=MAX_DEPTH)
        pending.extend((child, depth + 1) for child in _parts(item))


def _parts(value: Value) -> Iterable[Value]:
    if isinstance(value, Range):
        return value.low, value.high
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _as_it_is(value: Value) -> Value:
    return value


# In this order: of Python's types, a date and time is a date as well, and a truth value a number.
_ADMITTED: Mapping[type, Callable[[Any], Value]] = {
    **dict.fromkeys(
        (NoneType, bool, Date, Time, DateTime, DaysTime, YearsMonths, Function), _as_it_is
    ),
    str: _admit_text,
    **dict.fromkeys((Decimal, int, float), _admit_number),
    **dict.fromkeys((datetime, date, time, timedelta), _admit_moment),
}
_ADMITTED_PARTS: Mapping[type, Callable[[Any, int], Value]] = {
    dict: _admit_mapping,
    list: _admit_items,
    tuple: _admit_items,
    Range: _admit_range,
}
