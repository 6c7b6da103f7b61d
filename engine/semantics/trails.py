"""A glide under way: where it has been, what it has written, and which branches are left."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from typing import Any

from engine.expressions import Run
from engine.expressions.moments import moment_of
from engine.semantics import sizes, variables
from engine.semantics.errors import ConditionUnreadable
from engine.semantics.events import Passage
from engine.semantics.formulas import Formula
from engine.semantics.sequence_flows import room_for
from engine.semantics.state import Values
from engine.semantics.turn import Turn


@dataclass(slots=True)
class Trail:
    """What one token passes in a `scope`, before any of it is a fact.

    Branches are flows: those still to follow (`branches`, the next one last), and those that wait
    at a join, by the join. Nothing of the state is written.
    """

    turn: Turn
    scope: str
    passages: list[Passage] = field(default_factory=list)
    written: list[tuple[str, Any]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    branches: list[str] = field(default_factory=list)
    _met: dict[str, dict[str, int]] = field(default_factory=dict)
    _more: int = 0
    """How many branches there are besides the one that is followed."""
    _seen: dict[str, Any] = field(default_factory=dict)
    _around: ChainMap[str, Any] | None = None
    _run: Run = field(default_factory=Run)

    def value(self, formula: Formula) -> Any:
        """Return what a formula gives here and now.

        Raises:
            FeelBudgetExceeded: It would cost more than one evaluation may.
            ValueUnusable: It has no form that can be kept.
        """
        return formula.value(self._run, self._view(formula))

    def holds(self, formula: Formula, flow: str) -> bool:
        """Return whether the condition of a flow holds.

        Raises:
            ConditionUnreadable: It is neither true nor false.
        """
        answer = formula.holds(self._run, self._view(formula))
        if answer is None:
            raise ConditionUnreadable(flow=flow, warnings="")
        return answer

    def see(self, values: Values) -> None:
        """Have what follows see some values before all others."""
        self._seen.update(values)

    def write(self, name: str, value: Any) -> None:
        """Write a result where the ordinary way would: `variables.written`.

        Raises:
            ValueTooLarge: A variable may not hold as much.
        """
        sizes.require_fit([(name, value)], "", self.turn.env.limits.variable_bytes)
        if self.scope != self.turn.state.instance and name not in self.places:
            self.places[name] = variables.destination(self.turn.state, self.scope, name)
        self.written.append((name, value))
        if name not in self.turn.env.given:
            self._seen[name] = value

    def part(self, flows: tuple[str, ...]) -> str:
        """Return the first of several flows, and keep the others for later.

        Raises:
            TooManyTokens: The scope would hold more tokens than one run may.
        """
        more = self._more + len(flows) - 1
        room_for(self.turn, self.scope, more)
        self._more = more
        self.branches += flows[:0:-1]
        return flows[0]

    def end(self) -> str:
        """End the branch, and return that there is no flow to go on with."""
        self._more -= 1
        return ""

    def meet(self, join: str, flow: str, ways: int) -> bool:
        """Return whether a join has a branch on each of its ways now; then they are one."""
        waiting = self._met.setdefault(join, {})
        waiting[flow] = waiting.get(flow, 0) + 1
        if len(waiting) < ways:
            return False
        self._met[join] = {each: many - 1 for each, many in waiting.items() if many > 1}
        self._more -= ways - 1
        return True

    def unmet(self) -> list[str]:
        """Return the flows on which branches still wait at joins, in order of the joins."""
        return [
            flow
            for waiting in self._met.values()
            for flow, many in waiting.items()
            for _ in range(many)
        ]

    def _view(self, formula: Formula) -> dict[str, Any]:
        """Return what a formula reads: only that is looked up, and only once in a glide."""
        if formula.asks_time and self._run.now is None:
            self._run.now = moment_of(self.turn.env.now)
        seen = self._seen
        for name in formula.expression.names:
            if name not in seen:
                self._look_up(name)
        return seen

    def _look_up(self, name: str) -> None:
        if self._around is None:
            self._around = self.turn.seen(self.scope)
        if name in self._around:
            self._seen[name] = self._around[name]
