"""Values written as text, as `string()` gives them. DMN 1.5, table 67."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.expressions.budget import Run
from engine.expressions.temporal import format_temporal
from engine.expressions.values import CONTEXT, Range, Value, kind_of


def written(run: Run, value: Value) -> str:
    """Return the text of a value; a string is quoted, as it is inside a list."""
    pieces: list[str] = []
    _write(run, value, pieces, 0)
    return run.text("".join(pieces))


def _number(value: Decimal) -> str:
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
    "number": _number,
    **dict.fromkeys(
        (
            *("date", "time", "date and time"),
            *("days and time duration", "years and months duration"),
        ),
        format_temporal,
    ),
    "function": lambda function: f"function {function.name}".strip(),
}
