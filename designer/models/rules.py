"""What an admin set for a rule of drawing: for the whole unit, for a risk class, or for a tag."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import new_id
from governance.models.people import Person
from governance.models.units import Unit


class Scope(models.TextChoices):
    """For which processes a setting holds. The narrower one wins: tag, risk class, unit."""

    UNIT = "UNIT", _("All processes")
    RISK = "RISK", _("Risk class")
    TAG = "TAG", _("Tag")


class Weight(models.TextChoices):
    """How much a rule weighs; `engine.lint.Level` by another name."""

    OFF = "off", _("Left out")
    HINT = "hint", _("Hint")
    WARNING = "warning", _("Warning")
    ERROR = "error", _("Blocks review")


class RuleSetting(models.Model):
    """A setting of one rule. `value` is the risk class or the tag, "" for the whole unit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rule_settings")
    code = models.SlugField(max_length=60)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.UNIT)
    value = models.CharField(max_length=40, blank=True)
    weight = models.CharField(max_length=8, choices=Weight)
    limit = models.PositiveIntegerField(null=True)
    allowed = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code", "scope", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code", "scope", "value"], name="rule_set_once_for_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.value or self.get_scope_display()})"
