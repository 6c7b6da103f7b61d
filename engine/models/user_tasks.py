"""User tasks: work offered to people. A row stays when the work is done, to be looked up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from engine.models.instances import Instance
from governance import access
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit


class UserTaskState(models.TextChoices):
    """Whether the work is still to be done."""

    OPEN = "OPEN", _("Open")
    COMPLETED = "COMPLETED", _("Completed")
    CANCELLED = "CANCELLED", _("Cancelled")


class UserTask(models.Model):
    """Work for a person; its id is the activity's. A `quorum` above 0 makes it a gate.

    `holder` is who has it as the machine says it (the text of the model, or a person's id);
    `assignee` is that person. Candidates are kept as resolved when the work was offered: persons
    by id, groups by the key of a team or board, whose members are asked for when it matters.
    """

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="user_tasks", db_index=False
    )
    element = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    token = models.UUIDField()
    state = models.CharField(max_length=16, choices=UserTaskState)
    holder = models.CharField(max_length=255, blank=True)
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    candidate_persons = ArrayField(models.UUIDField(), default=list)
    candidate_groups = ArrayField(models.CharField(max_length=255), default=list)
    unresolved = ArrayField(models.CharField(max_length=255), default=list)
    due_at = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(default=50)
    quorum = models.PositiveSmallIntegerField(default=0)
    votes = models.JSONField(db_default=Value([], models.JSONField()))
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=16, blank=True, db_default="")

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["instance", "created_at"], name="user_task_of_run"),
            models.Index(fields=["unit", "state", "created_at"], name="user_task_by_state"),
            models.Index(fields=["completed_by", "-ended_at"], name="user_task_done_by"),
            GinIndex(
                fields=["candidate_persons"],
                name="user_task_for_person",
                condition=models.Q(state="OPEN"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.instance.key})"

    @property
    def process(self) -> Process:
        """Return the registry entry on which the grants hang."""
        return self.instance.process

    @property
    def is_gate(self) -> bool:
        """Tell whether it decides."""
        return self.quorum > 0

    @property
    def is_offered(self) -> bool:
        """Tell whether others than who has it could take it."""
        others = set(self.candidate_persons) - {self.assignee_id}
        return bool(self.candidate_groups or others)

    def votes_of(self, person_id: UUID | None) -> list[dict[str, Any]]:
        """Return what a person said here."""
        return [vote for vote in self.votes if vote["person"] == str(person_id)]

    def relations(self, person_id: UUID | None) -> frozenset[str]:
        """Call those who may do it candidates: by name, or as members of a team or board."""
        if person_id is None:
            return frozenset()
        named = person_id == self.assignee_id or person_id in self.candidate_persons
        if named or not access.groups_of(person_id, self.unit_id).isdisjoint(self.candidate_groups):
            return frozenset({"candidate"})
        return frozenset()

    def excluded(self, person_id: UUID | None) -> str:
        """Return why rule 1 keeps a person from deciding here; other work is open to them."""
        return self.instance.excludes(person_id) if self.is_gate else ""
