"""Rounds of a multi-instance whose work is plain: many in one step, and one fact.

What plain means is said in `plans`; here it is about the activity inside the loop. How many rounds
had begun when a completion condition comes true can be told, so that with one none of them is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from common.errors import DomainError
from engine.bpmn.elements import Activity, MultiInstance, ScriptTask, Task
from engine.semantics.events import LoopItemsPassed, Passing
from engine.semantics.formulas import Formula
from engine.semantics.plans import plans_of
from engine.semantics.state import Loop, Values
from engine.semantics.trails import Trail
from engine.semantics.turn import Turn
from engine.semantics.variables import MAX_NAME

COUNTER = "loopCounter"
_NAME = re.compile(r"\s*=?\s*([^\W\d]\w*)\s*(\..*)?")


def own_of_round(node: Activity, loop: Loop, number: int) -> Values:
    """Return the variables that belong to one round alone.

    So does the variable that is collected: rounds side by side must not overwrite each other's.
    """
    own: Values = {COUNTER: number}
    if not isinstance(node.loop, MultiInstance):
        return own
    if node.loop.output_collection and (collected := _collected_name(node.loop.output_element)):
        own[collected] = None
    if node.loop.element_variable and loop.items:
        own[node.loop.element_variable] = loop.items[number - 1]
    return own


@lru_cache(maxsize=1_024)
def _collected_name(output_element: str | None) -> str:
    found = _NAME.fullmatch(output_element or "")
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round evaluates: its script, and what the output collection keeps of it."""

    passing: Passing
    script: Formula | None = None
    target: str = ""
    output: Formula | None = None

    def passed(self, trail: Trail, own: Values) -> Any:
        """Do the work of a round with variables of its `own`, and return what is kept of it.

        Raises:
            DomainError: It cannot be done; what it wrote itself must be taken back.
        """
        trail.see(own)
        if self.script is not None:
            value = trail.value(self.script)
            if self.target:
                trail.write(self.target, value)
        return None if self.output is None else trail.value(self.output)


def passed(turn: Turn, node: Activity, loop: Loop) -> LoopItemsPassed | None:
    """Return the rounds that are passed from here on; None where the next begins the ordinary way.

    Each is a transition, and the turn has room for so many.
    """
    plan = _plan_of(turn, node)
    own = own_of_round(node, loop, loop.started + 1) if plan is not None else {}
    if plan is None or not turn.env.given.keys().isdisjoint(own):
        return None
    trail = Trail(turn, loop.activity)
    if plan.target in own:
        # It is gone with its round: no scope that stays has it.
        trail.places[plan.target] = ""
    outputs = list(_outputs(plan, trail, node, loop))
    if not outputs:
        return None
    turn.spent += len(outputs) - 1
    return LoopItemsPassed(
        loop.activity,
        node.id,
        loop.started + 1,
        len(outputs),
        plan.passing,
        trail.written[: len(outputs)],
        trail.places,
        outputs if plan.output else [],
    )


def _outputs(plan: RoundPlan, trail: Trail, node: Activity, loop: Loop) -> Iterator[Any]:
    """Yield what is kept of each round, for as many as can be passed."""
    most = min(loop.total or 0, loop.started + trail.turn.room)
    for number in range(loop.started + 1, most + 1):
        try:
            yield plan.passed(trail, own_of_round(node, loop, number))
        except DomainError:
            # The round begins the ordinary way, meets the same error and says it.
            return


def _plan_of(turn: Turn, node: Activity) -> RoundPlan | None:
    plans = plans_of(turn.process)
    if node.id not in plans.rounds:
        plans.rounds[node.id] = _planned(node) if plans.is_undisturbed(node) else None
    plan: RoundPlan | None = plans.rounds[node.id]
    return plan


def _planned(node: Activity) -> RoundPlan | None:
    loop = node.loop
    if not isinstance(loop, MultiInstance) or loop.completion_condition is not None:
        return None
    try:
        output = Formula.of(loop.output_element or "null") if loop.output_collection else None
        if type(node) is Task:
            return RoundPlan(Passing.TASK, output=output)
        if type(node) is ScriptTask and len(node.result_variable) <= MAX_NAME:
            passing = Passing.RESULT if node.result_variable else Passing.SCRIPT
            script = Formula.of(node.expression)
            return RoundPlan(passing, script, node.result_variable, output)
    except DomainError:
        # A text that is no FEEL is told of where it would be read.
        return None
    return None
