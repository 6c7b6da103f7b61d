"""Tokens: placed, moved, waiting for each other, gone."""

from __future__ import annotations

from dataclasses import replace

from engine.semantics import events, lifecycle
from engine.semantics.appliers.registry import Appliers, advance, consume, move, place, unchanged
from engine.semantics.state import Activation, InstanceState, Token

APPLIERS = Appliers()


@APPLIERS.to(events.TokenPlaced)
def _token_placed(state: InstanceState, event: events.TokenPlaced) -> None:
    status = lifecycle.after(None, event)
    place(state, Token(event.token, event.at, event.scope, status, since=state.seq))


@APPLIERS.to(events.SequenceFlowTaken)
def _flow_taken(state: InstanceState, event: events.SequenceFlowTaken) -> None:
    token = state.tokens.get(event.token)
    status = lifecycle.after(token.status if token else None, event)
    moved = Token(event.token, event.flow, event.scope, status, since=state.seq)
    if token is None:
        place(state, moved)
    else:
        state.put_token(moved)


@APPLIERS.to(events.TokenConsumed)
def _token_consumed(state: InstanceState, event: events.TokenConsumed) -> None:
    consume(state, event.token)


@APPLIERS.to(events.JoinAwaited)
def _join_awaited(state: InstanceState, event: events.JoinAwaited) -> None:
    move(state, event.token, event)


APPLIERS[events.NodePassed] = unchanged


@APPLIERS.to(events.TokenSummoned)
def _token_summoned(state: InstanceState, event: events.TokenSummoned) -> None:
    status = lifecycle.after(None, event)
    place(state, Token(event.token, event.at, event.scope, status, since=state.seq))


@APPLIERS.to(events.LinkFollowed)
def _link_followed(state: InstanceState, event: events.LinkFollowed) -> None:
    advance(state, replace(state.tokens[event.token], at=event.element), event)


@APPLIERS.to(events.GatewayActivated)
def _gateway_activated(state: InstanceState, event: events.GatewayActivated) -> None:
    state.activate(Activation(event.scope, event.element, event.flows))


@APPLIERS.to(events.GatewayReset)
def _gateway_reset(state: InstanceState, event: events.GatewayReset) -> None:
    state.reset(Activation(event.scope, event.element).key)
    state.touched[event.scope] = None
    if not state.scopes[event.scope].live:
        state.emptied[event.scope] = None
