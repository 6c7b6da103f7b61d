"""Values as JSON with their types: `{"t": "num", "v": "1.5"}`, as the cases of the TCK have them.

`t` is `num` (decimal text), `bool`, `str`, `date`, `time`, `dateTime`, `duration` (ISO 8601 text),
`list` (values) or `ctx` (name to value); null stands for null. A range and a function, which the
cases never expect, are written as `range` and `function` with their FEEL text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.expressions import temporal
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.values import CONTEXT, Value, admit, kind_of
from engine.expressions.writing import written

_NAMES: Mapping[str, str] = {
    "number": "num",
    "boolean": "bool",
    "string": "str",
    "date and time": "dateTime",
    "days and time duration": "duration",
    "years and months duration": "duration",
    "context": "ctx",
}
_READERS: Mapping[str, Callable[[Any], Value]] = {
    "num": lambda text: CONTEXT.create_decimal(str(text)),
    "bool": bool,
    "str": str,
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "dateTime": temporal.parse_date_time,
    "duration": temporal.parse_duration,
}


def to_typed(value: Value) -> dict[str, Any] | None:
    """Return a value as JSON that tells its type."""
    if value is None:
        return None
    kind = kind_of(value)
    name = _NAMES.get(kind, kind)
    if isinstance(value, list):
        return {"t": name, "v": [to_typed(item) for item in value]}
    if isinstance(value, dict):
        return {"t": name, "v": {key: to_typed(item) for key, item in value.items()}}
    if isinstance(value, bool | str):
        return {"t": name, "v": value}
    return {"t": name, "v": written(Run(), value)}


def from_typed(json: Mapping[str, Any] | None) -> Value:
    """Return the value that such JSON stands for.

    Raises:
        Refusal: when it has not this form, or a text is not of its type.
    """
    try:
        return _read(json)
    except (KeyError, TypeError, AttributeError):
        raise Refusal("a value has not the form of `t` and `v`") from None


def _read(json: Mapping[str, Any] | None) -> Value:
    if json is None:
        return None
    kind, value = json["t"], json["v"]
    if kind == "list":
        return [_read(item) for item in value]
    if kind == "ctx":
        return {str(name): _read(item) for name, item in value.items()}
    return admit(_READERS[kind](value))
