"""What one step is decided on, and who acts in it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.elements import FlowNode
from engine.bpmn.process import Process
from engine.semantics import variables
from engine.semantics.environment import Environment
from engine.semantics.state import InstanceState, Token


@dataclass(frozen=True, slots=True)
class Turn:
    """The model, the state before the step, and the environment. A step reads, and never writes."""

    process: Process
    state: InstanceState
    env: Environment

    def node(self, token: Token) -> FlowNode:
        """Return the node the token stands at, or the one it is about to enter."""
        flow = self.process.flows.get(token.at)
        return self.process.nodes[flow.target if flow else token.at]

    def scope(self, token: Token) -> str:
        """Return the innermost scope the token sees: its activity's own where it has one."""
        return token.activity if token.activity in self.state.scopes else token.scope

    def view(self, token: Token) -> Mapping[str, Any]:
        """Return what the token sees: what is given, then variables, inner hiding outer ones."""
        seen = variables.view(self.state, self.scope(token))
        return ChainMap(dict(self.env.given), *seen.maps) if self.env.given else seen
