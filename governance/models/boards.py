"""Review boards: who judges versions, and how many must agree."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from common.ids import new_id
from governance.history import acting_account
from governance.models.people import Person
from governance.models.units import Unit


class Board(models.Model):
    """People who judge versions of the processes in its care; `quorum` approvals decide."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="boards")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    quorum = models.PositiveSmallIntegerField(default=2)
    history = HistoricalRecords(get_user=acting_account)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], name="board_key_in_unit"),
            models.CheckConstraint(condition=models.Q(quorum__gte=1), name="quorum_at_least_one"),
        ]

    def __str__(self) -> str:
        return self.name


class BoardMember(models.Model):
    """A person on a board; they may belong to another unit (rule 7)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="boards")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "person"], name="board_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.board}"
