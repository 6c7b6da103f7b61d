"""The fields of a form, and what each makes of a value somebody sent.

A value comes from an HTML form, where everything is text, or from JSON. Nothing is guessed beyond
that: a number may be written as text, and a box that was not ticked may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from common.phrases import Phrase
from engine.expressions import Value

DEFAULT_LENGTHS: Final[Mapping[str, int]] = {"textfield": 4_000, "textarea": 100_000}
_NUMBER = re.compile(r"[+-]?[0-9]{1,34}(?:\.[0-9]{1,34})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TICKED: Final[Mapping[object, bool]] = {"on": True, "true": True, "false": False, "": False}


class Wrong(Exception):
    """A value does not fit its field; `sentence` is what is shown beside it."""

    def __init__(self, field: Field, sentence: str, **fields: Any) -> None:
        self.sentence = Phrase(sentence, field=field.called, **fields)
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or radio field."""

    value: Value
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One component of a form. A `text` shows its label and takes no value."""

    type: str
    key: str
    label: str = ""
    description: str = ""
    required: bool = False
    readonly: bool = False
    min_length: int | None = None
    max_length: int | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    options: tuple[Option, ...] = ()
    default: Value = None
    # A compiled RE2 pattern; the library has no types.
    pattern: Any = None

    @property
    def takes_value(self) -> bool:
        """Return whether a person fills it in."""
        return self.type != "text" and not self.readonly

    @property
    def called(self) -> str:
        """Return how a sentence names the field."""
        return self.label or self.key

    def clean(self, value: object) -> Value:
        """Return the value as it goes into a variable, None where it was left empty.

        Raises:
            Wrong: when the value does not fit.
        """
        cleaned = None if value is None else _CLEANERS[self.type](self, value)
        # A box that must be ticked is one that must be true, as in the browser.
        empty = cleaned is None or cleaned == "" or (cleaned is False and self.required)
        if empty and self.required:
            raise Wrong(self, "{field} is needed.")
        return cleaned


def _text(field: Field, value: object) -> Value:
    if not isinstance(value, str):
        raise Wrong(field, "{field} must be text.")
    text = value.replace("\r\n", "\n")
    if not text.strip():
        return None
    most = field.max_length or DEFAULT_LENGTHS[field.type]
    if len(text) > most:
        raise Wrong(
            field,
            "{field} may have {most} characters at most; it has {length}.",
            most=most,
            length=len(text),
        )
    if field.min_length is not None and len(text) < field.min_length:
        raise Wrong(field, "{field} needs at least {least} characters.", least=field.min_length)
    if "\x00" in text:
        raise Wrong(field, "{field} holds a character that cannot be kept.")
    if field.pattern is not None and field.pattern.fullmatch(text) is None:
        raise Wrong(field, "{field} does not have the form that is asked for.")
    return text


def _number(field: Field, value: object) -> Value:
    if value == "":
        return None
    text = value.strip() if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Wrong(field, "{field} must be a number.")
    if not _NUMBER.fullmatch(text):
        raise Wrong(field, "{field} must be a number, such as 12 or 3.5.")
    number = Decimal(text)
    if field.least is not None and number < field.least:
        raise Wrong(field, "{field} must be at least {least:f}.", least=field.least)
    if field.most is not None and number > field.most:
        raise Wrong(field, "{field} must be at most {most:f}.", most=field.most)
    return number


def _checkbox(field: Field, value: object) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TICKED:
        return _TICKED[value]
    raise Wrong(field, "{field} must be ticked or not.")


def _choice(field: Field, value: object) -> Value:
    if value == "":
        return None
    for option in field.options:
        # Everything an HTML form sends is text, also the choice of a number.
        if type(option.value) is type(value) and option.value == value:
            return option.value
        if isinstance(value, str) and as_text(option.value) == value:
            return option.value
        if type(value) in {int, float} and option.value == Decimal(repr(value)):
            return option.value
    labels = ", ".join(one.label for one in field.options)
    raise Wrong(field, "{field} must be one of: {labels}.", labels=labels)


def _date(field: Field, value: object) -> Value:
    if value == "":
        return None
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Wrong(field, "{field} must be a date, such as 2030-01-31.")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Wrong(field, "{field}: there is no such day.") from None


def as_text(value: Value) -> str:
    """Return a choice as an HTML form sends it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


_CLEANERS: Final[Mapping[str, Callable[[Field, object], Value]]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "select": _choice,
    "radio": _choice,
    "datetime": _date,
}
TYPES: Final = frozenset(_CLEANERS) | {"text"}
