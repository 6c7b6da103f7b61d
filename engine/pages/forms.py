"""A step's form on a page: what a browser sent back for it, and variables told as facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from common import clock
from engine.forms import Form, sent
from engine.references import Reference
from engine.templatetags.forms import told


def posted(form: Form | None, data: QueryDict) -> dict[str, Any]:
    """Return what the browser sent for the form's fields, as the form will judge it.

    A button of a list adds a row to it, or takes one away.
    """
    if form is None:
        return {}
    now = timezone.localtime(clock.now())
    lists = dict(data.lists())
    values = sent.from_browser(form, lists, timezone.get_current_timezone(), now)
    return sent.with_changed_rows(values, lists)


def wants_part(request: HttpRequest) -> bool:
    """Tell whether only the form is asked for, to be put in the place of the one on the page."""
    return request.headers.get("HX-Request") == "true"


def plain(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return variables as facts: what a person can read at a glance, without contexts."""
    return [
        (label_of(name), told(value))
        for name, value in values.items()
        if value not in (None, "") and not isinstance(value, dict | list | Reference)
    ]


def label_of(name: str) -> str:
    """Return the name of a variable as a label."""
    return name.replace("_", " ").capitalize()
