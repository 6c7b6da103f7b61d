"""Values of a run as people say them, in templates that draw forms."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.words import in_words
from engine.bpmn import timers
from engine.bpmn.property_words import human_duration
from engine.forms.formulas import as_text

register = template.Library()


@register.filter
def told(value: Any) -> str:
    """Return a value as people say it: a span or a moment in words, not in ISO 8601."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, str):
        return as_text(value)
    if timers.is_duration(value):
        return str(in_words(human_duration(value)))
    moment = parse_datetime(value) if timers.is_date(value) else None
    return date_format(localtime(moment), "j M Y, H:i") if moment else value


@register.filter
def said(phrase: str) -> str:
    """Return a sentence of the pure packages in the language of whoever reads."""
    return str(in_words(phrase))
