"""Who answers for a process, and how it is found."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.process import Process
from engine.lint.facts import Facts
from engine.lint.finding import at, mendable
from engine.problems import Problem, listed


def tags(process: Process, facts: Facts) -> Iterator[Problem]:
    """A process has a tag."""
    if not facts.tags:
        yield mendable(at("tags_missing", process.id, process.name), "entry")


def backup_owner(process: Process, facts: Facts) -> Iterator[Problem]:
    """A process has a backup owner."""
    if not facts.backup_owner:
        yield mendable(at("backup_owner_missing", process.id, process.name), "entry")


def owners(process: Process, facts: Facts) -> Iterator[Problem]:
    """Who answers for a process is there to do so."""
    if facts.gone:
        names = listed(list(facts.gone))
        yield mendable(at("owner_gone", process.id, process.name, names=names), "entry")
