"""One function per fact: what it changes in the state. The modules are those of `events`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.semantics.appliers import compensation, glides, loops, runs, throws, tokens, waits, work
from engine.semantics.appliers.registry import Applier

APPLIERS: Mapping[type[Any], Applier[Any]] = {
    kind: applier
    for module in (runs, tokens, glides, work, waits, throws, loops, compensation)
    for kind, applier in module.APPLIERS.items()
}
