"""A form as a page draws it: its parts in lines, with what is known and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from common import clock
from engine.expressions.moments import moment_of
from engine.forms import Filled, Form, Moment, drawn
from engine.forms.drawn import Abreast


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form in lines. `lead` tells what is known before the first thing to fill in.

    `is_alive` says that what is typed may change what is shown, so that the page asks again.
    """

    lead: list[Abreast]
    lines: list[Abreast]
    is_alive: bool
    shows_errors: bool


NO_SHEET = Sheet([], [], is_alive=False, shows_errors=False)


def here_and_now() -> Moment:
    """Return the moment as the person in play reads it off the wall."""
    now = clock.now()
    return Moment(moment_of(now), timezone.localdate(now), timezone.get_current_timezone())


def sheet(
    form: Form | None,
    known: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    *,
    shows_errors: bool = False,
) -> Sheet:
    """Return the form with what is known, and in its fields what was sent, if anything was."""
    if form is None:
        return NO_SHEET
    filled = form.filled(known, values, here_and_now())
    return sheet_of(form, filled, shows_errors=shows_errors)


def sheet_of(form: Form, filled: Filled, *, shows_errors: bool) -> Sheet:
    """Return a filled form in lines."""
    parts = filled.drawn
    first = next((at for at, one in enumerate(parts) if drawn.takes_value(one)), len(parts))
    return Sheet(
        lead=drawn.lines(parts[:first]),
        lines=drawn.lines(parts[first:]),
        is_alive=form.changes_by_itself,
        shows_errors=shows_errors,
    )
