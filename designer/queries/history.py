"""What was changed in the entry of a process: a memory for its owner, never evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.models.processes import Process

_LABELS = {
    "name": _("Name"),
    "purpose": _("Purpose"),
    "owner": _("Owner"),
    "backup_owner": _("Backup owner"),
    "team": _("Team"),
    "board": _("Review board"),
    "risk_class": _("Risk class"),
    "data_class": _("Data class"),
    "practice": _("ITIL practice"),
    "tags": _("Tags"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, in words."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Saved:
    """One save of the entry; without an account it was the product itself."""

    at: datetime
    who: str
    is_first: bool
    changes: list[Change]


def history_of(process: Process) -> list[Saved]:
    """Return each save of the entry, newest first."""
    records = list(process.history.select_related("history_user__person").order_by("-history_date"))
    return [
        Saved(
            at=record.history_date,
            who=record.history_user.person.name if record.history_user else "",
            is_first=older is None,
            changes=_changes(record, older),
        )
        for record, older in zip(records, [*records[1:], None], strict=True)
    ]


def _changes(record: Any, older: Any) -> list[Change]:
    if older is None:
        return []
    delta = record.diff_against(older, foreign_keys_are_objs=True)
    return [
        Change(
            _LABELS[change.field],
            _words(change.field, change.old),
            _words(change.field, change.new),
        )
        for change in delta.changes
        if change.field in _LABELS
    ]


def _words(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    labels = dict(getattr(Process._meta.get_field(name), "flatchoices", ()))
    return str(labels.get(value, value) or "") if labels else str(value or "")
