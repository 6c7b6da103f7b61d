"""The fields of a form, and what each makes of a value somebody sent.

A value comes from an HTML form, where everything is text, or from JSON. Nothing is guessed beyond
that: a number may be written as text, and a box that was not ticked may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from common.phrases import Phrase
from engine.expressions import Value, admit
from engine.forms.formulas import Formula, Prose, Scope, as_text
from engine.forms.placing import Part, Path, entry

DEFAULT_LENGTHS: Final[Mapping[str, int]] = {"textfield": 4_000, "textarea": 100_000}
MAX_OPTIONS: Final = 500
MOST_DIGITS: Final = 35
_NUMBER = re.compile(r"[+-]?[0-9]{1,34}(?:\.[0-9]{1,34})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TICKED: Final[Mapping[object, bool]] = {"on": True, "true": True, "false": False, "": False}
_SEVERAL: Final = frozenset({"checklist", "taglist"})
OFFERING: Final = frozenset({"select", "radio"}) | _SEVERAL


class Wrong(Exception):
    """A value does not fit its field; `sentence` is what is shown beside it."""

    def __init__(self, field: Field, sentence: str, **fields: Any) -> None:
        self.sentence = Phrase(sentence, field=field.called, **fields)
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field that offers some."""

    value: Value
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Part):
    """A part that holds a value. One with formulas in it is `settled` before it is asked anything.

    `choices` are what a formula offers in the place of `options`. `zone` says how a time is kept:
    `utc_offset`, `utc_normalized`, or `no_timezone` for one on the wall.
    """

    type: str
    path: Path
    caption: Prose = Prose()  # noqa: RUF009  (a frozen value)
    note: Prose = Prose()  # noqa: RUF009
    required: bool = False
    readonly: bool | Formula = False
    min_length: int | Formula | None = None
    max_length: int | Formula | None = None
    least: Decimal | Formula | None = None
    most: Decimal | Formula | None = None
    digits: int | None = None
    step: Decimal | None = None
    as_written: bool = False
    options: tuple[Option, ...] = ()
    choices: Formula | None = None
    default: Any = None
    subtype: str = ""
    zone: str = "utc_offset"
    minutes: int = 15
    not_past: bool = False
    before: str = ""
    after: str = ""
    # A compiled RE2 pattern; the library has no types.
    pattern: Any = None
    pattern_words: str = ""
    label: str = ""
    description: str = ""

    @property
    def key(self) -> str:
        """Return the path as one text, as files and browsers write it."""
        return ".".join(self.path)

    @property
    def takes_value(self) -> bool:
        """Return whether a person may fill it in."""
        return self.readonly is not True

    @property
    def takes_several(self) -> bool:
        """Return whether its value is a list of its choices."""
        return self.type in _SEVERAL

    @property
    def called(self) -> str:
        """Return how a sentence names the field."""
        return self.label or self.caption.written or self.path[-1]

    @property
    def formulas(self) -> Iterator[Formula]:
        """Yield what is computed in it."""
        yield from (*self.caption.formulas, *self.note.formulas)
        fixed = (self.readonly, self.least, self.most, self.min_length, self.max_length)
        yield from (one for one in (*fixed, self.choices) if isinstance(one, Formula))

    def settled(self, scope: Scope) -> Field:
        """Return the field with a fixed value for everything that is computed."""
        if not any(True for _ in self.formulas):
            return replace(self, label=self.caption.written, description=self.note.written)
        return replace(
            self,
            label=self.caption.text(scope),
            description=self.note.text(scope),
            readonly=self._is_readonly(scope),
            least=_limit(self.least, scope),
            most=_limit(self.most, scope),
            min_length=_length(self.min_length, scope),
            max_length=_length(self.max_length, scope),
            options=self.options if self.choices is None else offered(self.choices.value(scope)),
        )

    def _is_readonly(self, scope: Scope) -> bool:
        return self.readonly.holds(scope) if isinstance(self.readonly, Formula) else self.readonly

    def clean(self, value: object, today: date | None = None) -> Value:
        """Return the value as it goes into a variable, None where it was left empty.

        Raises:
            Wrong: when the value does not fit.
        """
        cleaned = None if value is None else _CLEANERS[self.type](self, value)
        if self.not_past and today is not None and cleaned is not None:
            _must_not_be_past(self, str(cleaned), today)
        # A box that must be ticked is one that must be true, as in the browser.
        empty = cleaned in (None, "", []) or (cleaned is False and self.required)
        if empty and self.required:
            raise Wrong(self, "{field} is needed.")
        return False if cleaned is None and self.type == "checkbox" else cleaned


def offered(found: Value) -> tuple[Option, ...]:
    """Return the choices a value stands for: a list of texts and numbers, or of labels and values.

    What is none of these is left out, as form-js does.
    """
    rows = found[:MAX_OPTIONS] if isinstance(found, list) else []
    return tuple(option for option in map(_option, rows) if option is not None)


def _option(row: object) -> Option | None:
    value = entry(row, ("value",)) if isinstance(row, dict) else row
    label = entry(row, ("label",)) if isinstance(row, dict) else None
    if not isinstance(value, str | bool | int | float | Decimal):
        return None
    return Option(admit(value), label if isinstance(label, str) and label else as_text(value))


def _limit(found: Decimal | Formula | None, scope: Scope) -> Decimal | None:
    """Return a limit; a formula that gives no number sets none."""
    value = found.value(scope) if isinstance(found, Formula) else found
    return value if isinstance(value, Decimal) and is_writable(value) else None


def _length(found: int | Formula | None, scope: Scope) -> int | None:
    if not isinstance(found, Formula):
        return found
    value = _limit(found, scope)
    return None if value is None else max(int(value), 0)


def is_writable(value: Decimal) -> bool:
    """Tell a number one can show from one that would be millions of digits long."""
    return value.is_finite() and -MOST_DIGITS < value.adjusted() < MOST_DIGITS


def _text(field: Field, value: object) -> Value:
    if not isinstance(value, str):
        raise Wrong(field, "{field} must be text.")
    text = value.replace("\r\n", "\n")
    if not text.strip():
        return None
    _must_have_length(field, text)
    if "\x00" in text:
        raise Wrong(field, "{field} holds a character that cannot be kept.")
    if field.pattern is not None and field.pattern.fullmatch(text) is None:
        raise Wrong(
            field, field.pattern_words or "{field} does not have the form that is asked for."
        )
    return text


def _must_have_length(field: Field, text: str) -> None:
    usual = DEFAULT_LENGTHS[field.type]
    most = field.max_length if isinstance(field.max_length, int) else usual
    if len(text) > most:
        raise Wrong(
            field,
            "{field} may have {most} characters at most; it has {length}.",
            most=most,
            length=len(text),
        )
    if isinstance(field.min_length, int) and len(text) < field.min_length:
        raise Wrong(field, "{field} needs at least {least} characters.", least=field.min_length)


def _number(field: Field, value: object) -> Value:
    if value == "":
        return None
    text = value.strip() if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Wrong(field, "{field} must be a number.")
    if not _NUMBER.fullmatch(text):
        raise Wrong(field, "{field} must be a number, such as 12 or 3.5.")
    number = Decimal(text)
    _must_be_within(field, number)
    return text if field.as_written else number


def _must_be_within(field: Field, number: Decimal) -> None:
    if isinstance(field.least, Decimal) and number < field.least:
        raise Wrong(field, "{field} must be at least {least:f}.", least=field.least)
    if isinstance(field.most, Decimal) and number > field.most:
        raise Wrong(field, "{field} must be at most {most:f}.", most=field.most)
    if field.digits == 0 and number % 1:
        raise Wrong(field, "{field} must be a whole number.")
    if field.digits and number.normalize().as_tuple().exponent < -field.digits:  # type: ignore[operator]  # a finite number has one
        raise Wrong(field, "{field} may have {most} decimals at most.", most=field.digits)
    if field.step and number % field.step:
        raise Wrong(field, "{field} must be a multiple of {step:f}.", step=field.step)


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
    if not field.options:
        raise Wrong(field, "{field} offers no choice at this time.")
    labels = ", ".join(one.label for one in field.options[:20])
    raise Wrong(field, "{field} must be one of: {labels}.", labels=labels)


def _choices(field: Field, value: object) -> Value:
    if not isinstance(value, list):
        raise Wrong(field, "{field} must be a list of choices.")
    chosen: list[Value] = []
    for one in value[:MAX_OPTIONS]:
        found = _choice(field, one)
        if found is not None and found not in chosen:
            chosen.append(found)
    return chosen


def _moment(field: Field, value: object) -> Value:
    if value == "":
        return None
    return _MOMENTS[field.subtype or "date"](field, value)


def _date(field: Field, value: object) -> Value:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Wrong(field, "{field} must be a date, such as 2030-01-31.")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Wrong(field, "{field}: there is no such day.") from None


def _time(field: Field, value: object) -> Value:
    example = "08:30" if field.zone == "no_timezone" else "08:30+01:00"
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise Wrong(field, "{field} must be a time, such as {example}.", example=example)
    try:
        found = time.fromisoformat(value)
    except ValueError:
        raise Wrong(field, "{field}: there is no such time.") from None
    if (found.tzinfo is None) != (field.zone == "no_timezone"):
        raise Wrong(field, "{field} must be a time, such as {example}.", example=example)
    if field.zone == "utc_normalized":
        day = datetime.combine(date(2000, 1, 1), found).astimezone(UTC)
        return day.time().isoformat("minutes") + "Z"
    return found.isoformat("minutes")


def _day_and_time(field: Field, value: object) -> Value:
    wall = field.zone == "no_timezone"
    example = "2030-01-31T08:30" if wall else "2030-01-31T08:30+01:00"
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        found = None
    if found is None or (found.tzinfo is None) != wall:
        raise Wrong(field, "{field} must be a day and a time, such as {example}.", example=example)
    if field.zone == "utc_normalized":
        try:
            found = found.astimezone(UTC)
        except OverflowError:
            raise Wrong(field, "{field}: there is no such day.") from None
        return found.isoformat(timespec="minutes").replace("+00:00", "Z")
    return found.isoformat(timespec="minutes")


def _must_not_be_past(field: Field, cleaned: str, today: date) -> None:
    if field.subtype != "time" and date.fromisoformat(cleaned[:10]) < today:
        raise Wrong(field, "{field} must not lie in the past.")


_MOMENTS: Final[Mapping[str, Callable[[Field, object], Value]]] = {
    "date": _date,
    "time": _time,
    "datetime": _day_and_time,
}
SUBTYPES: Final = frozenset(_MOMENTS)
ZONES: Final = frozenset({"utc_offset", "utc_normalized", "no_timezone"})
_CLEANERS: Final[Mapping[str, Callable[[Field, object], Value]]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "select": _choice,
    "radio": _choice,
    "checklist": _choices,
    "taglist": _choices,
    "datetime": _moment,
}
TYPES: Final = frozenset(_CLEANERS)
