"""The unit that a page is about."""

from __future__ import annotations

from uuid import UUID

from common import context
from common.problems import NotFound


def unit_in_play() -> UUID:
    """Return the unit in play.

    Raises:
        NotFound: the person belongs to none, so there is nothing to show them.
    """
    unit_id = context.current().unit_id
    if unit_id is None:
        raise NotFound
    return unit_id
