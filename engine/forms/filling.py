"""Filling a form: one walk that says what is hidden, what fits, and what a page draws.

A page and the API ask the same walk, so that nothing is taken by one that the other refuses.
Conditions may read fields that come later; so a form that computes anything is walked twice, the
first time to learn what everything holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, Final

from common.phrases import Phrase
from engine.expressions import DateTime, Value
from engine.forms.drawn import (
    Drawn,
    DrawnField,
    DrawnGroup,
    DrawnRows,
    DrawnTable,
    DrawnWords,
    Line,
    Row,
    table,
)
from engine.forms.fields import Field, Wrong
from engine.forms.formulas import Scope
from engine.forms.parts import (
    AnyPart,
    Computed,
    Divider,
    Group,
    Rows,
    Table,
    Words,
    formulas_of,
)
from engine.forms.placing import Path, entry, put, remove
from engine.forms.prose import blocks

MAX_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Moment:
    """When a form is filled: what `now()` tells, the day it is, and the zone of the person."""

    now: DateTime | None = None
    today: date | None = None
    zone: tzinfo | None = None


NOWHERE: Final = Moment()


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with values: the variables it gives, what does not fit by key, and what is drawn."""

    values: dict[str, Value]
    errors: dict[str, str]
    drawn: tuple[Drawn, ...]


@dataclass(slots=True)
class _Level:
    """Where a walk is: among the variables, or in one row of a list.

    `before` is what the run holds; `sent` what came for this level, None before anybody sent
    anything; `known` what its fields hold by now; `given` what is made of them; `prefix` how names
    of this level begin; `taken` are the paths of its fields.
    """

    before: Mapping[str, Any]
    sent: Mapping[str, Any] | None
    known: dict[str, Any]
    given: dict[str, Any]
    scope: Scope
    prefix: Path = ()
    taken: set[Path] = field(default_factory=set)

    def key(self, path: Path) -> str:
        """Return a path with where it lies, as one text."""
        return ".".join((*self.prefix, *path))


def fill(
    parts: tuple[AnyPart, ...],
    known: Mapping[str, Any],
    sent: Mapping[str, Any] | None,
    at: Moment,
) -> Filled:
    """Return a form with values in it; see `Form.filled`."""
    data = dict(known)
    scope = Scope(data, at.now)
    if next(formulas_of(parts), None) is not None:
        _Walk(at, hides=False).parts(parts, (), _Level(known, sent, data, {}, scope))
    walked, given = _Walk(at, hides=True), dict[str, Any]()
    level = _Level(known, sent, data, given, scope)
    drawn = walked.parts(parts, (), level)
    walked.refuse_others(level)
    return Filled(_merged(given, known), walked.errors, drawn)


def _merged(given: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables, each context with what else the run has in it."""
    return {
        name: _over(value, known.get(name)) if isinstance(value, _Entries) else value
        for name, value in given.items()
    }


class _Entries(dict[str, Any]):
    """A context made by a path, as against a value that is one."""


def _over(entries: Mapping[str, Any], before: object) -> dict[str, Any]:
    kept = dict(before) if isinstance(before, dict) else {}
    for name, value in entries.items():
        kept[name] = _over(value, kept.get(name)) if isinstance(value, _Entries) else value
    return kept


def _give(given: dict[str, Any], path: Path, value: object) -> None:
    for name in path[:-1]:
        given = given.setdefault(name, _Entries())
    given[path[-1]] = value


class _Walk:
    def __init__(self, at: Moment, *, hides: bool) -> None:
        self.errors: dict[str, str] = {}
        self._at = at
        self._hides = hides

    def parts(self, parts: tuple[AnyPart, ...], path: Path, level: _Level) -> tuple[Drawn, ...]:
        """Walk over parts whose values lie at a path of the level, and return what is drawn."""
        found: list[Drawn] = []
        for part in parts:
            if self._hides and part.hide is not None and part.hide.holds(level.scope):
                self._leave_out(part, path, level)
            else:
                drawn = self._part(part, path, level)
                if drawn is not None:
                    found.append(drawn)
        return tuple(found)

    def refuse_others(self, level: _Level) -> None:
        """Note what was sent for fields there are none of."""
        for path in _paths(level.sent or {}, (), level.taken):
            self.errors[level.key(path)] = Phrase("The form has no such field.")

    def _part(self, part: AnyPart, path: Path, level: _Level) -> Drawn | None:
        if isinstance(part, Field):
            return self._field(part, (*path, *part.path), level)
        if isinstance(part, Rows):
            return self._rows(part, (*path, *part.path), level)
        if isinstance(part, Group):
            inside = self.parts(part.parts, (*path, *part.path), level)
            return DrawnGroup(part, part.label.text(level.scope), inside)
        if isinstance(part, Computed):
            self._computed(part, (*path, *part.path), level)
            return None
        return _only_drawn(part, level.scope)

    def _leave_out(self, part: AnyPart, path: Path, level: _Level) -> None:
        """Let hidden parts hold nothing; what came for them is not looked at."""
        if isinstance(part, Group):
            for inner in part.parts:
                self._leave_out(inner, (*path, *part.path), level)
        elif isinstance(part, Field | Rows | Computed):
            level.taken.add((*path, *part.path))
            remove(level.known, (*path, *part.path))

    def _field(self, plain: Field, path: Path, level: _Level) -> DrawnField:
        settled = plain.settled(level.scope)
        name, before = level.key(path), entry(level.known, path)
        if before is None:
            before = settled.default
        if settled.readonly:
            # One that became readonly by what was typed elsewhere may still be sent; it is ignored.
            if plain.readonly is not True:
                level.taken.add(path)
            return DrawnField(settled, name, before, self._at.zone)
        level.taken.add(path)
        if level.sent is None:
            put(level.known, path, before)
            return DrawnField(settled, name, before, self._at.zone)
        raw, value = entry(level.sent, path), None
        try:
            value = settled.clean(raw, self._at.today)
        except Wrong as wrong:
            self.errors[name] = wrong.sentence
        else:
            _give(level.given, path, value)
        put(level.known, path, value)
        return DrawnField(settled, name, raw, self._at.zone, self.errors.get(name, ""))

    def _computed(self, part: Computed, path: Path, level: _Level) -> None:
        value = part.formula.value(level.scope)
        put(level.known, path, value)
        _give(level.given, path, value)

    def _rows(self, part: Rows, path: Path, level: _Level) -> DrawnRows:
        name = level.key(path)
        level.taken.add(path)
        before = self._rows_before(part, path, level)
        rows = before if level.sent is None else self._sent_rows(part, path, level, len(before))
        earlier = [*before, *[{}] * len(rows)]
        inner = [
            self._row(earlier[index], row, index, path, level) for index, row in enumerate(rows)
        ]
        put(level.known, path, [one.known for one in inner])
        drawn = tuple(
            Row(index, self.parts(part.parts, (), one)) for index, one in enumerate(inner)
        )
        for one in inner:
            self.refuse_others(one)
        _give(level.given, path, [one.given for one in inner])
        label = part.label.text(level.scope)
        error = self.errors.get(name, "")
        return DrawnRows(part, label, name, drawn, len(rows) < MAX_ROWS, error)

    def _rows_before(self, part: Rows, path: Path, level: _Level) -> list[Any]:
        """Return the rows that the run holds, else those that stand there at first."""
        found = entry(level.before, path)
        return found[:MAX_ROWS] if isinstance(found, list) else [{}] * part.first

    def _sent_rows(self, part: Rows, path: Path, level: _Level, count: int) -> list[Any]:
        """Return the rows that were sent; none where they are no rows that can be taken."""
        sent, words = entry(level.sent, path), ""
        rows = [] if sent is None else sent
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            words = "{field} must be a list of rows."
        elif len(rows) > MAX_ROWS:
            words = "{field} may have {most} rows at most."
        elif len(rows) != count and not part.may_change:
            words = "{field} has {count} rows, and none may be added or removed."
        if words:
            called = part.label.written or path[-1]
            told = Phrase(words, field=called, most=MAX_ROWS, count=count)
            self.errors[level.key(path)] = told
            return []
        return rows

    def _row(self, before: object, row: object, index: int, path: Path, level: _Level) -> _Level:
        kept = before if isinstance(before, dict) else {}
        sent = row if level.sent is not None and isinstance(row, dict) else None
        known = {**kept, **(sent or {})}
        scope = level.scope.row(known, index + 1)
        return _Level(kept, sent, known, {}, scope, (*level.prefix, *path, str(index)))


def _only_drawn(part: Words | Table | Divider, scope: Scope) -> Drawn:
    if isinstance(part, Words):
        return DrawnWords(part, blocks(part.prose.text(scope)))
    if isinstance(part, Table):
        return DrawnTable(part, *table(part, scope))
    return Line(part)


def _paths(sent: Mapping[str, Any], above: Path, taken: set[Path]) -> Iterator[Path]:
    """Yield where values were sent that nobody takes."""
    for name, value in sent.items():
        path = (*above, name)
        if path in taken:
            continue
        if isinstance(value, dict) and any(one[: len(path)] == path for one in taken):
            yield from _paths(value, path, taken)
        else:
            yield path
