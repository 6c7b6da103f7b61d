"""evolve(state, event) -> state: one function per fact (`appliers`), and no decisions.

A fact is applied in place, to the copy that the caller loaded and owns; nothing is read but the
rows that the event names, so the cost of a fact is the same in a small and in a large run.
Folding a journal gives the state that was stored: replay and the fault checker rely on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from engine.semantics.appliers import APPLIERS
from engine.semantics.events import Event
from engine.semantics.state import InstanceState


def evolve(state: InstanceState, event: Event) -> InstanceState:
    """Apply one fact to `state`, which the caller owns, and return it."""
    state.seq += 1
    APPLIERS[type(event)](state, event)
    return state


def fold(state: InstanceState, journal: Iterable[Event]) -> InstanceState:
    """Apply many facts in order."""
    return reduce(evolve, journal, state)
