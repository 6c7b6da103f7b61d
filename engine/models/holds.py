"""Runs that are held after a restore: the outside world knows more of them than we do."""

from __future__ import annotations

from django.db import models


class Hold(models.Model):
    """A run that went on after the backup that was restored; it stands until it is released.

    Its journal here ends at event `kept_seq`; its sealed head, known outside the database, was at
    `lost_seq`, last seen `lost_at`. `kept_seq` 0: nothing of the run is left, its id is all.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    kept_seq = models.PositiveBigIntegerField()
    lost_seq = models.PositiveBigIntegerField()
    lost_at = models.DateTimeField()
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["held_at", "id"]
        indexes = [
            models.Index(
                fields=["unit_id", "held_at"],
                name="hold_in_unit",
                condition=models.Q(released_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kept_seq}/{self.lost_seq}"

    @property
    def events_lost(self) -> int:
        """Return how many events of its journal are gone."""
        return max(0, self.lost_seq - self.kept_seq)
