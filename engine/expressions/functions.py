"""The built-in functions by name, and those that take any value. DMN 1.5, 10.3.4."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine.expressions import temporal
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.list_functions import LISTS
from engine.expressions.number_functions import NUMBERS
from engine.expressions.signatures import Function, Registry
from engine.expressions.text_functions import TEXT
from engine.expressions.time_functions import TIMES
from engine.expressions.values import CONTEXT, Range, Value, kind_of

ANY = Registry()


@ANY.function("not", "negand")
def _not(_run: Run, value: Value) -> Value:
    return not value if isinstance(value, bool) else None


@ANY.function("is defined", "value")
def _is_defined(_run: Run, value: Value) -> Value:
    """Stand for the form the evaluator compiles itself, because it asks for a name."""
    return value is not None


@ANY.function("string", "from, mask", required=1)
def _string(run: Run, value: Value, mask: Value = None) -> Value:
    """Return the text of a value; null stays null."""
    if mask is not None:
        raise Refusal("takes no mask yet")
    if value is None or isinstance(value, str):
        return value
    pieces: list[str] = []
    _write(run, value, pieces, 0)
    return run.text("".join(pieces))


def written(value: Decimal) -> str:
    """Return a number without an exponent and without zeros at the end of its fraction."""
    text = f"{CONTEXT.plus(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _write(run: Run, value: Value, pieces: list[str], depth: int) -> None:
    run.deepen(depth)
    if isinstance(value, list):
        _write_all(run, [("", item) for item in value], "[]", pieces, depth)
    elif isinstance(value, dict):
        _write_all(run, [(f"{key}: ", item) for key, item in value.items()], "{}", pieces, depth)
    elif isinstance(value, Range):
        opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
        ends = [_inner(run, end, depth) for end in (value.low, value.high)]
        pieces.append(f"{opening}{ends[0]}..{ends[1]}{closing}")
    elif isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        pieces.append(run.text(f'"{escaped}"'))
    else:
        pieces.append(run.text(_TEXTS[kind_of(value)](value)))


def _write_all(
    run: Run, entries: list[tuple[str, Value]], brackets: str, pieces: list[str], depth: int
) -> None:
    pieces.append(brackets[0])
    for at, (label, item) in enumerate(entries):
        pieces.append(", " + label if at else label)
        _write(run, item, pieces, depth + 1)
    pieces.append(brackets[1])


def _inner(run: Run, value: Value, depth: int) -> str:
    pieces: list[str] = []
    _write(run, value, pieces, depth + 1)
    return "".join(pieces)


_TEXTS: Mapping[str, Callable[[Any], str]] = {
    "null": lambda _: "null",
    "boolean": lambda value: "true" if value else "false",
    "number": written,
    "date": date.isoformat,
    "time": temporal.format_time,
    "date and time": temporal.format_date_time,
    "days and time duration": temporal.format_duration,
    "years and months duration": temporal.format_months,
}

FUNCTIONS: Final[Mapping[str, Function]] = {**TEXT, **NUMBERS, **LISTS, **TIMES, **ANY}
