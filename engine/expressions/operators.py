"""Arithmetic, equality and order: one table by operator and the kinds of both sides.

DMN 1.5, tables 44 to 55. What is not in a table is a `Refusal`, which becomes null and a warning.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from engine.expressions import moments
from engine.expressions.budget import MAX_EXPONENT, Run
from engine.expressions.errors import FeelBudgetExceeded, Refusal
from engine.expressions.moments import DateTime, DaysTime, Time, YearsMonths
from engine.expressions.values import (
    CONTEXT,
    Range,
    Value,
    described,
    kind_of,
    number,
)

# The key of the table tells the types of both sides; a type system cannot follow that.
Operation: TypeAlias = Callable[[Any, Any], Value]

NUMBER, STRING = "number", "string"
DATE, TIME, MOMENT = "date", "time", "date and time"
LENGTH, MONTHS = "days and time duration", "years and months duration"

ORDERED = frozenset({NUMBER, STRING, DATE, TIME, MOMENT, LENGTH, MONTHS})


def calculate(run: Run, operator: str, left: Value, right: Value) -> Value:
    """Return `left operator right`.

    Raises:
        Refusal: when the operator has no meaning for the two.
    """
    operation = _ARITHMETIC.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        raise Refusal(f"`{operator}` has no meaning for {described(left)} and {described(right)}")
    result = operation(left, right)
    return run.text(result) if isinstance(result, str) else result


def negate(value: Value) -> Value:
    """Return `-value` for a number or a duration."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, DaysTime):
        return DaysTime(-value.nanos)
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    raise Refusal(f"`-` has no meaning for {described(value)}")


def equal(run: Run, left: Value, right: Value, depth: int = 0) -> bool | None:
    """Return whether two values are equal; None when their types cannot be compared.

    Anything compares with null; lists and contexts compare by what they hold; times of day and
    moments by the second, in UTC where both have a zone.
    """
    if type(left) is not type(right):
        return False if left is None or right is None else None
    if isinstance(left, list | dict):
        return _equal_parts(run, left, right, depth)
    if isinstance(left, Range):
        return _equal_ranges(run, left, right, depth)
    if isinstance(left, Time | DateTime) and isinstance(right, Time | DateTime):
        return instant(left) == instant(right)
    return left == (run.read(right) if isinstance(right, str) else right)


def _equal_parts(run: Run, left: Any, right: Any, depth: int) -> bool:
    run.deepen(depth)
    run.spend(1 + len(left) // 10)
    if len(left) != len(right):
        return False
    if isinstance(left, list):
        return all(equal(run, *pair, depth + 1) for pair in zip(left, right, strict=True))
    return left.keys() == right.keys() and all(
        equal(run, item, right[key], depth + 1) for key, item in left.items()
    )


def _equal_ranges(run: Run, left: Range, right: Any, depth: int) -> bool:
    ends = zip((left.low, left.high), (right.low, right.high), strict=True)
    return left.shape == right.shape and all(equal(run, *pair, depth + 1) for pair in ends)


def instant(value: Time | DateTime) -> object:
    """Return what two equal times of day, or two equal moments, have in common.

    It is their second in UTC, or that of their own clock where it tells no offset.
    """
    zone = value.zone if isinstance(value, Time) else value.time.zone
    if zone is None or value.offset is None:
        return zone, value.nanos // moments.SECOND
    shift = value.offset * moments.SECOND if isinstance(value, Time) else 0
    return 0, (value.nanos - shift) // moments.SECOND


def same(run: Run, left: Value, right: Value) -> bool:
    """Return whether two values count as one, for `list contains` and its like."""
    return bool(equal(run, left, right))


def less(left: Value, right: Value) -> bool:
    """Return whether `left` comes before `right`.

    Raises:
        Refusal: when the two have no order.
    """
    kind = kind_of(left)
    if kind not in ORDERED or kind != kind_of(right):
        raise Refusal(f"{described(left)} and {described(right)} cannot be put in order")
    if isinstance(left, Time) and isinstance(right, Time):
        return moments.between_times(left, right).nanos < 0
    if isinstance(left, DateTime) and isinstance(right, DateTime):
        return moments.between(left, right).nanos < 0
    return bool(left < right)  # type: ignore[operator]  # both are of one ordered kind


def compare(run: Run, operator: str, left: Value, right: Value) -> bool | None:
    """Return `left operator right` for a comparison."""
    if operator in {"=", "!="}:
        result = equal(run, left, right)
        if result is None:
            raise Refusal(f"{described(left)} and {described(right)} cannot be compared")
        return result if operator == "=" else not result
    if operator == "<":
        return less(left, right)
    if operator == ">":
        return less(right, left)
    return not less(right, left) if operator == "<=" else not less(left, right)


def unary_range(sign: str, value: Value) -> Range:
    """Return the range of the values that pass a comparison."""
    if sign in {"=", "!="}:
        return Range(value, value, sign=sign)
    if kind_of(value) not in ORDERED:
        raise Refusal(f"a range cannot end at {described(value)}")
    included = sign.endswith("=")
    if sign.startswith("<"):
        return Range(None, value, low_included=False, high_included=included, sign=sign)
    return Range(value, None, low_included=included, high_included=False, sign=sign)


def within(run: Run, value: Value, span: Range) -> bool:
    """Return whether the value lies in the range."""
    if span.sign:
        bound = span.low if span.high is None else span.high
        return bool(compare(run, span.sign, value, bound))
    above = not less(value, span.low) if span.low_included else less(span.low, value)
    below = not less(span.high, value) if span.high_included else less(value, span.high)
    return above and below


def any_holds(run: Run, value: Value, tests: Iterable[tuple[str, Value]]) -> bool | None:
    """Return whether a value passes one of the tests; None when the last has no meaning for it.

    A test is a comparison sign and a value, or `in` and a value, a range or a list of these.
    """
    refused: Refusal | None = None
    for sign, test in tests:
        try:
            if holds(run, value, sign, test):
                return True
        except Refusal as refusal:
            refused = refusal
    if refused is not None:
        raise refused
    return False


def holds(run: Run, value: Value, sign: str, test: Value) -> bool:
    """Return whether a value passes one test; a list passes when one of its items does."""
    run.spend()
    if sign != "in":
        return bool(compare(run, sign, value, test))
    if isinstance(test, list) and not same(run, value, test):
        run.spend(1 + len(test) // 10)
        return any(_is_or_within(run, value, item) for item in test)
    return _is_or_within(run, value, test)


def _is_or_within(run: Run, value: Value, test: Value) -> bool:
    if isinstance(test, Range) and not isinstance(value, Range):
        return within(run, value, test)
    return same(run, value, test)


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if exponent.copy_abs() > MAX_EXPONENT:
        raise FeelBudgetExceeded(what="as an exponent", limit=MAX_EXPONENT)
    return number(CONTEXT.power(base, exponent))


def _scaled(count: int, factor: Decimal) -> int:
    product = number(CONTEXT.multiply(Decimal(count), factor))
    if product.adjusted() > _LONGEST:
        raise Refusal("there is no such duration")
    return int(product)


def _parted(count: int, divisor: Decimal) -> int:
    return _scaled(1, number(CONTEXT.divide(Decimal(count), divisor)))


def _ratio(count: int, other: int) -> Decimal:
    return number(CONTEXT.divide(Decimal(count), Decimal(other)))


_LONGEST = 40
"""More digits than any duration has."""


def _later(moment: DateTime, months: YearsMonths) -> DateTime:
    return moments.add_months(moment, months.months)


def _back(length: DaysTime) -> DaysTime:
    return DaysTime(-length.nanos)


NUMERIC: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: number(CONTEXT.add(a, b)),
    "-": lambda a, b: number(CONTEXT.subtract(a, b)),
    "*": lambda a, b: number(CONTEXT.multiply(a, b)),
    "/": lambda a, b: number(CONTEXT.divide(a, b)),
    "**": _power,
}
COMPARED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": python.eq,
    "!=": python.ne,
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}
_ARITHMETIC: Mapping[tuple[str, str, str], Operation] = {
    **{(sign, NUMBER, NUMBER): calculated for sign, calculated in NUMERIC.items()},
    ("+", STRING, STRING): lambda a, b: a + b,
    ("+", DATE, LENGTH): moments.add_to_date,
    ("+", LENGTH, DATE): lambda a, b: moments.add_to_date(b, a),
    ("-", DATE, LENGTH): lambda a, b: moments.add_to_date(a, _back(b)),
    ("+", DATE, MONTHS): lambda a, b: moments.add_months(a, b.months),
    ("+", MONTHS, DATE): lambda a, b: moments.add_months(b, a.months),
    ("-", DATE, MONTHS): lambda a, b: moments.add_months(a, -b.months),
    ("-", DATE, DATE): lambda a, b: DaysTime((a.number - b.number) * moments.DAY),
    ("-", DATE, MOMENT): lambda a, b: moments.between(moments.midnight(a), b),
    ("-", MOMENT, DATE): lambda a, b: moments.between(a, moments.midnight(b)),
    ("+", MOMENT, LENGTH): moments.add_length,
    ("+", LENGTH, MOMENT): lambda a, b: moments.add_length(b, a),
    ("-", MOMENT, LENGTH): lambda a, b: moments.add_length(a, _back(b)),
    ("+", MOMENT, MONTHS): _later,
    ("+", MONTHS, MOMENT): lambda a, b: _later(b, a),
    ("-", MOMENT, MONTHS): lambda a, b: moments.add_months(a, -b.months),
    ("-", MOMENT, MOMENT): moments.between,
    ("+", TIME, LENGTH): moments.add_to_time,
    ("+", LENGTH, TIME): lambda a, b: moments.add_to_time(b, a),
    ("-", TIME, LENGTH): lambda a, b: moments.add_to_time(a, _back(b)),
    ("-", TIME, TIME): moments.between_times,
    ("+", LENGTH, LENGTH): lambda a, b: DaysTime(a.nanos + b.nanos),
    ("-", LENGTH, LENGTH): lambda a, b: DaysTime(a.nanos - b.nanos),
    ("*", LENGTH, NUMBER): lambda a, b: DaysTime(_scaled(a.nanos, b)),
    ("*", NUMBER, LENGTH): lambda a, b: DaysTime(_scaled(b.nanos, a)),
    ("/", LENGTH, NUMBER): lambda a, b: DaysTime(_parted(a.nanos, b)),
    ("/", LENGTH, LENGTH): lambda a, b: _ratio(a.nanos, b.nanos),
    ("+", MONTHS, MONTHS): lambda a, b: YearsMonths(a.months + b.months),
    ("-", MONTHS, MONTHS): lambda a, b: YearsMonths(a.months - b.months),
    ("*", MONTHS, NUMBER): lambda a, b: YearsMonths(_scaled(a.months, b)),
    ("*", NUMBER, MONTHS): lambda a, b: YearsMonths(_scaled(b.months, a)),
    ("/", MONTHS, NUMBER): lambda a, b: YearsMonths(_parted(a.months, b)),
    ("/", MONTHS, MONTHS): lambda a, b: _ratio(a.months, b.months),
}
