"""The register: which processes there are and who answers for each.

A process is known here by name and accountability alone. Its drawing lives in the designer, its
runs in the engine; both refer to this entry, and neither to the other.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from common.ids import new_id
from governance.history import acting_account
from governance.models.boards import Board
from governance.models.people import Person
from governance.models.units import Team, Unit


class RiskClass(models.TextChoices):
    """How much harm a wrong run can do."""

    LOW = "LOW", _("Low")
    MEDIUM = "MEDIUM", _("Medium")
    HIGH = "HIGH", _("High")


class DataClass(models.TextChoices):
    """How secret the data of its runs is."""

    PUBLIC = "PUBLIC", _("Public")
    INTERNAL = "INTERNAL", _("Internal")
    CONFIDENTIAL = "CONFIDENTIAL", _("Confidential")


class Practice(models.TextChoices):
    """The ITIL 4 practice a process serves."""

    CHANGE = "CHANGE", _("Change enablement")
    INCIDENT = "INCIDENT", _("Incident management")
    REQUEST = "REQUEST", _("Service request management")
    ACCESS = "ACCESS", _("Information security management")
    DEPLOYMENT = "DEPLOYMENT", _("Deployment management")
    CONTINUITY = "CONTINUITY", _("Service continuity management")
    SUPPLIER = "SUPPLIER", _("Supplier management")
    OTHER = "OTHER", _("Other")


class Process(models.Model):
    """A registry entry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="processes")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="owned_processes")
    backup_owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="backed_processes"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="processes"
    )
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="processes")
    risk_class = models.CharField(max_length=8, choices=RiskClass, default=RiskClass.MEDIUM)
    data_class = models.CharField(max_length=16, choices=DataClass, default=DataClass.INTERNAL)
    practice = models.CharField(max_length=16, choices=Practice, default=Practice.OTHER)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(get_user=acting_account)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="process_key_in_unit")]
        # The grants that hang on one process; the access table says which act asks for which.
        default_permissions = ()
        permissions = [
            ("edit_draft", "Edit drafts of others"),
            ("start_run", "Start runs and publish messages to them"),
            ("operate_run", "Pause, resume, cancel and migrate runs, reassign their user tasks"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def process(self) -> Process:
        """Return itself: a process is governed by its own grants."""
        return self

    def relations(self, person_id: UUID | None) -> frozenset[str]:
        """Call the person who answers for it its owner."""
        return frozenset({"owner"}) if person_id == self.owner_id else frozenset()


class ProcessGrant(UserObjectPermissionBase):
    """A right on one process, given to one account (django-guardian, direct foreign key)."""

    content_object = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        pass
