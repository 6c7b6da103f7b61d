"""What answers the jobs of a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from engine.semantics import variables
from engine.semantics.commands import Command, CompleteJob, ThrowError
from engine.semantics.state import Job

Stub: TypeAlias = Mapping[str, Any]


@dataclass
class Stubs:
    """The answers of a scenario by element (a listener's: by its type), and the calls so far."""

    answers: Mapping[str, Stub | list[Stub]]
    called: Counter[str] = field(default_factory=Counter)

    def answer(self, job: Job, name: str, seen: Mapping[str, Any], now: datetime) -> Command:
        """Return how a job is done: at once and without a result where no stub says more."""
        stub = self._next(name)
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
        return stub[min(self.called[name], len(stub)) - 1] if stub else {}


def _values(given: Mapping[str, Any], seen: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the values of an answer: a text that begins with `=` is FEEL over what is seen."""
    return {
        name: variables.text_of(value, seen, now) if isinstance(value, str) else value
        for name, value in given.items()
    }
