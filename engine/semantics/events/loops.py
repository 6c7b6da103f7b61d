"""Facts about activities that are done several times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.semantics.events.fact import Fact


@dataclass(frozen=True, slots=True)
class LoopStarted(Fact):
    """The visit will be done `total` times (None: nobody knows yet), for each of `items`."""

    type = "loop_started"
    activity: str
    element: str
    total: int | None = None
    items: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LoopItemStarted(Fact):
    """The round number `index`, from 1, begins with a token of its own."""

    type = "loop_item_started"
    loop: str
    index: int
    token: str


@dataclass(frozen=True, slots=True)
class LoopItemCompleted(Fact):
    """A round ended normally; `value` is what the output collection keeps of it."""

    type = "loop_item_completed"
    loop: str
    index: int
    token: str
    activity: str
    value: Any = None
