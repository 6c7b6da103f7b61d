"""Built-in functions on numbers, and those that sum up a list of them. DMN 1.5, 10.3.4.4 and .5."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from functools import reduce

from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.moments import DaysTime, YearsMonths
from engine.expressions.operators import less
from engine.expressions.signatures import Registry, number_in, spread, text_in, whole_in
from engine.expressions.values import CONTEXT, Value, described, is_whole, number

NUMBERS = Registry()

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_LEAST_SCALE, _MOST_SCALE = -6111, 6176
_UNITS = Decimal(0)


def _rounded(value: Value, scale: Value, rounding: str) -> Decimal:
    digits = whole_in(scale)
    if not _LEAST_SCALE <= digits <= _MOST_SCALE:
        raise Refusal(f"needs a scale from {_LEAST_SCALE} to {_MOST_SCALE}")
    exact = number_in(value)
    if exact.as_tuple().exponent >= -digits:  # type: ignore[operator]  # finite: it is a number
        return exact  # already that short; to quantize it could need more than 34 digits
    return number(exact.quantize(Decimal(1).scaleb(-digits, CONTEXT), rounding, CONTEXT))


@NUMBERS.function("decimal", "n, scale")
def _decimal(_run: Run, value: Value, scale: Value) -> Value:
    return _rounded(value, scale, ROUND_HALF_EVEN)


@NUMBERS.function("floor", "n, scale", required=1)
def _floor(_run: Run, value: Value, scale: Value = _UNITS) -> Value:
    return _rounded(value, scale, ROUND_FLOOR)


@NUMBERS.function("ceiling", "n, scale", required=1)
def _ceiling(_run: Run, value: Value, scale: Value = _UNITS) -> Value:
    return _rounded(value, scale, ROUND_CEILING)


@NUMBERS.function("round half up", "n, scale")
def _round_half_up(_run: Run, value: Value, scale: Value) -> Value:
    return _rounded(value, scale, ROUND_HALF_UP)


@NUMBERS.function("round up", "n, scale")
def _round_up(_run: Run, value: Value, scale: Value) -> Value:
    return _rounded(value, scale, ROUND_UP)


@NUMBERS.function("round down", "n, scale")
def _round_down(_run: Run, value: Value, scale: Value) -> Value:
    return _rounded(value, scale, ROUND_DOWN)


@NUMBERS.function("abs", "n")
def _abs(_run: Run, value: Value) -> Value:
    if isinstance(value, DaysTime):
        return DaysTime(abs(value.nanos))
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return CONTEXT.abs(number_in(value))


@NUMBERS.function("modulo", "dividend, divisor")
def _modulo(_run: Run, dividend: Value, divisor: Value) -> Value:
    """Return the remainder that has the sign of the divisor."""
    left, right = number_in(dividend), number_in(divisor)
    if not right:
        raise Refusal("needs a divisor other than 0")
    remainder = number(CONTEXT.remainder(left, right))
    opposite = remainder and (remainder < 0) != (right < 0)
    return CONTEXT.add(remainder, right) if opposite else remainder


@NUMBERS.function("round half down", "n, scale")
def _round_half_down(_run: Run, value: Value, scale: Value) -> Value:
    return _rounded(value, scale, ROUND_HALF_DOWN)


@NUMBERS.function("sqrt", "number")
def _sqrt(_run: Run, value: Value) -> Value:
    return number(CONTEXT.sqrt(number_in(value)))


@NUMBERS.function("log", "number")
def _log(_run: Run, value: Value) -> Value:
    """Return the natural logarithm."""
    return number(CONTEXT.ln(number_in(value)))


@NUMBERS.function("exp", "number")
def _exp(_run: Run, value: Value) -> Value:
    return number(CONTEXT.exp(number_in(value)))


@NUMBERS.function("odd", "number")
def _odd(_run: Run, value: Value) -> Value:
    return _remainder_of_two(value) == 1


@NUMBERS.function("even", "number")
def _even(_run: Run, value: Value) -> Value:
    return _remainder_of_two(value) == 0


def _remainder_of_two(value: Value) -> int:
    exact = number_in(value)
    if not is_whole(exact):
        raise Refusal("needs a whole number")
    # What ends with zeros is even, and too long to be written out.
    return 0 if exact.as_tuple().exponent > 0 else int(exact.copy_abs()) % 2  # type: ignore[operator]


@NUMBERS.function("count", "list", variadic=True)
def _count(_run: Run, *values: Value) -> Value:
    return Decimal(len(spread(values)))


@NUMBERS.function("sum", "list", variadic=True)
def _sum(run: Run, *values: Value) -> Value:
    return number(_total(_numbers_in(run, values)))


@NUMBERS.function("mean", "list", variadic=True)
def _mean(run: Run, *values: Value) -> Value:
    found = _numbers_in(run, values)
    return number(CONTEXT.divide(_total(found), Decimal(len(found))))


def _numbers_in(run: Run, values: tuple[Value, ...]) -> list[Decimal]:
    items = spread(values)
    if not items:
        raise Refusal("there is no number")
    run.spend(1 + len(items) // 10)
    return [number_in(item) for item in items]


def _total(found: Iterable[Decimal]) -> Decimal:
    return reduce(CONTEXT.add, found, Decimal(0))


@NUMBERS.function("product", "list", variadic=True)
def _product(run: Run, *values: Value) -> Value:
    product = Decimal(1)
    for factor in _numbers_in(run, values):
        product = CONTEXT.multiply(product, factor)
    return number(product)


@NUMBERS.function("median", "list", variadic=True)
def _median(run: Run, *values: Value) -> Value:
    ordered = sorted(_numbers_in(run, values))
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return CONTEXT.divide(CONTEXT.add(ordered[half - 1], ordered[half]), Decimal(2))


@NUMBERS.function("stddev", "list", variadic=True)
def _stddev(run: Run, *values: Value) -> Value:
    """Return the standard deviation of a sample."""
    found = _numbers_in(run, values)
    if len(found) == 1:
        raise Refusal("needs at least two numbers")
    mean = CONTEXT.divide(_total(found), Decimal(len(found)))
    squares = (CONTEXT.power(CONTEXT.subtract(value, mean), Decimal(2)) for value in found)
    return number(CONTEXT.sqrt(CONTEXT.divide(_total(squares), Decimal(len(found) - 1))))


@NUMBERS.function("mode", "list", variadic=True)
def _mode(run: Run, *values: Value) -> Value:
    """Return the most frequent numbers in ascending order."""
    if spread(values) == []:
        return []
    counts = Counter(_numbers_in(run, values))
    most = max(counts.values())
    return [*sorted(value for value, count in counts.items() if count == most)]


@NUMBERS.function("min", "list", variadic=True)
def _min(run: Run, *values: Value) -> Value:
    return _extreme(run, spread(values), largest=False)


@NUMBERS.function("max", "list", variadic=True)
def _max(run: Run, *values: Value) -> Value:
    return _extreme(run, spread(values), largest=True)


def _extreme(run: Run, items: list[Value], *, largest: bool) -> Value:
    if not items:
        raise Refusal("there is nothing to choose from")
    run.spend(1 + len(items) // 10)
    chosen = items[0]
    less(chosen, chosen)
    for item in items[1:]:
        if less(chosen, item) if largest else less(item, chosen):
            chosen = item
    return chosen


@NUMBERS.function("number", "from, grouping separator, decimal separator", required=1)
def _number(run: Run, text: Value, grouping: Value = None, point: Value = None) -> Value:
    """Return the number a text shows, with the separators it uses."""
    if isinstance(text, Decimal):
        return text
    if not isinstance(text, str):
        raise Refusal(f"needs a string, and got {described(text)}")
    separators = [None if one is None else text_in(one) for one in (grouping, point)]
    if separators[0] not in {None, " ", ",", "."} or separators[1] not in {None, ".", ","}:
        raise Refusal('needs " ", "," or "." as a separator')
    if separators[0] is not None and separators[0] == separators[1]:
        raise Refusal("needs two different separators")
    plain = run.read(text)
    plain = plain.replace(separators[0], "") if separators[0] else plain
    plain = plain.replace(separators[1], ".") if separators[1] else plain
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise Refusal(f'"{text[:40]}" is not a number')
    return number(CONTEXT.create_decimal(plain))
