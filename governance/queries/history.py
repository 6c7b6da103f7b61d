"""The History tab of a setting: who changed what of it, newest first. Never evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.problems import NotFound
from governance.models import limits
from governance.models.boards import Board
from governance.models.connections import Connection, EgressDestination
from governance.models.people import Account

Setting = TypeVar("Setting", Board, Connection, EgressDestination)

LABELS: Mapping[str, Promise | str] = {
    "key": _("Key"),
    "name": _("Name"),
    "purpose": _("Purpose"),
    "owner": _("Owner"),
    "backup_owner": _("Backup owner"),
    "team": _("Team"),
    "board": _("Review board"),
    "quorum": _("Quorum"),
    "risk_class": _("Risk class"),
    "data_class": _("Data class"),
    "practice": _("ITIL practice"),
    "tags": _("Tags"),
    "base_url": _("Address"),
    "host": _("Host"),
    "port": _("Port"),
    "reason": _("Reason"),
    **limits.LABELS,
}
#: Fields that tell nothing beside the row's own time and place.
SILENT = frozenset({"id", "unit", "created_at", "changed_at"})
# A setting with a longer history is read in the audit, which has pages.
_MOST = 200


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after, as people read it; empty where there was nothing."""

    label: Promise | str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Saved:
    """One saving of the setting; without a name it was the product itself."""

    at: datetime
    who: str
    is_first: bool
    changes: list[FieldChange]


def history_of(row: models.Model) -> list[Saved]:
    """Return what was kept of a setting's past, newest first; at most 200 savings."""
    kept = row.history.order_by("-history_date", "-history_id")  # type: ignore[attr-defined]
    records = list(kept[: _MOST + 1])
    names = _names_of({record.history_user_id for record in records})
    return [
        Saved(
            at=record.history_date,
            who=names.get(record.history_user_id, ""),
            is_first=older is None,
            changes=_changes(record, older),
        )
        for record, older in pairwise([*records, None])
    ][:_MOST]


def get_setting(kind: type[Setting], *, unit_id: UUID, pk: UUID) -> Setting:
    """Return a board, connection or destination of the unit.

    Raises:
        NotFound: the unit has no such setting.
    """
    found = kind._default_manager.filter(unit_id=unit_id, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _names_of(account_ids: set[Any]) -> dict[Any, str]:
    rows = Account.objects.filter(pk__in=account_ids - {None})
    return dict(rows.values_list("pk", "person__name"))


def _changes(record: Any, older: Any) -> list[FieldChange]:
    if older is None:
        return []
    delta = record.diff_against(older, foreign_keys_are_objs=True, excluded_fields=SILENT)
    kind = record.instance_type
    return [
        FieldChange(
            LABELS[change.field],
            _words(kind, change.field, change.old),
            _words(kind, change.field, change.new),
        )
        for change in delta.changes
    ]


def _words(kind: type[models.Model], name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    labels = dict(getattr(kind._meta.get_field(name), "flatchoices", ()))
    return str(labels.get(value, value) or "")
