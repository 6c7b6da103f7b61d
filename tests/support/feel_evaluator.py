"""One implementation of FEEL behind pipes: `python feel_evaluator.py pysfeel`.

A line of standard input asks, a line of standard output answers, both JSON. `answer` gives a value
(as `engine.expressions.typed`); `time` gives the seconds of one evaluation in a way of
calling:

called    as a program calls the library: a text, its inputs, a value
compiled  in the library's best form for evaluating one text often; inputs are its own values
cold      a text that was never seen before

It needs the standard library and the implementation, so that each runs in its own environment.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any, Protocol

_BATCHES = 3
_BATCH = 0.002
"""Seconds that a batch takes at least; the fastest batch counts."""

Evaluate = Callable[[], object]


class Evaluator(Protocol):
    """How to evaluate a text with these inputs, in each way of calling."""

    def prepared(self, way: str, text: str, inputs: dict[str, Any]) -> Evaluate: ...

    def typed(self, value: Any) -> Any: ...


class Ours:
    """Interlock's own."""

    def __init__(self) -> None:
        from engine.expressions import admit, expression  # noqa: PLC0415
        from engine.expressions.typed import to_typed  # noqa: PLC0415

        self._expression, self._admit = expression, admit
        self.typed = to_typed

    def prepared(self, way: str, text: str, inputs: dict[str, Any]) -> Evaluate:
        names = tuple(_names(inputs))
        if way == "cold":
            return lambda: self._expression._parse(text, names).evaluate(inputs).value
        if way == "called":
            return lambda: self._expression.parse(text, names).evaluate(inputs).value
        read = self._expression.parse(text, names)
        own = {name: self._admit(value) for name, value in inputs.items()}
        return lambda: read.evaluate(own).value


class PySFeel:
    """pySFeel evaluates while it parses, so there is one way."""

    def __init__(self) -> None:
        import pySFeel  # noqa: PLC0415

        self._parser = pySFeel.SFeelParser()

    def prepared(self, way: str, text: str, inputs: dict[str, Any]) -> Evaluate:
        self._parser.names = _as_floats(inputs)
        return lambda: self._value(text)

    def _value(self, text: str) -> object:
        status, value = self._parser.sFeelParse(text)
        if "errors" in status:
            raise ValueError(text)
        return value

    def typed(self, value: Any) -> Any:
        return _typed(value)


class BkflowFeel:
    """bkflow-feel reads a text with lark; the tree it makes can be evaluated again."""

    def __init__(self) -> None:
        import bkflow_feel  # noqa: PLC0415
        from bkflow_feel.api import parse_expression  # noqa: PLC0415

        self._library, self._parse_expression = bkflow_feel, parse_expression

    def prepared(self, way: str, text: str, inputs: dict[str, Any]) -> Evaluate:
        given = _as_floats(inputs)
        if way != "compiled":
            return lambda: self._parse_expression(text, given)
        read = self._library.transformer.transform(self._library.parser.parse(text))
        return lambda: read.evaluate(given)

    def typed(self, value: Any) -> Any:
        return _typed(value)


_EVALUATORS: dict[str, Callable[[], Evaluator]] = {
    "ours": Ours,
    "pysfeel": PySFeel,
    "bkflow": BkflowFeel,
}


def main() -> None:
    """Answer what is asked, until nobody asks any more."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    evaluator = _EVALUATORS[sys.argv[1]]()
    for line in sys.stdin:
        try:
            answer = _answer(evaluator, json.loads(line))
        except Exception as error:  # noqa: BLE001  (whatever a library raises is its answer)
            answer = {"error": type(error).__name__}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answer(evaluator: Evaluator, asked: dict[str, Any]) -> dict[str, Any]:
    inputs = {name: _untyped(value) for name, value in asked["inp"].items()}
    evaluate = evaluator.prepared(asked["way"], asked["expr"], inputs)
    if asked["do"] == "answer":
        return {"value": evaluator.typed(evaluate())}
    return {"seconds": _seconds(evaluate)}


def _seconds(evaluate: Evaluate) -> float:
    """Return the processor time of one evaluation: the fastest of some batches."""
    times, spent = 1, 0.0
    while (spent := _batch(evaluate, times)) < _BATCH:
        times = max(times + 1, int(times * 1.5 * _BATCH / max(spent, _BATCH / 100)))
    return min(spent, *(_batch(evaluate, times) for _ in range(_BATCHES - 1))) / times


def _batch(evaluate: Evaluate, times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        evaluate()
    return time.process_time() - began


def _untyped(value: Any) -> Any:
    if value is None:
        return None
    kind, given = value["t"], value["v"]
    if kind == "list":
        return [_untyped(item) for item in given]
    if kind == "ctx":
        return {name: _untyped(item) for name, item in given.items()}
    return Decimal(given) if kind == "num" else given


def _as_floats(value: Any) -> Any:
    """Return inputs as a library that calculates with floats takes them."""
    if isinstance(value, dict):
        return {name: _as_floats(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def _names(value: Any) -> list[str]:
    """Return the names of inputs and of the keys within them."""
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    if not isinstance(value, dict):
        return []
    return [*value, *(name for item in value.values() for name in _names(item))]


def _typed(value: Any) -> Any:
    """Return a value of Python's as typed JSON."""
    if isinstance(value, list):
        return {"t": "list", "v": [_typed(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "ctx", "v": {str(name): _typed(item) for name, item in value.items()}}
    for kind, name, write in _KINDS:
        if isinstance(value, kind):
            return {"t": name, "v": write(value)}
    return None if value is None else {"t": "other", "v": type(value).__name__}


def _length(value: timedelta) -> str:
    size = abs(value)
    seconds = Decimal(size.days * 86_400 + size.seconds) + Decimal(size.microseconds) / 1_000_000
    return f"{'-' if value.days < 0 else ''}PT{seconds}S"


#: In this order: a truth is a number, and a date and time is a date as well.
_KINDS: tuple[tuple[Any, str, Callable[[Any], Any]], ...] = (
    (bool, "bool", bool),
    (str, "str", str),
    (int | float | Decimal, "num", str),
    (timedelta, "duration", _length),
    (datetime, "dateTime", datetime.isoformat),
    (date, "date", date.isoformat),
    (time_of_day, "time", time_of_day.isoformat),
)


if __name__ == "__main__":
    main()
