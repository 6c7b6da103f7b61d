"""Arithmetic, equality and order: one table by operator and the kinds of both sides.

DMN 1.5, tables 44 to 55. What is not in a table is a `Refusal`, which becomes null and a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from engine.expressions import temporal
from engine.expressions.budget import MAX_EXPONENT, Run
from engine.expressions.errors import FeelBudgetExceeded, Refusal
from engine.expressions.values import (
    CONTEXT,
    Range,
    Value,
    YearsMonths,
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
    run.spend()
    operation = _ARITHMETIC.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        raise Refusal(f"`{operator}` has no meaning for {described(left)} and {described(right)}")
    result = operation(left, right)
    return run.text(result) if isinstance(result, str) else result


def negate(value: Value) -> Value:
    """Return `-value` for a number or a duration."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, timedelta):
        return _length(lambda: -value)
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    raise Refusal(f"`-` has no meaning for {described(value)}")


def equal(run: Run, left: Value, right: Value, depth: int = 0) -> bool | None:
    """Return whether two values are equal; None when their types cannot be compared.

    Anything compares with null; lists and contexts compare by what they hold.
    """
    run.deepen(depth)
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            equal(run, *pair, depth + 1) for pair in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            equal(run, item, right[key], depth + 1) for key, item in left.items()
        )
    if isinstance(left, str):
        run.read(left)
    return left == right


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
    try:
        return bool(left < right)  # type: ignore[operator]  # both are of one ordered kind
    except TypeError:
        raise Refusal("one of the two has no time zone") from None


def compare(run: Run, operator: str, left: Value, right: Value) -> bool | None:
    """Return `left operator right` for a comparison."""
    run.spend()
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


def within(run: Run, value: Value, span: Range) -> bool:
    """Return whether the value lies in the range; null ends are open."""
    run.spend()
    above = span.low is None or (
        not less(value, span.low) if span.low_included else less(span.low, value)
    )
    return above and (
        span.high is None
        or (not less(span.high, value) if span.high_included else less(value, span.high))
    )


def _length(operation: Callable[[], timedelta]) -> timedelta:
    try:
        return operation()
    except (OverflowError, ZeroDivisionError, ValueError):
        raise Refusal("there is no such duration") from None


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if exponent.copy_abs() > MAX_EXPONENT:
        raise FeelBudgetExceeded(what="as an exponent", limit=MAX_EXPONENT)
    return number(CONTEXT.power(base, exponent))


def _divide_lengths(left: timedelta, right: timedelta) -> Decimal:
    return number(CONTEXT.divide(temporal.seconds_of(left), temporal.seconds_of(right)))


def _scaled(length: timedelta, factor: Decimal) -> timedelta:
    micros = CONTEXT.multiply(Decimal(length // timedelta(microseconds=1)), factor)
    return _length(lambda: timedelta(microseconds=int(number(micros).to_integral_value())))


def _divided(length: timedelta, divisor: Decimal) -> timedelta:
    return _scaled(length, number(CONTEXT.divide(Decimal(1), divisor)))


def _months(count: Decimal) -> YearsMonths:
    if count.copy_abs() > MAX_EXPONENT:
        raise Refusal("there is no such duration")
    return YearsMonths(int(count))


def _move_date(day: date, length: timedelta) -> date:
    return temporal.add_duration(temporal.midnight(day), length).date()


def _minus(length: timedelta) -> timedelta:
    return _length(lambda: -length)


_ARITHMETIC: Mapping[tuple[str, str, str], Operation] = {
    ("+", NUMBER, NUMBER): lambda a, b: number(CONTEXT.add(a, b)),
    ("-", NUMBER, NUMBER): lambda a, b: number(CONTEXT.subtract(a, b)),
    ("*", NUMBER, NUMBER): lambda a, b: number(CONTEXT.multiply(a, b)),
    ("/", NUMBER, NUMBER): lambda a, b: number(CONTEXT.divide(a, b)),
    ("**", NUMBER, NUMBER): _power,
    ("+", STRING, STRING): lambda a, b: a + b,
    ("+", DATE, LENGTH): _move_date,
    ("+", LENGTH, DATE): lambda a, b: _move_date(b, a),
    ("-", DATE, LENGTH): lambda a, b: _move_date(a, _minus(b)),
    ("+", DATE, MONTHS): lambda a, b: temporal.add_months(a, b.months),
    ("+", MONTHS, DATE): lambda a, b: temporal.add_months(b, a.months),
    ("-", DATE, MONTHS): lambda a, b: temporal.add_months(a, -b.months),
    ("-", DATE, DATE): lambda a, b: a - b,
    ("-", DATE, MOMENT): lambda a, b: temporal.between(temporal.midnight(a), b),
    ("-", MOMENT, DATE): lambda a, b: temporal.between(a, temporal.midnight(b)),
    ("+", MOMENT, LENGTH): temporal.add_duration,
    ("+", LENGTH, MOMENT): lambda a, b: temporal.add_duration(b, a),
    ("-", MOMENT, LENGTH): lambda a, b: temporal.add_duration(a, _minus(b)),
    ("+", MOMENT, MONTHS): lambda a, b: temporal.add_months(a, b.months),
    ("+", MONTHS, MOMENT): lambda a, b: temporal.add_months(b, a.months),
    ("-", MOMENT, MONTHS): lambda a, b: temporal.add_months(a, -b.months),
    ("-", MOMENT, MOMENT): temporal.between,
    ("+", TIME, LENGTH): temporal.add_to_time,
    ("+", LENGTH, TIME): lambda a, b: temporal.add_to_time(b, a),
    ("-", TIME, LENGTH): lambda a, b: temporal.add_to_time(a, _minus(b)),
    ("-", TIME, TIME): temporal.between_times,
    ("+", LENGTH, LENGTH): lambda a, b: _length(lambda: a + b),
    ("-", LENGTH, LENGTH): lambda a, b: _length(lambda: a - b),
    ("*", LENGTH, NUMBER): _scaled,
    ("*", NUMBER, LENGTH): lambda a, b: _scaled(b, a),
    ("/", LENGTH, NUMBER): _divided,
    ("/", LENGTH, LENGTH): _divide_lengths,
    ("+", MONTHS, MONTHS): lambda a, b: YearsMonths(a.months + b.months),
    ("-", MONTHS, MONTHS): lambda a, b: YearsMonths(a.months - b.months),
    ("*", MONTHS, NUMBER): lambda a, b: _months(CONTEXT.multiply(Decimal(a.months), b)),
    ("*", NUMBER, MONTHS): lambda a, b: _months(CONTEXT.multiply(Decimal(b.months), a)),
    ("/", MONTHS, NUMBER): lambda a, b: _months(number(CONTEXT.divide(Decimal(a.months), b))),
    ("/", MONTHS, MONTHS): lambda a, b: number(
        CONTEXT.divide(Decimal(a.months), Decimal(b.months))
    ),
}
