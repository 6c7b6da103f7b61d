"""Activities that are done several times."""

from __future__ import annotations

from engine.semantics import events, lifecycle
from engine.semantics.appliers.registry import Appliers, place
from engine.semantics.state import InstanceState, Loop, Token

APPLIERS = Appliers()


@APPLIERS.to(events.LoopStarted)
def _loop_started(state: InstanceState, event: events.LoopStarted) -> None:
    state.loops[event.activity] = Loop(
        event.activity, event.element, event.total, items=event.items
    )


@APPLIERS.to(events.LoopItemStarted)
def _loop_item_started(state: InstanceState, event: events.LoopItemStarted) -> None:
    loop = state.loops[event.loop]
    state.loops[loop.activity] = loop.counting(started=1)
    status = lifecycle.after(None, event)
    place(
        state,
        Token(event.token, loop.element, loop.activity, status, since=state.seq, item=event.index),
    )


@APPLIERS.to(events.LoopItemCompleted)
def _loop_item_completed(state: InstanceState, event: events.LoopItemCompleted) -> None:
    loop = state.loops[event.loop]
    # The row is new and its table is not: a completion costs the same among many.
    state.loops[loop.activity] = loop.counting(ended=1)
    if event.value is not None:
        loop.outputs[event.index] = event.value
    token = state.tokens[event.token]
    status = lifecycle.after(token.status, event)
    state.put_token(token.moved(status, state.seq, activity=""))
