"""Facts about what passes without resting: many nodes, or many rounds, in one fact.

What they say in the words of the other facts is told by `unfolding.unfolded`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from engine.semantics.events.fact import Fact


class Passing(StrEnum):
    """How a node was passed: left only, without a visit, as a task, as a script, with a result."""

    LEFT = "left"
    NODE = "node"
    TASK = "task"
    SCRIPT = "script"
    RESULT = "result"


class Passage(NamedTuple):
    """A node that was passed, and the flows that were taken out of it; none where a path ended.

    Made once per node of a process: a glide only puts them in a row.
    """

    element: str
    passing: Passing
    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glided(Fact):
    """A token passed plain nodes, one after another, and stands `at` a flow ("": it ended).

    `written` are the results of the passages that have one, in order, as pairs of a variable and
    its value. They stand in `scope`, unless `places` says of each variable in which. Branches that
    came into being on the way and met again, or ended, are told in `passages` and nowhere else.
    """

    type = "glided"
    token: str
    scope: str
    at: str
    passages: tuple[Passage, ...]
    written: list[tuple[str, Any]] = field(default_factory=list)
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoopItemsPassed(Fact):
    """Rounds of a loop began and ended, from the `first` on, each of them plain.

    `outputs` are what the output collection keeps of each, empty where there is none. `written`
    are their results, one a round where they have any; `places` says in which scope each variable
    stands, "" for one that is gone with its round.
    """

    type = "loop_items_passed"
    loop: str
    element: str
    first: int
    rounds: int
    passing: Passing
    written: list[tuple[str, Any]] = field(default_factory=list)
    places: Mapping[str, str] = field(default_factory=dict)
    outputs: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TokenParted(Fact):
    """A branch of a glide goes on by itself: a new token, on a flow that the glide has told."""

    type = "token_parted"
    token: str
    at: str
    scope: str
