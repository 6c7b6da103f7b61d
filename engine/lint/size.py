"""Levels that are too much for one sheet."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.process import Process
from engine.complexity import Measures, measured
from engine.lint.finding import at, mendable
from engine.lint.rules import Setting
from engine.problems import Problem
from engine.soundness import levels


def steps(process: Process, setting: Setting) -> Iterator[Problem]:
    """A level has no more nodes than a reader keeps in mind."""
    yield from _above(process, setting, "too_many_steps", "size")


def control_flow(process: Process, setting: Setting) -> Iterator[Problem]:
    """A level has no more states behind its splits than can be tested."""
    yield from _above(process, setting, "control_flow_complex", "control_flow")


def depth(process: Process, setting: Setting) -> Iterator[Problem]:
    """Splits do not nest deeper than can be followed."""
    yield from _above(process, setting, "nested_deep", "depth")


def _above(process: Process, setting: Setting, code: str, measure: str) -> Iterator[Problem]:
    for level in levels(process):
        found: Measures = measured(process, level)
        count = getattr(found, measure)
        if count > (setting.limit or 0):
            node = process.nodes.get(level)
            name = node.name if node else process.name
            told = at(code, level or process.id, name, count=count, limit=setting.limit)
            yield mendable(told, "extract", level=level)
