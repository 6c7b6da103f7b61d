"""Who the History tab of a setting names. Never evidence: that is the audit."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from common import context


def acting_account(**_: Any) -> Any:
    """Return the account of the actor in the scene, by its key alone; None for an automation."""
    actor = context.current().actor
    if actor is None or actor.account_id is None:
        return None
    return get_user_model()(pk=actor.account_id)
