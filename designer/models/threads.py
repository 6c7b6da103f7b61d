"""Threads: what people say to each other about one element of a process, and who is named in it.

A thread hangs on the process and the id of the element, on no draft and no version: so it outlives
both, and it outlives the element, whose name and kind it keeps. What was said is never changed.
"""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ids import new_id
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit


class Place(models.TextChoices):
    """Where one stood when one said it."""

    DRAFT = "DRAFT", gettext_lazy("Draft")
    REVIEW = "REVIEW", gettext_lazy("Review")
    VERSION = "VERSION", gettext_lazy("Version")


class Thread(models.Model):
    """A conversation about one element. A trigger keeps what it is pinned to.

    `element_kind` is the element of BPMN, such as userTask; `element_name` may be "". Both are
    those of the moment when the thread was opened.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="threads")
    element = models.CharField(max_length=255)
    element_name = models.CharField(max_length=255, blank=True)
    element_kind = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["opened_at"]
        indexes = [models.Index(fields=["process", "resolved_at"], name="thread_by_process")]

    def __str__(self) -> str:
        return _("{element} of {process}").format(
            element=self.element_name or self.element, process=self.process.name
        )

    @property
    def topic(self) -> str:
        """Return where its frames are published."""
        return topic_of(self.process_id)

    @property
    def is_resolved(self) -> bool:
        """Tell whether it is settled, for now."""
        return self.resolved_at is not None


class Comment(models.Model):
    """Something said in a thread, as plain text.

    `place_number` is the revision of the draft, or the number of the review or the version.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    place = models.CharField(max_length=8, choices=Place)
    place_number = models.PositiveIntegerField()
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "id"]
        indexes = [models.Index(fields=["person", "-said_at"], name="comment_by_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.text[:40]}"


class Mention(models.Model):
    """A person named in a comment; `read_at` is when they opened its thread."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="named_once_in_a_comment")
        ]
        indexes = [
            models.Index(
                fields=["person"],
                condition=models.Q(read_at__isnull=True),
                name="mention_unread",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.comment_id}"


def topic_of(process_id: UUID) -> str:
    """Return where the frames of a process's threads are published."""
    return f"threads.{process_id}"
