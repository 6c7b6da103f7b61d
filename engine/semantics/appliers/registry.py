"""How the functions that apply facts are found, and what several of them do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from engine.semantics import lifecycle
from engine.semantics.events import Event, Fact
from engine.semantics.state import InstanceState, Token

E = TypeVar("E", bound=Fact)
Applier: TypeAlias = Callable[[InstanceState, E], None]


class Appliers(dict[type[Any], Applier[Any]]):
    """Event class to the function that applies it."""

    def to(self, kind: type[E]) -> Callable[[Applier[E]], Applier[E]]:
        """Register the function that applies this kind of fact."""

        def register(applier: Applier[E]) -> Applier[E]:
            self[kind] = applier
            return applier

        return register


def unchanged(_state: InstanceState, _event: Event) -> None:
    """Change nothing but history: facts of their own say what became of the token."""


def place(state: InstanceState, token: Token) -> None:
    """Put a new token into its scope."""
    state.put_token(token)
    scope = state.scopes[token.scope]
    state.scopes[token.scope] = scope.counting(1)


def consume(state: InstanceState, token: str) -> None:
    """Take a token away; whoever holds its scope open is told when it was the last in it."""
    gone = state.drop_token(token)
    scope = state.scopes[gone.scope]
    state.scopes[gone.scope] = scope.counting(-1)
    if scope.live == 1:
        state.emptied[scope.id] = None


def move(state: InstanceState, token: str, event: Event) -> None:
    """Let a token go on as the event says."""
    advance(state, state.tokens[token], event)


def advance(state: InstanceState, token: Token, event: Event) -> None:
    """Let a token, changed already, go on as the event says."""
    status = lifecycle.after(token.status, event)
    state.put_token(token.moved(status, state.seq))


def heard(state: InstanceState) -> None:
    """Forget the steps so far: something came from outside, so this is no endless loop."""
    state.transitions = 0
