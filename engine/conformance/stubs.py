"""What answers the jobs of a scenario: results, errors that the model names, and failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from engine.semantics import variables
from engine.semantics.commands import Command, CompleteJob, FailJob, FailureKind, ThrowError
from engine.semantics.state import Job

Stub: TypeAlias = Mapping[str, Any]
MOST_TIMES = 100
"""How often in a row one answer of a list is given."""
_FAILED = "The scenario lets this call fail."


@dataclass
class Stubs:
    """The answers of a scenario by element (a listener's: by its type), and the calls so far."""

    answers: Mapping[str, Stub | list[Stub]]
    called: Counter[str] = field(default_factory=Counter)

    def answer(self, job: Job, name: str, seen: Mapping[str, Any], now: datetime) -> Command:
        """Return how a job is done: at once and without a result where no stub says more."""
        stub = self._next(name)
        failed = stub.get("fails")
        if failed is not None:
            cause = str(failed.get("cause") or _FAILED)
            kind = FailureKind(failed.get("kind", FailureKind.TRANSIENT.value))
            return FailJob(job.activity, job.generation, cause, kind)
        thrown = stub.get("throws")
        if thrown is not None:
            given = _values(thrown.get("variables", {}), seen, now)
            code = str(thrown["error"])
            return ThrowError(job.activity, job.generation, code, variables=given)
        result = _values(stub.get("returns", {}), seen, now)
        return CompleteJob(job.activity, job.generation, result)

    def _next(self, name: str) -> Stub:
        stub = self.answers.get(name, {})
        self.called[name] += 1
        if not isinstance(stub, list):
            return stub
        each = [one for one in stub for _ in range(_times(one))]
        return each[min(self.called[name], len(each)) - 1] if each else {}


def _times(stub: Stub) -> int:
    """Return for how many calls in a row an answer of a list is given."""
    return max(1, min(int(stub.get("times", 1)), MOST_TIMES))


def _values(given: Mapping[str, Any], seen: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the values of an answer: a text that begins with `=` is FEEL over what is seen."""
    return {
        name: variables.text_of(value, seen, now) if isinstance(value, str) else value
        for name, value in given.items()
    }
