"""What a browser sent for a form: flat names and texts, made into values nested as the form is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, time, tzinfo
from typing import Any

from engine.forms.fields import Field
from engine.forms.filling import MAX_ROWS
from engine.forms.form import Form
from engine.forms.parts import AnyPart, Group, Rows
from engine.forms.placing import Path, entry, put

Lists = Mapping[str, Sequence[str]]
"""Each name of a sent form with all the texts that came under it."""

_COUNT = re.compile(r"[0-9]{1,3}")
VALUE, COUNT = "v.", "n."
"""What the name of a field, and the name that tells how many rows a list has, begin with."""


def from_browser(form: Form, lists: Lists, zone: tzinfo | None, today: datetime) -> dict[str, Any]:
    """Return the values of the form's fields, as `Form.filled` takes them.

    What a person picked on a clock is in their zone, which is written beside it; a time without a
    day is one of `today`. Names that are none of the form's are passed over.
    """
    return _Sent(lists, zone, today).values(form.parts, "")


def with_row(values: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the values with one more row in the list of a name."""
    changed = dict(values)
    _put_rows(changed, name, [*_rows(changed, name), {}][:MAX_ROWS])
    return changed


def without_row(values: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the values without the row of a name such as `steps.2`."""
    changed, (above, _, index) = dict(values), name.rpartition(".")
    rows = _rows(changed, above)
    _put_rows(changed, above, [row for at, row in enumerate(rows) if str(at) != index])
    return changed


def with_changed_rows(values: dict[str, Any], lists: Lists) -> dict[str, Any]:
    """Return the values with a row more or less, where a button of a list was pressed."""
    for name in lists.get("add", ()):
        values = with_row(values, name)
    for name in lists.get("remove", ()):
        values = without_row(values, name)
    return values


def _rows(values: dict[str, Any], name: str) -> list[Any]:
    found: Any = values
    for part in name.split("."):
        if isinstance(found, list):
            found = found[int(part)] if part.isdecimal() and int(part) < len(found) else None
        else:
            found = entry(found, (part,))
    return found if isinstance(found, list) else []


def _put_rows(values: dict[str, Any], name: str, rows: list[Any]) -> None:
    """Lay a list of rows where a name leads, also into a row of another list."""
    at: Any = values
    *way, last = name.split(".")
    for part in way:
        with suppress(KeyError, IndexError, ValueError, TypeError):
            at = at[int(part)] if isinstance(at, list) else at[part]
    if isinstance(at, dict):
        at[last] = rows


class _Sent:
    def __init__(self, lists: Lists, zone: tzinfo | None, today: datetime) -> None:
        self._lists = lists
        self._zone = zone
        self._today = today

    def values(self, parts: tuple[AnyPart, ...], prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._take(parts, prefix, (), found)
        return found

    def _take(
        self, parts: tuple[AnyPart, ...], prefix: str, path: Path, found: dict[str, Any]
    ) -> None:
        for part in parts:
            if isinstance(part, Group):
                self._take(part.parts, prefix, (*path, *part.path), found)
            elif isinstance(part, Rows):
                where = (*path, *part.path)
                put(found, where, self._rows(part, prefix + ".".join(where)))
            elif isinstance(part, Field) and part.takes_value:
                where = (*path, *part.path)
                value = self._value(part, prefix + ".".join(where))
                if value is not None:
                    put(found, where, value)

    def _rows(self, part: Rows, name: str) -> list[dict[str, Any]]:
        told = (self._lists.get(COUNT + name) or ["0"])[-1]
        count = min(int(told), MAX_ROWS) if _COUNT.fullmatch(told) else 0
        return [self.values(part.parts, f"{name}.{index}.") for index in range(count)]

    def _value(self, field: Field, name: str) -> Any:
        texts = self._lists.get(VALUE + name)
        if field.takes_several:
            return list(texts or ())
        if not texts:
            return None
        if field.type == "datetime" and field.subtype != "date" and field.zone != "no_timezone":
            return self._zoned(field, texts[-1])
        return texts[-1]

    def _zoned(self, field: Field, text: str) -> str:
        """Return what was picked on a clock with its offset; what is none stays as it is."""
        try:
            if field.subtype == "time":
                found = datetime.combine(self._today.date(), time.fromisoformat(text))
            else:
                found = datetime.fromisoformat(text)
        except ValueError:
            return text
        if found.tzinfo is not None:
            return text
        moment = found.replace(tzinfo=self._zone)
        whole = moment.isoformat(timespec="minutes")
        return whole.partition("T")[2] if field.subtype == "time" else whole
