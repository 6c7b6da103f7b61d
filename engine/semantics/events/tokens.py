"""Facts about tokens: where they appear, stand, wait for each other and go."""

from __future__ import annotations

from dataclasses import dataclass

from engine.semantics.events.fact import Fact


@dataclass(frozen=True, slots=True)
class TokenPlaced(Fact):
    """A token appeared at a start or boundary event that has occurred."""

    type = "token_placed"
    token: str
    at: str
    scope: str


@dataclass(frozen=True, slots=True)
class TokenConsumed(Fact):
    """A token is gone."""

    type = "token_consumed"
    token: str


@dataclass(frozen=True, slots=True)
class SequenceFlowTaken(Fact):
    """A token stands on the flow: the one that left the node, or a new one for a further flow."""

    type = "sequence_flow_taken"
    flow: str
    token: str
    scope: str


@dataclass(frozen=True, slots=True)
class JoinAwaited(Fact):
    """A token waits at a parallel gateway for those of the other flows."""

    type = "join_awaited"
    token: str
    element: str


@dataclass(frozen=True, slots=True)
class NodePassed(Fact):
    """A gateway fired, or an event where no token rests happened (start, end, boundary)."""

    type = "node_passed"
    element: str
    token: str


@dataclass(frozen=True, slots=True)
class TokenSummoned(Fact):
    """A token is about to enter a node to which no sequence flow led it."""

    type = "token_summoned"
    token: str
    at: str
    scope: str


@dataclass(frozen=True, slots=True)
class LinkFollowed(Fact):
    """A token jumped from a throwing link event to the catching one, `element`."""

    type = "link_followed"
    element: str
    token: str


@dataclass(frozen=True, slots=True)
class GatewayActivated(Fact):
    """A complex gateway fired with tokens of some of its flows, and waits for those of the rest."""

    type = "gateway_activated"
    element: str
    scope: str
    flows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GatewayReset(Fact):
    """No further token can come to the complex gateway, and it begins anew."""

    type = "gateway_reset"
    element: str
    scope: str
