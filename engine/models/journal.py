"""The journal: what happened, one row per advance, chained by hash; and the values, apart.

Nothing is ever read from here to advance a run. Events name values (variables, reasons, causes)
by salted digest; the values lie in `Payload`, so that one can be erased without breaking a proof.
The key begins with the time: both tables can be partitioned by month without changing it.
"""

from __future__ import annotations

from django.db import models


class JournalRow(models.Model):
    """One advance of one run: events `seq_from` to `seq_to`, who made it move, and by what.

    `state` is where the run stood after it. `events` is canonical JSON and enters `hash` as it is.
    """

    pk = models.CompositePrimaryKey("at", "instance_id", "seq_from")
    at = models.DateTimeField()
    instance_id = models.UUIDField()
    seq_from = models.PositiveBigIntegerField()
    seq_to = models.PositiveBigIntegerField()
    unit_id = models.UUIDField()
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=60)
    actor_person_id = models.UUIDField(null=True)
    actor_account_id = models.UUIDField(null=True)
    cause = models.CharField(max_length=60)
    state = models.CharField(max_length=16)
    schema = models.PositiveSmallIntegerField()
    events = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["instance_id", "seq_from"]
        indexes = [models.Index(fields=["instance_id", "seq_to"], name="journal_of_run")]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.seq_from}-{self.seq_to}"


class Payload(models.Model):
    """The values of one advance, by digest, as canonical JSON; an erased one is missing.

    Under `apart` stands, by digest too, where the large ones lie.
    """

    pk = models.CompositePrimaryKey("at", "instance_id", "seq_from")
    at = models.DateTimeField()
    instance_id = models.UUIDField()
    seq_from = models.PositiveBigIntegerField()
    unit_id = models.UUIDField()
    salt = models.CharField(max_length=32)
    values = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["instance_id", "seq_from"], name="payload_of_run")]

    def __str__(self) -> str:
        return f"values of {self.instance_id} {self.seq_from}"


class LargeValue(models.Model):
    """A value of a run that is too large for the rows it is in: these refer to it by its digest.

    `value` is canonical JSON and `digest` its SHA-256, so that it is kept once however often the
    run writes it. It stays as long as the run's journal, which may refer to it.
    """

    pk = models.CompositePrimaryKey("instance_id", "digest")
    instance_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    unit_id = models.UUIDField()
    size = models.PositiveBigIntegerField()
    value = models.TextField()

    def __str__(self) -> str:
        return f"{self.size} bytes of {self.instance_id}"
