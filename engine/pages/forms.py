"""A step's form as a page shows it: each field with its value, and what a browser sent back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.words import in_words
from engine.bpmn import timers
from engine.bpmn.property_words import human_duration
from engine.forms import Field, Form
from engine.forms.fields import as_text


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or radio field."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field ready to be drawn. `name` is what the browser sends its value under."""

    field: Field
    value: str
    error: str = ""

    @property
    def name(self) -> str:
        """Return the name in the form: prefixed, so that no field can pose as one of ours."""
        return f"v.{self.field.key}"

    @property
    def label(self) -> str:
        """Return what people read beside it."""
        return self.field.called

    @property
    def ticked(self) -> bool:
        """Tell whether a box is ticked."""
        return self.value in {"true", "on", "True"}

    @property
    def choices(self) -> list[Choice]:
        """Return the options with the chosen one marked."""
        return [
            Choice(as_text(option.value), option.label, as_text(option.value) == self.value)
            for option in self.field.options
        ]


def shown(
    form: Form | None, values: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> list[ShownField]:
    """Return the fields that a person fills in, with what is known of their values."""
    told = in_words(dict(errors or {}))
    return [
        ShownField(field, _text(values.get(field.key, field.default)), told.get(field.key, ""))
        for field in (form.fields if form else ())
        if field.takes_value
    ]


def facts(form: Form | None, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields that only tell: their label and what they say."""
    return [
        (field.called, _told(values.get(field.key, field.default)) or str(_("not given")))
        for field in (form.fields if form else ())
        if field.readonly and field.type != "text"
    ]


def posted(form: Form | None, data: QueryDict) -> dict[str, Any]:
    """Return what the browser sent for the form's fields, as the form will judge it."""
    fields = [field for field in (form.fields if form else ()) if field.takes_value]
    sent = {field.key: data.get(f"v.{field.key}") for field in fields}
    return {key: value for key, value in sent.items() if value is not None}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return as_text(value)


def _told(value: Any) -> str:
    """Return a value as people say it: a span or a moment in words, not in ISO 8601."""
    if not isinstance(value, str):
        return _text(value)
    if timers.is_duration(value):
        return str(in_words(human_duration(value)))
    moment = parse_datetime(value) if timers.is_date(value) else None
    return date_format(localtime(moment), "j M Y, H:i") if moment else value


def plain(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return variables as facts: what a person can read at a glance, without contexts."""
    return [
        (name.replace("_", " ").capitalize(), _told(value))
        for name, value in values.items()
        if value not in (None, "") and not isinstance(value, dict | list)
    ]
