"""Processes whose tokens take the ordinary way everywhere: a step and its facts for each status."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.elements import Activity
from engine.bpmn.process import Process
from engine.semantics.plans import Plan, Plans


class _NothingIsPlain(Plans):
    def __missing__(self, flow: str) -> Plan | None:
        return None

    def is_undisturbed(self, node: Activity) -> bool:
        return False


def ordinary(process: Process) -> Process:
    """Return a copy of a process in which no token glides."""
    copied = replace(process)
    copied.derived[Plans] = _NothingIsPlain(copied)
    return copied
