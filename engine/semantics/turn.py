"""What one step is decided on, and who acts in it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.elements import FlowNode, SubProcess
from engine.bpmn.process import Process
from engine.semantics import variables
from engine.semantics.environment import Environment
from engine.semantics.errors import ScopeNotLoaded
from engine.semantics.state import InstanceState, Token


@dataclass(slots=True)
class Turn:
    """The model, the state before the step, and the environment. A step reads, and never writes.

    Only `spent` is counted up: the transitions that were made in this transaction.
    """

    process: Process
    state: InstanceState
    env: Environment
    spent: int = 0

    @property
    def room(self) -> int:
        """Return how many more transitions fit: into the transaction, and before a runaway."""
        limits = self.env.limits
        return min(limits.budget, limits.transitions - self.state.transitions) - self.spent

    def node(self, token: Token) -> FlowNode:
        """Return the node the token stands at, or the one it is about to enter."""
        flow = self.process.flows.get(token.at)
        return self.process.nodes[flow.target if flow else token.at]

    def scope(self, token: Token) -> str:
        """Return the innermost scope the token sees: its activity's own where it has one."""
        return token.activity if token.activity in self.state.scopes else token.scope

    def view(self, token: Token) -> ChainMap[str, Any]:
        """Return what the token sees: what is given, then variables, inner hiding outer ones."""
        return self.seen(self.scope(token))

    def seen(self, scope: str) -> ChainMap[str, Any]:
        """Return what is seen from a scope."""
        seen = variables.view(self.state, scope)
        return ChainMap(dict(self.env.given), *seen.maps) if self.env.given else seen

    def with_given(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return values under what the environment gives, which nothing hides."""
        return ChainMap(dict(self.env.given), dict(values))

    def owner(self, scope: str) -> Token | None:
        """Return the token in whose visit the scope was opened; the root has none."""
        token = self.state.visits.get(scope)
        return None if token is None else self.state.tokens[token]

    def level(self, scope: str) -> str | None:
        """Return the sub-process whose nodes are run in a scope ("" for the root).

        None for a scope that holds something else: the rounds of a loop, handlers, mappings.
        """
        if scope == self.state.instance:
            return ""
        element = self.state.scopes[scope].element
        inside = scope not in self.state.loops and scope not in self.state.compensations
        is_container = isinstance(self.process.nodes.get(element), SubProcess)
        return element if inside and is_container else None

    def require(self, scope: str) -> None:
        """Be sure that every token of a scope is here to be read.

        Raises:
            ScopeNotLoaded: Some of them were left out when the run was loaded.
        """
        held = self.state.scopes.get(scope)
        if held is not None and held.live > len(self.state.standing.get(scope, ())):
            raise ScopeNotLoaded(scope)

    def inside(self, scope: str) -> list[Token]:
        """Return every token that stands directly in a scope, in order of their coming.

        Raises:
            ScopeNotLoaded: Some of them were left out when the run was loaded.
        """
        self.require(scope)
        return [self.state.tokens[token] for token in self.state.standing.get(scope, ())]

    def outwards(self, scope: str) -> Iterator[str]:
        """Yield a scope and those around it, up to the root, by the tokens that hold them open."""
        while True:
            yield scope
            owner = self.owner(scope)
            if owner is None:
                return
            scope = owner.scope
