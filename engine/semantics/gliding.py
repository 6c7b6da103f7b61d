"""A token that meets plain nodes passes them all in one step, and leaves one fact.

It goes from node to node until it rests, ends, or meets one that is not plain; branches that part
on the way are followed too, the first one first, and are one again where they all meet. What a
plain node is, and why, says `plans`.
"""

from __future__ import annotations

from collections.abc import Iterator

from common.errors import DomainError
from engine.semantics.events import Event, Glided, TokenParted
from engine.semantics.plans import Plans, plans_of
from engine.semantics.state import Token, TokenStatus
from engine.semantics.trails import Trail
from engine.semantics.turn import Turn


def glide(turn: Turn, token: Token) -> list[Event]:
    """Return what a token passed; nothing where its next step is none over plain nodes.

    Every node that is passed is a transition, and the turn has room for so many.
    """
    plans = plans_of(turn.process)
    departure = plans.departures[token.at] if token.status is TokenStatus.LEAVING else None
    # A token that stands at a node is about to do something there: no plan leads from it.
    flow = departure.flows[0] if departure else token.at
    if plans[flow] is None:
        return []
    trail = Trail(turn, token.scope, [departure] if departure else [])
    before = len(trail.passages)
    left = [rest for rest in _followed(trail, plans, flow, turn.room) if rest]
    left += trail.unmet()
    if len(trail.passages) == before:
        return []
    turn.spent += len(trail.passages) - 1
    at, *others = left or [""]
    passages = tuple(trail.passages)
    return [
        Glided(token.id, token.scope, at, passages, trail.written, trail.places),
        *(TokenParted(turn.env.ids(), flow, token.scope) for flow in others),
    ]


def _followed(trail: Trail, plans: Plans, flow: str, room: int) -> Iterator[str]:
    """Yield where each branch stands in the end: on a flow, or "" where it ended or waits."""
    yield _follow(trail, plans, flow, room)
    while trail.branches:
        yield _follow(trail, plans, trail.branches.pop(), room)


def _follow(trail: Trail, plans: Plans, flow: str, room: int) -> str:
    passages = trail.passages
    try:
        while flow and len(passages) < room and (plan := plans[flow]) is not None:
            flow = plan.passed(trail)
    except DomainError:
        # The node was not passed. The ordinary way meets the same error, and says it.
        return flow
    return flow
