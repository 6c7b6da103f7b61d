"""The built-in functions by name, and those that take any value. DMN 1.5, 10.3.4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.expressions.budget import Run
from engine.expressions.camunda_functions import CAMUNDA
from engine.expressions.context_functions import CONTEXTS
from engine.expressions.errors import Refusal
from engine.expressions.list_functions import LISTS
from engine.expressions.number_functions import NUMBERS
from engine.expressions.range_functions import RANGES
from engine.expressions.range_text import parse_range
from engine.expressions.signatures import BuiltIn, Registry, single, text_in
from engine.expressions.text_functions import TEXT
from engine.expressions.time_functions import TIMES
from engine.expressions.values import Range, Value, described
from engine.expressions.writing import written

ANY = Registry()


@ANY.function("not", "negand")
def _not(_run: Run, value: Value) -> Value:
    found = single(value)
    if found is not None and not isinstance(found, bool):
        raise Refusal(f"needs true or false, and got {described(found)}")
    return None if found is None else not found


@ANY.function("is", "value1, value2", "value1", "value2", required=2)
def _is(run: Run, one: Value, other: Value = None) -> Value:
    """Return whether two values are the same in every part, such as the zone of a time."""
    return _identical(run, one, other, 0)


def _identical(run: Run, one: Value, other: Value, depth: int) -> bool:
    run.deepen(depth)
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            _identical(run, *pair, depth + 1) for pair in zip(one, other, strict=True)
        )
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _identical(run, value, other[key], depth + 1) for key, value in one.items()
        )
    if isinstance(one, Range) and isinstance(other, Range):
        return one.shape == other.shape and _identical(
            run, [one.low, one.high], [other.low, other.high], depth + 1
        )
    return one == other


@ANY.function("string", "from")
def _string(run: Run, value: Value) -> Value:
    """Return the text of a value; null stays null."""
    return value if value is None or isinstance(value, str) else written(run, value)


@ANY.function("range", "from")
def _range(run: Run, text: Value) -> Value:
    """Return the range a text names."""
    return parse_range(run.read(text_in(text)))


FUNCTIONS: Final[Mapping[str, BuiltIn]] = {
    **TEXT,
    **NUMBERS,
    **LISTS,
    **CONTEXTS,
    **TIMES,
    **RANGES,
    **ANY,
    **CAMUNDA,
}
