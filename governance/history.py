"""Who the History tab of a setting names. Never evidence: that is the audit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common import context


def acting_account(**_: Any) -> UUID | None:
    """Return the account of the actor in the scene, or None for an automation."""
    actor = context.current().actor
    return actor.account_id if actor else None
