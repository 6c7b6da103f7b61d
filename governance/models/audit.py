"""The audit: entries as they were written, the values apart, and the seals that chain them.

An entry is inserted in the act's own transaction and never touched again. One sealer numbers and
chains what was inserted, and the heads of the engine's journals with it, in `AuditSeal`. The values
(names, reasons, before and after) lie in `AuditPayload` and enter the chain by salted digest
only, so that a value can be erased without breaking a proof.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from common.ids import new_id


class AuditEntry(models.Model):
    """One act of a person or of administration."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit_id = models.UUIDField()
    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=16)
    actor_person_id = models.UUIDField(null=True)
    actor_account_id = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    process_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=60, blank=True)
    payload_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["unit_id", "-at"], name="audit_by_unit"),
            models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_type} {self.subject_id}"


class AuditPayload(models.Model):
    """The values of one entry: who by name, what by name, why, before and after."""

    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, primary_key=True, related_name="payload"
    )
    unit_id = models.UUIDField()
    salt = models.CharField(max_length=32)
    # Canonical JSON as text: jsonb rewrites numbers, and the digest must find what it was made of.
    values = models.TextField()

    def __str__(self) -> str:
        return f"values of {self.entry_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """Return the values: actor, subject, reason, before, after; empty once erased."""
        return dict(json.loads(self.values)) if self.values else {}


class AuditSeal(models.Model):
    """A link of the unit's chain: what it seals, its digest, and the link before.

    `kind` is ENTRY (ref = the entry's id) or JOURNAL (ref = the instance's id, `position` = the
    sequence number of the journal's head).
    """

    id = models.BigAutoField(primary_key=True)
    unit_id = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8)
    ref = models.UUIDField()
    position = models.PositiveBigIntegerField(default=0)
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["unit_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "seq"], name="seal_gapless"),
            models.UniqueConstraint(fields=["kind", "ref", "position"], name="sealed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.seq}"
