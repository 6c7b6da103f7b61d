"""Pulses: that a message went through the broker to a worker, and came back as a row."""

from __future__ import annotations

from django.db import models


class Pulse(models.Model):
    """The newest message that a worker of a queue received: liveness by effect.

    `version` is the product's, as the worker runs it; "" of releases that did not say.
    """

    worker = models.CharField(max_length=120, primary_key=True)
    queue = models.CharField(max_length=16)
    version = models.CharField(max_length=40, blank=True, db_default="")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.worker} {self.seen_at:%H:%M:%S}"
