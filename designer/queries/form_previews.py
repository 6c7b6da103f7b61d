"""A form under work, drawn and judged as it will be on a task, without anything being kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from common import clock
from common.context import Actor
from common.problems import NotFound
from common.words import in_words
from designer.models.drafts import Draft
from designer.queries import resources
from engine.forms import Form, sent
from engine.forms.formulas import as_text
from engine.queries.forms import here_and_now, sheet_of
from governance import access


@dataclass(frozen=True, slots=True)
class Preview:
    """The form as markup, its flaws by place, and what it would give; None while it would not."""

    html: str
    flaws: list[dict[str, Any]]
    values: dict[str, Any] | None


def preview(
    *,
    actor: Actor,
    draft_id: UUID,
    text: str,
    known: Mapping[str, Any],
    typed: Mapping[str, Sequence[str]] | None,
    judges: bool,
) -> Preview:
    """Return a form with sample variables and what was typed; `judges` shows what does not fit.

    Raises:
        Draft.DoesNotExist, NotFound, NotAllowed: there is no draft that the actor may edit.
        FormUnreadable: the text is no form at all.
        FeelBudgetExceeded: its expressions cost more than those of one form may.
    """
    access.require("draft.edit", actor=actor, subject=Draft.objects.get(pk=draft_id))
    return _preview(text, known, typed, judges=judges)


def drawn(*, actor: Actor, draft_id: UUID, name: str) -> Preview:
    """Return a form of a draft as it is drawn before anybody fills it in.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
        FormUnreadable, FeelBudgetExceeded: as for `preview`.
    """
    _, file = resources.get_of_draft(actor=actor, draft_id=draft_id, name=name)
    if file.is_xml:
        raise NotFound
    return _preview(file.text, {}, None, judges=False)


def _preview(
    text: str,
    known: Mapping[str, Any],
    typed: Mapping[str, Sequence[str]] | None,
    *,
    judges: bool,
) -> Preview:
    form, flaws = Form.judged(text)
    values = None
    if typed is not None:
        zone, now = timezone.get_current_timezone(), timezone.localtime(clock.now())
        values = sent.with_changed_rows(sent.from_browser(form, typed, zone, now), typed)
    filled = form.filled(known, values, here_and_now())
    sheet = sheet_of(form, filled, shows_errors=judges)
    return Preview(
        html=render_to_string("engine/whole.html", {"sheet": sheet, "redraw": ""}),
        flaws=in_words([asdict(flaw) for flaw in flaws]),
        values=None if values is None or filled.errors else _plain(filled.values),
    )


def _plain(value: Any) -> Any:
    """Return values as JSON can say them, to be looked at."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | str | int) else as_text(value)
