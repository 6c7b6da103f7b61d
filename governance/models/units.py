"""Business units, the roles persons hold in them, and their teams."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import new_id
from governance.models.people import Person


class Unit(models.Model):
    """A business unit: the tenant. What belongs to one does not exist for another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person is in a unit. Roles add up, and each includes viewer."""

    VIEWER = "VIEWER", _("Viewer")
    MODELLER = "MODELLER", _("Modeller")
    REVIEWER = "REVIEWER", _("Reviewer")
    OPERATOR = "OPERATOR", _("Operator")
    AUDITOR = "AUDITOR", _("Auditor")
    ADMIN = "ADMIN", _("Admin")


class RoleAssignment(models.Model):
    """A role that a person holds in a unit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=16, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "person", "role"], name="role_held_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Team(models.Model):
    """People who do work together; a candidate group of user tasks names its key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="teams")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="team_key_in_unit")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person in a team; they may hold no role in the unit at all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"
