"""Built-in functions that Camunda adds to the standard's, so that its models run as they are.

Left out are those whose value would change with every evaluation: `random number` and `uuid`.
`is defined` asks for a name, and is compiled in `paths`.
"""

from __future__ import annotations

import base64

from engine.expressions import moments
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.list_functions import distinct
from engine.expressions.moments import Date, DateTime
from engine.expressions.operators import same
from engine.expressions.patterns import compiled_pattern
from engine.expressions.signatures import Registry, list_in, single, text_in, whole_in
from engine.expressions.values import Value, described

CAMUNDA = Registry()


@CAMUNDA.function("is defined", "value")
def _is_defined(_run: Run, value: Value) -> Value:
    """Stand for the form the evaluator compiles itself, because it asks for a name."""
    return value is not None


@CAMUNDA.function("get or else", "value, default")
def _get_or_else(_run: Run, value: Value, default: Value) -> Value:
    return default if value is None else value


@CAMUNDA.function("assert", "value, condition, cause", required=2)
def _assert(_run: Run, value: Value, condition: Value, cause: Value = None) -> Value:
    """Return the value where the condition holds, else null and the cause as a warning."""
    if condition is True:
        return value
    raise Refusal("the condition does not hold" if cause is None else text_in(cause)[:200])


@CAMUNDA.function("is empty", "list")
def _is_empty(_run: Run, items: Value) -> Value:
    return not list_in(items)


@CAMUNDA.function("is blank", "string")
def _is_blank(run: Run, text: Value) -> Value:
    return not run.read(text_in(text)).strip()


@CAMUNDA.function("trim", "string")
def _trim(run: Run, text: Value) -> Value:
    return run.text(run.read(text_in(text)).strip())


@CAMUNDA.function("extract", "string, pattern")
def _extract(run: Run, text: Value, pattern: Value) -> Value:
    """Return everything the pattern finds in the text."""
    found: list[Value] = []
    for match in compiled_pattern(run, text_in(pattern), "").found(run, text_in(text)):
        run.reserve(1)
        found.append(match.group())
    return run.items(found)


@CAMUNDA.function("to base64", "value")
def _to_base64(run: Run, text: Value) -> Value:
    whole = run.read(text_in(text))
    # Half of a character, which JSON can hold, has no bytes of its own.
    return run.text(base64.b64encode(whole.encode(errors="replace")).decode())


@CAMUNDA.function("duplicate values", "list")
def _duplicate_values(run: Run, items: Value) -> Value:
    """Return the items that come more than once, each once, in order."""
    whole = list_in(items)
    repeated: list[Value] = []
    for item in distinct(run, whole):
        run.spend(1 + len(whole) // 10)
        if sum(same(run, item, other) for other in whole) > 1:
            repeated.append(item)
    return run.items(repeated)


@CAMUNDA.function("partition", "list, size")
def _partition(run: Run, items: Value, size: Value) -> Value:
    """Return the list cut into lists of a size; the last may be shorter."""
    whole, count = list_in(items), whole_in(size)
    if count < 1:
        raise Refusal("needs a size of at least 1")
    run.reserve(len(whole))
    return run.items([whole[at : at + count] for at in range(0, len(whole), count)])


@CAMUNDA.function("last day of month", "date")
def _last_day_of_month(_run: Run, day: Value) -> Value:
    found = single(day)
    if isinstance(found, DateTime):
        found = found.date
    if not isinstance(found, Date):
        raise Refusal(f"needs a date, and got {described(found)}")
    return Date(found.year, found.month, moments.days_in(found.year, found.month))
