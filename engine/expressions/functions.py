"""The built-in functions by name, and those that take any value. DMN 1.5, 10.3.4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.list_functions import LISTS
from engine.expressions.number_functions import NUMBERS
from engine.expressions.signatures import BuiltIn, Registry
from engine.expressions.text_functions import TEXT
from engine.expressions.time_functions import TIMES
from engine.expressions.values import Value
from engine.expressions.writing import written

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
    return written(run, value)


FUNCTIONS: Final[Mapping[str, BuiltIn]] = {**TEXT, **NUMBERS, **LISTS, **TIMES, **ANY}
