"""How the rules make a problem: with the words of their own table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.bpmn.elements import FlowNode, SequenceFlow
from engine.lint.texts import TEXTS
from engine.problems import Problem, filled


def about(code: str, place: FlowNode | SequenceFlow, **fields: Any) -> Problem:
    """Return a problem of a node or a flow."""
    return filled(TEXTS, code, place.id, place.name, **fields)


def at(code: str, element: str | None, name: str = "", **fields: Any) -> Problem:
    """Return a problem of what is no node: the process, or a level of it."""
    return filled(TEXTS, code, element, name, **fields)


def mendable(found: Problem, do: str, **values: str) -> Problem:
    """Return the problem with what an editor can do about it."""
    return replace(found, mend={"do": do, **values})
