"""What passes without resting: only where it ended matters to the state."""

from __future__ import annotations

from engine.semantics import events, lifecycle
from engine.semantics.appliers.registry import Appliers, consume, place
from engine.semantics.state import InstanceState, Token

APPLIERS = Appliers()


@APPLIERS.to(events.Glided)
def _glided(state: InstanceState, event: events.Glided) -> None:
    if event.places:
        for name, value in event.written:
            state.scopes[event.places[name]].variables[name] = value
    else:
        state.scopes[event.scope].variables.update(event.written)
    if not event.at:
        consume(state, event.token)
        return
    status = lifecycle.after(state.tokens[event.token].status, event)
    state.put_token(Token(event.token, event.at, event.scope, status, since=state.seq))


@APPLIERS.to(events.TokenParted)
def _parted(state: InstanceState, event: events.TokenParted) -> None:
    status = lifecycle.after(None, event)
    place(state, Token(event.token, event.at, event.scope, status, since=state.seq))
