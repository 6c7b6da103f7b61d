"""What passes without resting: only where it ended matters to the state."""

from __future__ import annotations

from engine.semantics import events, lifecycle
from engine.semantics.appliers.registry import Appliers, consume, place
from engine.semantics.state import InstanceState, Token

APPLIERS = Appliers()


@APPLIERS.to(events.Glided)
def _glided(state: InstanceState, event: events.Glided) -> None:
    if event.places:
        _write(state, event)
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


@APPLIERS.to(events.LoopItemsPassed)
def _items_passed(state: InstanceState, event: events.LoopItemsPassed) -> None:
    loop = state.loops[event.loop]
    state.loops[loop.activity] = loop.counting(started=event.rounds, ended=event.rounds)
    kept = enumerate(event.outputs, event.first)
    loop.outputs.update((number, value) for number, value in kept if value is not None)
    _write(state, event)


def _write(state: InstanceState, event: events.Glided | events.LoopItemsPassed) -> None:
    for name, value in event.written:
        scope = event.places[name]
        if scope:
            state.scopes[scope].variables[name] = value
