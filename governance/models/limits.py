"""How much of the installation a unit may use: one row of numbers, where an admin set any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from governance.history import acting_account
from governance.models.units import Unit


def _limit(label: Any, help_text: Any, *, most: int) -> models.PositiveIntegerField[Any, Any]:
    return models.PositiveIntegerField(
        label,
        help_text=help_text,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
    )


class UnitLimits(models.Model):
    """The limits of a unit. None is the installation's own; workers read them across units."""

    unit = models.OneToOneField(
        Unit, on_delete=models.PROTECT, primary_key=True, related_name="limits"
    )
    starts_per_minute = _limit(
        _("Starts a minute"),
        _("Runs that may begin within 60 seconds. Empty: as many as there are."),
        most=1_000_000,
    )
    runs_alive = _limit(
        _("Runs alive"),
        _("Runs that have not ended. Empty: as many as there are."),
        most=100_000_000,
    )
    jobs_at_once = _limit(
        _("Jobs at one time"),
        _("Service tasks that workers do at one time. Empty: as many as there are workers."),
        most=100_000,
    )
    jobs_per_target = _limit(
        _("Jobs at one system"),
        _("Of those, how many at one system. Empty: 16."),
        most=100_000,
    )
    transitions = _limit(
        _("Steps of a run"),
        _(
            "Without a person, message, timer or answer from outside. Empty: 1,000,000, unless "
            "the installation says otherwise."
        ),
        most=1_000_000_000,
    )
    live_tokens = _limit(
        _("Tokens of a scope"),
        _("Branches and items at work at one time in one scope of a run. Empty: 100,000."),
        most=1_000_000,
    )
    nested_calls = _limit(
        _("Nested calls"), _("Runs that call runs that call runs. Empty: 100."), most=1_000
    )
    payload_bytes = _limit(
        _("Size of what comes in"),
        _("What one form, message or answer may bring into a run, in bytes. Empty: 5 MiB."),
        most=5 * 1024 * 1024,
    )
    retry_attempts = _limit(
        _("Attempts of a step"),
        _(
            "Of a step whose model says nothing of retries. Empty: 3, unless the installation says "
            "otherwise."
        ),
        most=100,
    )
    retry_first_seconds = _limit(
        _("First wait between attempts"),
        _(
            "In seconds, spread at random; each next wait is twice as long. Empty: 5, unless the "
            "installation says otherwise."
        ),
        most=86_400,
    )
    retry_cap_seconds = _limit(
        _("Longest wait between attempts"),
        _("In seconds. Empty: 300, unless the installation says otherwise."),
        most=86_400,
    )
    history = HistoricalRecords(get_user=acting_account)

    def __str__(self) -> str:
        return str(_("Limits of {unit}")).format(unit=self.unit)


#: What each limit is called, by its name, in the order in which they are shown.
LABELS: Mapping[str, Any] = {
    field.name: field.verbose_name for field in UnitLimits._meta.fields if field.name != "unit"
}
LIMITS = tuple(LABELS)
