"""What is sealed besides audit entries: tables whose rows are chained already, by their heads.

An app that keeps such a table says so when it starts; governance learns the names of columns and
nothing else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """A table of hash chains, one chain per `ref`, of which the newest row is the head.

    Attributes:
        kind: the name its links carry, at most eight letters: JOURNAL.
        table: the table; the audit role must be able to read it across units.
        unit: the column of the business unit.
        ref: the column that names the chain.
        position: the column that counts up within a chain.
        digest: the column with the chain's hash at that position, 64 hexadecimal digits.
        at: the column of the time of writing, with an index.
    """

    kind: str
    table: str
    unit: str = "unit_id"
    ref: str = "instance_id"
    position: str = "seq_to"
    digest: str = "hash"
    at: str = "at"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the verification found.

    `kind` is unsealed, missing or altered; `what` and `id` name the row, `detail` is a sentence.
    """

    kind: str
    what: str
    id: str
    detail: str
    code: str = ""
    at: datetime | None = None


#: Looks into every chain of one unit and yields what is wrong inside.
Verifier = Callable[[UUID], Iterator[Fault]]

_sources: dict[str, Source] = {}
_verifiers: dict[str, Verifier] = {}


def register_source(source: Source) -> None:
    """Have the heads of a table sealed."""
    _sources[source.kind] = source


def register_verifier(kind: str, verify: Verifier) -> None:
    """Have the chains of a source verified from inside, too."""
    _verifiers[kind] = verify


def sources() -> tuple[Source, ...]:
    """Return all sources."""
    return tuple(_sources.values())


def verifiers() -> tuple[Verifier, ...]:
    """Return all verifiers."""
    return tuple(_verifiers.values())
