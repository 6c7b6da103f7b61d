"""Scenarios of a process: what was tried in the sandbox and is tried again before each review."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from common.ids import new_id
from designer.models.reviews import Review
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit


class Scenario(models.Model):
    """A trial that somebody kept. `content` is the scenario with what is expected of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="scenarios")
    name = models.CharField(max_length=120)
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["process", "name"], name="scenario_once_in_process")
        ]

    def __str__(self) -> str:
        return _("“{name}”").format(name=self.name)


class ScenarioVerdict(models.Model):
    """What came of one scenario when a review was asked for. Never changed.

    `differences` are rows as `engine.sandbox.trial.differences` makes them; none: it passed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scenario_verdicts")
    name = models.CharField(max_length=120)
    differences: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    played_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="scenario_verdict_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.review_id})"

    @property
    def passed(self) -> bool:
        """Tell whether all went as expected."""
        return not self.differences
