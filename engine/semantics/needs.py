"""Which part of a run a command reads, so that the store locks and loads no more than that."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.process import Process
from engine.semantics.commands import Command


@dataclass(frozen=True, slots=True)
class Needs:
    """`subtree` is the scope whose tokens and waits are read; empty is the root, so everything."""

    subtree: str = ""


def needs(_process: Process, _command: Command) -> Needs:
    """Return what to load. Scopes do not nest tokens yet, so the root is the smallest part."""
    return Needs()
