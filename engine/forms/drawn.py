"""What a page draws of a form: parts with their values in them, in the order they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any, ClassVar, Final, TypeAlias

from engine.expressions import Value
from engine.forms.fields import Field
from engine.forms.formulas import Formula, Scope, as_text
from engine.forms.parts import Column, Divider, Group, Rows, Table, Words
from engine.forms.placing import Part, entry
from engine.forms.prose import Block

MAX_TABLE: Final = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field that offers some."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DrawnField:
    """A field ready to be drawn. `raw` is what was sent for it, or what is known of its value."""

    kind: ClassVar = "field"
    part: Field
    key: str
    raw: Any
    zone: tzinfo | None = None
    error: str = ""

    @property
    def field(self) -> Field:
        """Return the field, with all that is computed settled."""
        return self.part

    @property
    def name(self) -> str:
        """Return the name in the page: prefixed, so that no field can pose as one of ours."""
        return f"v.{self.key}"

    @property
    def label(self) -> str:
        """Return what people read beside it."""
        return self.part.called

    @property
    def is_shown_only(self) -> bool:
        """Tell whether it tells a value and takes none."""
        return self.part.readonly is True

    @property
    def value(self) -> str:
        """Return the value as the page's form holds it; a moment in the person's zone."""
        text = as_text(self.raw)
        if self.part.type == "datetime" and self.part.subtype != "date":
            return _on_the_wall(text, self.zone, self.part.subtype)
        return text

    @property
    def told(self) -> Any:
        """Return the value as it is told where it is only shown: a choice by its label."""
        if self.part.options:
            chosen = [choice.label for choice in self.choices if choice.chosen]
            return ", ".join(chosen) or as_text(self.raw)
        return self.raw

    @property
    def ticked(self) -> bool:
        """Tell whether a box is ticked."""
        return self.raw in (True, "true", "on", "True")

    @property
    def choices(self) -> list[Choice]:
        """Return the options with the chosen ones marked."""
        chosen = self.raw if isinstance(self.raw, list) else [self.raw]
        texts = {as_text(one) for one in chosen if one is not None}
        return [
            Choice(as_text(option.value), option.label, as_text(option.value) in texts)
            for option in self.part.options
        ]


@dataclass(frozen=True, slots=True)
class DrawnWords:
    """A text in blocks."""

    kind: ClassVar = "words"
    part: Words
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line between parts, or some room."""

    kind: ClassVar = "line"
    part: Divider


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """Parts under one heading."""

    kind: ClassVar = "group"
    part: Group
    label: str
    drawn: tuple[Drawn, ...]

    @property
    def lines(self) -> list[Abreast]:
        """Return its parts in lines."""
        return lines(self.drawn)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list."""

    index: int
    drawn: tuple[Drawn, ...]

    @property
    def number(self) -> int:
        """Return how people count it."""
        return self.index + 1

    @property
    def lines(self) -> list[Abreast]:
        """Return its parts in lines."""
        return lines(self.drawn)


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """A list of rows; `name` is its path in the page's form."""

    kind: ClassVar = "rows"
    part: Rows
    label: str
    name: str
    rows: tuple[Row, ...]
    has_room: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A table to look at; `hidden` is how many rows are not shown of a long one."""

    kind: ClassVar = "table"
    part: Table
    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    hidden: int


Drawn: TypeAlias = DrawnField | DrawnWords | Line | DrawnGroup | DrawnRows | DrawnTable


def table(part: Table, scope: Scope) -> tuple[str, tuple[Column, ...], tuple[Any, ...], int]:
    """Return label, columns and rows of cells of a table, and how many rows are left out."""
    found = part.source.value(scope)
    rows = found if isinstance(found, list) else []
    columns = tuple(_columns(part, scope))
    cells = tuple(
        tuple(entry(row, tuple(column.key.split("."))) for column in columns)
        for row in rows[:MAX_TABLE]
    )
    return part.label.text(scope), columns, cells, max(len(rows) - MAX_TABLE, 0)


def _columns(part: Table, scope: Scope) -> Iterator[Column]:
    if not isinstance(part.columns, Formula):
        yield from part.columns
        return
    found: Value = part.columns.value(scope)
    for one in found[:MAX_TABLE] if isinstance(found, list) else ():
        key = as_text(entry(one, ("key",)))
        if key:
            yield Column(as_text(entry(one, ("label",))) or key, key)


@dataclass(frozen=True, slots=True)
class Abreast:
    """What stands in one line of the page: one part, several side by side, or a list of facts."""

    parts: tuple[Drawn, ...]

    @property
    def is_facts(self) -> bool:
        """Tell whether it only tells values, one under the other."""
        return all(isinstance(one, DrawnField) and one.is_shown_only for one in self.parts)


def takes_value(one: Drawn) -> bool:
    """Tell whether there is something to fill in."""
    if isinstance(one, DrawnGroup):
        return any(map(takes_value, one.drawn))
    return isinstance(one, DrawnRows) or (isinstance(one, DrawnField) and not one.is_shown_only)


def fields_of(drawn: Iterable[Drawn]) -> Iterator[DrawnField]:
    """Yield the fields that are shown, at any depth."""
    for one in drawn:
        if isinstance(one, DrawnField):
            yield one
        elif isinstance(one, DrawnGroup):
            yield from fields_of(one.drawn)
        elif isinstance(one, DrawnRows):
            for row in one.rows:
                yield from fields_of(row.drawn)


def lines(drawn: Iterable[Drawn]) -> list[Abreast]:
    """Return parts in lines: facts in a list, and what shares a row of the layout side by side."""
    found: list[Abreast] = []
    for (_, together), parts in groupby(drawn, key=_line):
        several = tuple(parts)
        found += [Abreast(several)] if together else [Abreast((one,)) for one in several]
    return found


def _line(one: Drawn) -> tuple[str, bool]:
    """Return what parts of one line have in common, and whether they stand in one at all."""
    if isinstance(one, DrawnField) and one.is_shown_only:
        return "=", True
    part: Part = one.part
    return part.row, bool(part.row)


def _on_the_wall(text: str, zone: tzinfo | None, subtype: str) -> str:
    """Return a moment as a browser's field for it wants it: without an offset."""
    if subtype == "time":
        return text[:5]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    if found.tzinfo is not None and zone is not None:
        found = found.astimezone(zone)
    return found.replace(tzinfo=None).isoformat(timespec="minutes")
