"""Variables: where they are seen, where they are written, and what expressions make of them.

Zeebe's rules. An activity with mappings has a scope of its own. Its input mappings write there;
with output mappings its results stay there too, and only what they name leaves; without, each
result goes to the nearest scope that has the variable, else to the run itself.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.errors import DomainError
from engine.bpmn.elements import IoMapping
from engine.bpmn.process import Process
from engine.expressions import Evaluation, parse
from engine.expressions.moments import moment_of
from engine.expressions.temporal import Temporal, format_temporal
from engine.expressions.values import admit, described
from engine.semantics.errors import DecisionReserved, ValueUnusable
from engine.semantics.events import VariablesSet
from engine.semantics.state import InstanceState, Values

MAX_NAME = 255
"""The longest name of a variable, a person or a group, and the longest correlation key."""
MAX_TYPE = 60
"""The longest name of a connector, version and all."""
_WHOLE_DIGITS = 40
"""More digits than FEEL calculates with; beyond, a whole number is a double like any other."""


def view(state: InstanceState, scope: str) -> ChainMap[str, Any]:
    """Return what is seen from a scope: its variables, then those of the scopes around it."""
    if scope == state.instance:
        return ChainMap(state.scopes[scope].variables)
    return ChainMap(*(state.scopes[seen].variables for seen in _outwards(state, scope)))


def before(values: Values, seen: Mapping[str, Any]) -> ChainMap[str, Any]:
    """Return what is seen with some values before it; none of it is read until it is asked for."""
    around = seen.maps if isinstance(seen, ChainMap) else [dict(seen)]
    return ChainMap(values, *around)


def from_outside(process: Process, values: Values) -> Values:
    """Return what somebody sent, after a look that it names nothing a gate decides.

    Raises:
        DecisionReserved: It does.
        ValueUnusable: A name is longer than a variable's may be.
    """
    for name in values:
        short(name, name)
    reserved = sorted(process.decided & values.keys())
    if reserved:
        raise DecisionReserved(name=reserved[0])
    return values


def undecided(process: Process, values: Values) -> Values:
    """Return what another run hands over, without what only a gate here decides."""
    return {name: value for name, value in values.items() if name not in process.decided}


def written(state: InstanceState, scope: str, values: Values) -> list[VariablesSet]:
    """Write results from within `scope`: each to the nearest scope that has it, else the root.

    Raises:
        ValueUnusable: A name is longer than a variable's may be.
    """
    if scope == state.instance:
        named = {short(name, name): value for name, value in values.items()}
        return [VariablesSet(scope, named)] if named else []
    by_scope: dict[str, Values] = {}
    for name, value in values.items():
        by_scope.setdefault(destination(state, scope, short(name, name)), {})[name] = value
    return [VariablesSet(where, found) for where, found in by_scope.items()]


def mapped(
    mappings: Sequence[IoMapping], seen: Mapping[str, Any], now: datetime | None = None
) -> Values:
    """Evaluate mappings in order; each sees what those before it wrote.

    A dotted target writes into a context: what else is in the context stays.

    Raises:
        ValueUnusable: A name is longer than a variable's may be.
    """
    values: Values = {}
    if not mappings:
        return values
    both = before(values, seen)
    for mapping in mappings:
        name, *path = mapping.target.split(".")
        value = evaluate(mapping.source, both, now)
        values[short(name, mapping.target)] = _within(both.get(name), path, value)
    return values


def evaluate(text: str, seen: Mapping[str, Any], now: datetime | None = None) -> Any:
    """Return the value of a FEEL text, as JSON can say it; a leading `=` is optional.

    `now` is the time of the transaction, which `now()` and `today()` tell.
    """
    return plain(_evaluation(text, seen, now).value, text)


def truth(
    text: str, seen: Mapping[str, Any], now: datetime | None = None
) -> tuple[bool | None, str]:
    """Return whether a condition holds, or None and why not where it is neither true nor false."""
    found = _evaluation(text, seen, now)
    if isinstance(found.value, bool):
        return found.value, ""
    return None, "; ".join(found.warnings)


def holds(text: str, seen: Mapping[str, Any], now: datetime | None = None) -> bool:
    """Return whether a condition is true; one that cannot be evaluated is not.

    For what is judged again and again, or where nobody is there to be told: other conditions that
    are neither true nor false stop the token that reads them.
    """
    try:
        return truth(text, seen, now)[0] is True
    except DomainError:
        return False


def text_of(written_as: str | None, seen: Mapping[str, Any], now: datetime | None = None) -> Any:
    """Return an attribute's value: an expression where it begins with `=`, else as written."""
    if written_as is None or not written_as.startswith("="):
        return written_as
    return evaluate(written_as, seen, now)


def names_of(
    written_as: str | None, seen: Mapping[str, Any], now: datetime | None = None
) -> tuple[str, ...]:
    """Return an attribute that lists names: a FEEL list, or a text with commas.

    Raises:
        ValueUnusable: The list holds something other than texts, or one too long for a name.
    """
    value = text_of(written_as, seen, now)
    if value is None:
        return ()
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise unusable(written_as, value, "a list of names")
    return tuple(short(name.strip(), written_as) for name in names if name.strip())


def short(name: str, source: str | None) -> str:
    """Return the name of someone or something, as long as a name may be.

    Raises:
        ValueUnusable: It is longer than its column.
    """
    if len(name) > MAX_NAME:
        raise unusable(source, name, f"a name of at most {MAX_NAME} characters")
    return name


def _evaluation(text: str, seen: Mapping[str, Any], now: datetime | None) -> Evaluation:
    # Few texts ask for the time, and making a moment of it costs more than most of them.
    moment = moment_of(now) if now is not None and asks_time(text) else None
    return parse(text.removeprefix("=")).evaluate(seen, moment)


def asks_time(text: str) -> bool:
    """Return whether a text may read `now()` or `today()`."""
    return "now" in text or "today" in text


def plain(value: object, source: str) -> Any:
    """Return a value as JSON can say it: dates and durations as ISO 8601 texts.

    A whole number stays exact; another becomes the nearest double, as it would in every
    reader of JSON outside.

    Raises:
        ValueUnusable: It has no such form: a function, a range, an infinite number, or a text
            with NUL, which PostgreSQL keeps in no column.
    """
    # What most expressions give comes first; asking whether it is a mapping takes longer.
    if type(value) is Decimal:
        return _number(value, source)
    if isinstance(value, str | int):
        return _scalar(value, source)
    if isinstance(value, Mapping):
        return {str(name): plain(inner, source) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, source) for inner in value]
    return _scalar(value, source)


def unusable(source: str | None, value: object, wanted: str) -> ValueUnusable:
    """Return the error for a value that does not fit where it is needed."""
    return ValueUnusable(expression=source, kind=described(admit(value)), wanted=wanted)


def _scalar(value: object, source: str) -> str | int | float | None:
    if isinstance(value, str) and "\x00" in value:
        raise unusable(source, value, "a text without the character NUL")
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Decimal | float):
        return _number(Decimal(value), source)
    moment = admit(value)
    if isinstance(moment, Temporal):
        return format_temporal(moment)
    raise unusable(source, value, "a value that can be kept")


def _number(value: Decimal, source: str) -> int | float:
    if value.is_finite() and value.adjusted() < _WHOLE_DIGITS and (whole := int(value)) == value:
        return whole
    number = float(value)
    if not Decimal(number).is_finite():
        raise unusable(source, value, "a finite number")
    return number


def _within(before: object, path: list[str], value: object) -> object:
    if not path:
        return value
    context = dict(before) if isinstance(before, Mapping) else {}
    context[path[0]] = _within(context.get(path[0]), path[1:], value)
    return context


def _outwards(state: InstanceState, scope: str) -> Iterable[str]:
    while scope:
        yield scope
        scope = state.scopes[scope].parent


def destination(state: InstanceState, scope: str, name: str) -> str:
    """Return where a result goes: the nearest scope that has the variable, else the root."""
    *inner, root = _outwards(state, scope)
    return next((where for where in inner if name in state.scopes[where].variables), root)
