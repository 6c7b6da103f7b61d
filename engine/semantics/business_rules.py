"""Business rule tasks: a decision is made, or a connector asked. BPMN 2.0.2, 13.3.3."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.bpmn.elements import BusinessRuleTask
from engine.decisions import Rulebook
from engine.decisions.record import as_json
from engine.expressions.moments import moment_of
from engine.semantics import activities, jobs, variables
from engine.semantics.environment import Decide, Decided
from engine.semantics.errors import DecisionUnavailable
from engine.semantics.events import DecisionMade, Event
from engine.semantics.state import Token
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, node: BusinessRuleTask) -> list[Event]:
    """Make the decision with what is seen here and write its value.

    Raises:
        DecisionUnavailable: Nobody here makes decisions.
        ValueUnusable: The decision has no name, or its value cannot be kept.
        DomainError: Whoever makes the decision refuses.
    """
    called = node.decision
    if called is None or node.job_type:
        return jobs.begin(turn, token, node)
    seen = turn.view(token)
    name = variables.text_of(called.decision_id, seen, turn.env.now)
    if not isinstance(name, str) or not name:
        raise variables.unusable(called.decision_id, name, "the id of a decision")
    if turn.env.decide is None:
        raise DecisionUnavailable(decision=name)
    decided = turn.env.decide(name, called.binding, called.version_tag, seen)
    value = variables.plain(decided.value, name)
    brought = {called.result_variable: value} if called.result_variable else {}
    made = DecisionMade(
        token.activity, node.id, token.id, name, decided.version, dict(decided.record)
    )
    return [*activities.results(turn, token, node, brought), made]


def decider(rulebook: Rulebook, at: datetime) -> Decide | None:
    """Return who makes the decisions that travel with a model, at this time; None without any.

    Whatever a task is bound to, it gets the decision of its own version: what was approved
    together is what runs together.
    """
    if not rulebook:
        return None

    def decide(name: str, _binding: str, _tag: str, seen: Mapping[str, Any]) -> Decided:
        answer = rulebook.decide(name, seen, moment_of(at))
        return Decided(answer.value, rulebook.digest_of(name), as_json(answer))

    return decide
