"""The History tab of a setting: who changed what of it, newest first. Never evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from governance.models.people import Account


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One saving of the setting. `kind` is created, changed or deleted."""

    at: datetime
    who: str
    kind: str
    fields: Sequence[FieldChange]


_KINDS = {"+": "created", "~": "changed", "-": "deleted"}
# A setting with a longer history is read in the audit, which has pages.
_MOST = 200


def list_changes(row: models.Model) -> list[Change]:
    """Return what was kept of a row's past; savings that changed nothing are left out."""
    records = list(row.history.order_by("-history_date", "-history_id")[:_MOST])  # type: ignore[attr-defined]
    names = _names_of({record.history_user_id for record in records})
    found = [
        Change(
            at=record.history_date,
            who=names.get(record.history_user_id, _("set-up")),
            kind=_KINDS[record.history_type],
            fields=_fields(record, before),
        )
        for record, before in pairwise([*records, None])
        if record is not None
    ]
    return [change for change in found if change.fields or change.kind != "changed"]


def _names_of(account_ids: set[Any]) -> dict[Any, str]:
    rows = Account.objects.filter(pk__in=account_ids - {None})
    return dict(rows.values_list("pk", "person__name"))


def _fields(record: Any, before: Any) -> list[FieldChange]:
    if before is None or record.history_type != "~":
        return []
    delta = record.diff_against(before, foreign_keys_are_objs=True)
    return [
        FieldChange(_label(record, change.field), _words(change.old), _words(change.new))
        for change in delta.changes
        if change.field != "changed_at"
    ]


def _label(record: Any, name: str) -> str:
    return str(record.instance_type._meta.get_field(name).verbose_name).capitalize()


def _words(value: Any) -> str:
    if value in (None, "", []):
        return _("nothing")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
