"""Circuits: whether the systems that runs call are asked at all. One row for all workers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engine.circuit import State
from governance.models.units import Unit


class CircuitState(models.TextChoices):
    """The states of a circuit, in words."""

    CLOSED = State.CLOSED.value, _("Closed")
    OPEN = State.OPEN.value, _("Open")
    HALF_OPEN = State.HALF_OPEN.value, _("Half open")


class Circuit(models.Model):
    """The circuit of one target of one connector in a unit; `engine.circuit` moves it.

    There is none for a target that has never failed. `cause` tells of the last failure.
    """

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    job_type = models.CharField(max_length=60)
    target = models.CharField(max_length=300)
    state = models.CharField(max_length=16, choices=CircuitState, default=CircuitState.CLOSED)
    failures = models.PositiveIntegerField(default=0)
    successes = models.PositiveIntegerField(default=0)
    window_at = models.DateTimeField(null=True)
    openings = models.PositiveIntegerField(default=0)
    in_a_row = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    out = models.PositiveSmallIntegerField(default=0)
    back = models.PositiveSmallIntegerField(default=0)
    patience_at = models.DateTimeField(null=True)
    since = models.DateTimeField()
    code = models.CharField(max_length=60, blank=True, default="")
    cause = models.TextField(blank=True, default="")
    failed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["target", "job_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "job_type", "target"], name="circuit_once_in_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.target
