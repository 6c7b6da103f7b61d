"""What asking for a decision can be refused for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from common.errors import Invalid, Missing
from engine.decisions.problems import DecisionProblem


class DecisionUnknown(Missing):
    """The model has no decision, service or function of that name."""

    code = "engine.decision_unknown"
    title = "The model has no {kind} “{name}”. It has: {known}."


class DecisionRefused(Invalid):
    """What was asked for cannot run: the problems name each element, row and column."""

    code = "engine.decision_refused"
    title = "“{name}” cannot be decided: {first} Mend the problems that are listed, then try again."

    def __init__(self, *, name: str, problems: Sequence[DecisionProblem]) -> None:
        self.found = tuple(problems)
        told = [asdict(one) for one in problems]
        super().__init__(name=name, problems=told, first=problems[0].message)
