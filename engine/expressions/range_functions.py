"""Built-in functions that compare points and ranges. DMN 1.5, table 78.

Each name stands for several functions: of points and ranges in both places. An end that a unary
range such as `(< 5)` leaves open lies beyond every value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from engine.expressions import operators
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.signatures import Registry, single
from engine.expressions.values import Range, Value, described, kind_of

RANGES = Registry()

_Comparison: TypeAlias = Callable[[Run, Range, Range], bool]

_ANY_TWO = ("point1, point2", "point, range", "range, point", "range1, range2")
_POINT_FIRST = ("point, range", "range1, range2")
_RANGE_FIRST = ("range, point", "range1, range2")
_RANGES_ONLY = ("range1, range2",)


def _comparison(name: str, forms: tuple[str, ...]) -> Callable[[_Comparison], _Comparison]:
    """Register a comparison of two ranges; a point is the range from itself to itself."""
    are_ranges = {tuple(part.startswith("range") for part in form.split(", ")) for form in forms}

    def register(comparison: _Comparison) -> _Comparison:
        def body(run: Run, first: Value, second: Value) -> Value:
            one, other = single(first), single(second)
            if (isinstance(one, Range), isinstance(other, Range)) not in are_ranges:
                raise Refusal(f"cannot compare {described(one)} with {described(other)}")
            return comparison(run, _span(one), _span(other))

        RANGES.function(name, *forms)(body)
        return comparison

    return register


def _span(value: Value) -> Range:
    span = value if isinstance(value, Range) else Range(value, value)
    if span.sign == "!=" or (not span.sign and None in (span.low, span.high)):
        raise Refusal("needs values and ranges with both ends")
    for end in (span.low, span.high):
        if end is not None and kind_of(end) not in operators.ORDERED:
            raise Refusal(f"cannot put {described(end)} in order")
    return span


def _starts_before(one: Range, other: Range) -> bool:
    if one.low is None or other.low is None:
        return one.low is None and other.low is not None
    return operators.less(one.low, other.low)


def _ends_before(one: Range, other: Range) -> bool:
    if one.high is None or other.high is None:
        return other.high is None and one.high is not None
    return operators.less(one.high, other.high)


def _start_together(run: Run, one: Range, other: Range) -> bool:
    return operators.same(run, one.low, other.low)


def _end_together(run: Run, one: Range, other: Range) -> bool:
    return operators.same(run, one.high, other.high)


def _touch(run: Run, one: Range, other: Range) -> bool:
    """Return whether the first ends where the second starts."""
    return one.high is not None and operators.same(run, one.high, other.low)


def _reaches(run: Run, one: Range, other: Range) -> bool:
    """Return whether the first ends after the second started."""
    if one.high is None or other.low is None:
        return True
    if _touch(run, one, other):
        return one.high_included and other.low_included
    return operators.less(other.low, one.high)


@_comparison("before", _ANY_TWO)
def _before(run: Run, one: Range, other: Range) -> bool:
    return not _reaches(run, one, other)


@_comparison("after", _ANY_TWO)
def _after(run: Run, one: Range, other: Range) -> bool:
    return _before(run, other, one)


@_comparison("meets", _RANGES_ONLY)
def _meets(run: Run, one: Range, other: Range) -> bool:
    return one.high_included and other.low_included and _touch(run, one, other)


@_comparison("met by", _RANGES_ONLY)
def _met_by(run: Run, one: Range, other: Range) -> bool:
    return _meets(run, other, one)


@_comparison("overlaps", _RANGES_ONLY)
def _overlaps(run: Run, one: Range, other: Range) -> bool:
    return _reaches(run, one, other) and _reaches(run, other, one)


@_comparison("overlaps before", _RANGES_ONLY)
def _overlaps_before(run: Run, one: Range, other: Range) -> bool:
    starts = _starts_before(one, other) or (
        _start_together(run, one, other) and one.low_included and not other.low_included
    )
    return starts and _reaches(run, one, other) and _ends_within(run, one, other)


@_comparison("overlaps after", _RANGES_ONLY)
def _overlaps_after(run: Run, one: Range, other: Range) -> bool:
    return _overlaps_before(run, other, one)


@_comparison("finishes", _POINT_FIRST)
def _finishes(run: Run, one: Range, other: Range) -> bool:
    return (
        one.high_included == other.high_included
        and _end_together(run, one, other)
        and _starts_within(run, one, other)
    )


@_comparison("finished by", _RANGE_FIRST)
def _finished_by(run: Run, one: Range, other: Range) -> bool:
    return _finishes(run, other, one)


@_comparison("includes", _RANGE_FIRST)
def _includes(run: Run, one: Range, other: Range) -> bool:
    return _starts_within(run, other, one) and _ends_within(run, other, one)


@_comparison("during", _POINT_FIRST)
def _during(run: Run, one: Range, other: Range) -> bool:
    return _includes(run, other, one)


@_comparison("starts", _POINT_FIRST)
def _starts(run: Run, one: Range, other: Range) -> bool:
    return (
        one.low_included == other.low_included
        and _start_together(run, one, other)
        and _ends_within(run, one, other)
    )


@_comparison("started by", _RANGE_FIRST)
def _started_by(run: Run, one: Range, other: Range) -> bool:
    return _starts(run, other, one)


@_comparison("coincides", ("point1, point2", "range1, range2"))
def _coincides(run: Run, one: Range, other: Range) -> bool:
    included = (one.low_included, one.high_included) == (other.low_included, other.high_included)
    return included and _start_together(run, one, other) and _end_together(run, one, other)


def _starts_within(run: Run, one: Range, other: Range) -> bool:
    """Return whether the first starts no earlier than the second."""
    if _start_together(run, one, other):
        return other.low_included or not one.low_included
    return _starts_before(other, one)


def _ends_within(run: Run, one: Range, other: Range) -> bool:
    """Return whether the first ends no later than the second."""
    if _end_together(run, one, other):
        return other.high_included or not one.high_included
    return _ends_before(one, other)
