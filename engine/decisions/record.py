"""Questions and answers as JSON: what is asked in a batch, and the record of a decision.

Values carry their types (`engine.expressions.typed`): `{"t": "num", "v": "1.5"}`; null is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from common.errors import DomainError
from engine.decisions.errors import DecisionRefused
from engine.decisions.evaluation import Answer, Decisions
from engine.decisions.parser import read
from engine.decisions.problems import DecisionProblem
from engine.decisions.scope import Match
from engine.expressions import DateTime, Value
from engine.expressions.errors import Refusal
from engine.expressions.typed import from_typed, to_typed

Read = Callable[[str], bytes]
"""Gives the content of a file by the path a call names it with."""

_QUESTIONS: Final[Mapping[str, Callable[..., Answer]]] = {
    "decision": Decisions.decide,
    "service": Decisions.serve,
    "bkm": Decisions.call,
}
_TYPED: Final = {"t", "v"}
_MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, Refusal)
"""What reading a call raises that is not written as a call is."""


def answers(
    calls: Iterable[Mapping[str, Any]], content: Read, now: DateTime | None = None
) -> list[dict[str, Any]]:
    """Return `{"value": …}` or `{"error": text}` for each call, in order.

    A call is `{"model": path, "imports": [path], "decision" | "service" | "bkm": name, "context":
    {name: value}}`; one that cannot be answered spoils no other. Each model is compiled once for
    all calls that ask it.
    """
    asked = _Asked(content)
    return [_told(call, asked, now) for call in calls]


def as_json(answer: Answer) -> dict[str, Any]:
    """Return the record of an answer: inputs, decisions, the rules that matched, and warnings."""
    return {
        "value": to_typed(answer.value),
        "inputs": _values(answer.inputs),
        "decisions": [
            {
                "id": one.id,
                "name": one.name,
                "value": to_typed(one.value),
                "rules": [_rule(match) for match in one.matches],
            }
            for one in answer.decisions
        ],
        "rules": [_rule(match) for match in answer.matches],
        "warnings": list(answer.warnings),
    }


def _values(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: to_typed(value) for name, value in values.items()}


def _rule(match: Match) -> dict[str, Any]:
    return {
        "table": match.table,
        "rule": match.rule,
        "outputs": [to_typed(value) for value in match.outputs],
        "annotations": list(match.annotations),
    }


def values_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a context written by hand: plain JSON, typed where it has to be.

    An object with the keys `t` and `v` and no others is a typed value, such as a date.

    Raises:
        Refusal, KeyError, TypeError: a typed value is none.
    """
    return {name: _value_of(value) for name, value in context.items()}


def _value_of(value: Any) -> Any:
    if isinstance(value, list):
        return [_value_of(item) for item in value]
    if isinstance(value, dict):
        return from_typed(value) if set(value) == _TYPED else values_of(value)
    return value


def in_words(refusal: DomainError) -> str:
    """Return a refusal as text, with each problem's element, row and column."""
    if isinstance(refusal, DecisionRefused):
        return " ".join(_problem_in_words(one) for one in refusal.found)
    return refusal.title.format(**refusal.context)


def _problem_in_words(one: DecisionProblem) -> str:
    place = f" (in {one.element})" if one.element else ""
    return f"{one.message}{place} {one.hint} [{one.code}]"


class _Asked:
    """The models of a batch, each compiled when it is first asked."""

    def __init__(self, content: Read) -> None:
        self._content = content
        self._compiled: dict[tuple[str, ...], Decisions | DomainError] = {}

    def decisions(self, model: str, imports: Iterable[str]) -> Decisions:
        key = (model, *imports)
        if key not in self._compiled:
            self._compiled[key] = self._read(key)
        found = self._compiled[key]
        if isinstance(found, DomainError):
            raise found
        return found

    def _read(self, paths: tuple[str, ...]) -> Decisions | DomainError:
        try:
            main, *imported = [read(self._content(path)) for path in paths]
            return Decisions(main, imported)
        except DomainError as refusal:
            return refusal


def _told(call: Mapping[str, Any], asked: _Asked, now: DateTime | None) -> dict[str, Any]:
    try:
        decisions = asked.decisions(call["model"], call.get("imports") or ())
        kind = next(kind for kind in _QUESTIONS if kind in call)
        context = {name: from_typed(one) for name, one in (call.get("context") or {}).items()}
        return {"value": to_typed(_QUESTIONS[kind](decisions, call[kind], context, now).value)}
    except DomainError as refusal:
        return {"error": in_words(refusal)}
    except OSError as error:
        return {"error": f"{error.filename} cannot be read: {error.strerror}."}
    except (*_MALFORMED, StopIteration) as wrong:
        return {"error": f"The call cannot be understood: {type(wrong).__name__} {wrong}."}
