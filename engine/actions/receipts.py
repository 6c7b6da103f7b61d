"""Receipts: one request, one effect, however often it is sent (Idempotency-Key)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from common import clock
from common.context import Actor
from common.ids import new_id
from engine import codec
from engine.errors import RequestDiffers
from engine.models.receipts import Receipt

_INSERT = """
INSERT INTO engine_receipt (id, unit_id, act, sender, key, request_digest, result_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def earlier_result(
    act: str, unit_id: UUID, actor: Actor, key: str, *, request: Mapping[str, Any], result_id: UUID
) -> UUID | None:
    """Return what an earlier request with this key led to, or None when this is the first.

    The first one's `result_id` is written at once and becomes true with its transaction. A second
    sender of the key waits here until then. Without a key nothing is kept.

    Raises:
        RequestDiffers: the key was used for another request.
    """
    if not key:
        return None
    sender = actor.account_id or actor.person_id or unit_id
    digest = hashlib.sha256(codec.canonical(request).encode()).hexdigest()
    row = (new_id(), unit_id, act, sender, key, digest, result_id, clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row)
        if cursor.rowcount:
            return None
    known = Receipt.objects.get(unit_id=unit_id, act=act, sender=sender, key=key)
    if known.request_digest != digest:
        raise RequestDiffers
    return known.result_id
