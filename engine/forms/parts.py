"""The parts a form is drawn from, besides its fields: words, lines, groups, lists, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.forms.fields import Field
from engine.forms.formulas import Formula, Prose
from engine.forms.placing import Part, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Part):
    """A text that people read: headings, lists and paragraphs."""

    prose: Prose

    @property
    def formulas(self) -> Iterator[Formula]:
        """Yield what is computed in it."""
        yield from self.prose.formulas


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider(Part):
    """A line between parts, or some room."""

    kind: Literal["separator", "spacer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Part):
    """Parts under one heading. With a `path`, what they take lies in a context of that name."""

    label: Prose
    path: Path
    parts: tuple[AnyPart, ...]

    @property
    def formulas(self) -> Iterator[Formula]:
        """Yield what is computed in it, apart from its parts."""
        yield from self.label.formulas


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Part):
    """Parts that repeat: their values are a list of contexts under `path`.

    `first` is how many rows stand there when nothing is known; `may_change` lets people add and
    remove some.
    """

    label: Prose
    path: Path
    parts: tuple[AnyPart, ...]
    first: int = 1
    may_change: bool = False

    @property
    def formulas(self) -> Iterator[Formula]:
        """Yield what is computed in it, apart from its parts."""
        yield from self.label.formulas


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what stands above it, and the entry of a row it shows."""

    label: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Part):
    """Rows to look at: a list of contexts. `columns` may be computed as well."""

    label: Prose
    source: Formula
    columns: tuple[Column, ...] | Formula

    @property
    def formulas(self) -> Iterator[Formula]:
        """Yield what is computed in it."""
        yield from (*self.label.formulas, self.source)
        if isinstance(self.columns, Formula):
            yield self.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed(Part):
    """A variable that nobody fills in: what an expression gives when the form is handed in."""

    path: Path
    formula: Formula

    @property
    def formulas(self) -> Iterator[Formula]:
        """Yield what is computed in it."""
        yield self.formula


AnyPart: TypeAlias = Field | Words | Divider | Group | Rows | Table | Computed


def walk(parts: Iterable[AnyPart]) -> Iterator[AnyPart]:
    """Yield parts and what is in them, in the order in which they are shown."""
    for part in parts:
        yield part
        if isinstance(part, Group | Rows):
            yield from walk(part.parts)


def formulas_of(parts: Iterable[AnyPart]) -> Iterator[Formula]:
    """Yield everything that is computed in parts, at any depth."""
    for part in walk(parts):
        if part.hide is not None:
            yield part.hide
        yield from part.formulas
