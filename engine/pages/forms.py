"""A step's form as a page shows it: each part with its values, and what a browser sent back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from common import clock
from engine.actions.forms import here_and_now
from engine.forms import Form, drawn, sent
from engine.forms.drawn import Abreast
from engine.templatetags.forms import told


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form in lines. `lead` tells what is known before the first thing to fill in.

    `is_alive` says that what is typed may change what is shown, so that the page asks again.
    """

    lead: list[Abreast]
    lines: list[Abreast]
    is_alive: bool
    shows_errors: bool


def sheet(
    form: Form | None,
    known: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    *,
    shows_errors: bool = False,
) -> Sheet:
    """Return the form with what is known, and in its fields what was sent, if anything was."""
    if form is None:
        return Sheet([], [], is_alive=False, shows_errors=False)
    parts = form.filled(known, values, here_and_now()).drawn
    first = next((at for at, one in enumerate(parts) if drawn.takes_value(one)), len(parts))
    return Sheet(
        lead=drawn.lines(parts[:first]),
        lines=drawn.lines(parts[first:]),
        is_alive=form.changes_by_itself,
        shows_errors=shows_errors,
    )


def posted(form: Form | None, data: QueryDict) -> dict[str, Any]:
    """Return what the browser sent for the form's fields, as the form will judge it.

    A button of a list adds a row to it, or takes one away.
    """
    if form is None:
        return {}
    now = timezone.localtime(clock.now())
    values = sent.from_browser(form, dict(data.lists()), timezone.get_current_timezone(), now)
    if name := data.get("add"):
        values = sent.with_row(values, name)
    if name := data.get("remove"):
        values = sent.without_row(values, name)
    return values


def wants_part(request: HttpRequest) -> bool:
    """Tell whether only the form is asked for, to be put in the place of the one on the page."""
    return request.headers.get("HX-Request") == "true"


def plain(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return variables as facts: what a person can read at a glance, without contexts."""
    return [
        (name.replace("_", " ").capitalize(), told(value))
        for name, value in values.items()
        if value not in (None, "") and not isinstance(value, dict | list)
    ]
