"""Reads threads: what is said about the elements of a process, and whom it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from common.context import Actor
from common.words import in_words
from designer.models.drafts import Draft, Stage
from designer.models.reviews import Review
from designer.models.threads import Comment, Mention, Place, Thread
from designer.models.versions import Version
from engine.bpmn.problems import by_kind
from governance import access
from governance.models.people import Account, Person
from governance.models.processes import Process
from governance.models.units import RoleAssignment
from governance.notices import Notice

Holder: TypeAlias = Draft | Review | Version

#: What it takes to say something at a place; resolving takes the same everywhere.
COMMENT_ACTS: Mapping[Place, str] = {
    Place.DRAFT: "draft.comment",
    Place.REVIEW: "review.comment",
    Place.VERSION: "version.comment",
}
_HOLDERS: Mapping[Place, type[Holder]] = {
    Place.DRAFT: Draft,
    Place.REVIEW: Review,
    Place.VERSION: Version,
}
#: How many of the resolved threads are told, newest first; the open ones are all told.
_RESOLVED = 200
_PEOPLE = 8
_NOTICES = 50


@dataclass(frozen=True, slots=True)
class Where:
    """A draft, a review or a version: where one reads and writes about its process."""

    place: Place
    id: UUID


@dataclass(frozen=True, slots=True)
class Talk:
    """The threads of a process as one person meets them at one place.

    `unread` holds the threads that name them in something they have not opened.
    """

    process: Process
    threads: list[Thread]
    unread: frozenset[UUID]
    acts: frozenset[str]


def holder_at(where: Where) -> Holder:
    """Return the draft, review or version.

    Raises:
        Draft.DoesNotExist, Review.DoesNotExist, Version.DoesNotExist: there is none in sight.
    """
    found: Holder = _HOLDERS[where.place].objects.select_related("process").get(pk=where.id)
    return found


def list_threads(*, actor: Actor, where: Where) -> Talk:
    """Return the threads of the process that stands at a place, each with all that was said.

    Raises:
        Draft.DoesNotExist, Review.DoesNotExist, Version.DoesNotExist, NotFound: there is none that
            the actor may see. A guest on a board sees the review, not what its unit says to itself.
    """
    holder = holder_at(where)
    process = holder.process
    access.require("thread.view", actor=actor, subject=process)
    told = _told(Thread.objects.filter(process=process))
    still = list(told.filter(resolved_at__isnull=True))
    resolved = list(told.filter(resolved_at__isnull=False).order_by("-resolved_at")[:_RESOLVED])
    acts = ("thread.resolve", COMMENT_ACTS[where.place])
    return Talk(
        process=process,
        threads=[*still, *resolved],
        unread=frozenset(_unread(actor, [*still, *resolved])),
        acts=frozenset(name for name in acts if access.may(name, actor=actor, subject=holder)),
    )


def get_thread(*, actor: Actor, thread_id: UUID) -> Thread:
    """Return one thread with all that was said.

    Raises:
        Thread.DoesNotExist, NotFound: there is none that the actor may see.
    """
    thread = _told(Thread.objects.select_related("process")).get(pk=thread_id)
    access.require("thread.view", actor=actor, subject=thread)
    return thread


def stamp_of(*, actor: Actor, process_id: UUID) -> str:
    """Return what differs as soon as anything was said, resolved or opened again in a process.

    Raises:
        Process.DoesNotExist, NotFound: there is none that the actor may see.
    """
    process = Process.objects.get(pk=process_id)
    access.require("thread.view", actor=actor, subject=process)
    found = Thread.objects.filter(process=process).aggregate(Max("changed_at"), Count("pk"))
    return f"{found['changed_at__max']} {found['pk__count']}"


def list_people(*, actor: Actor, where: Where, text: str) -> list[Person]:
    """Return those who can be named in a comment, whose name has a word that begins so.

    Raises:
        Draft.DoesNotExist, Review.DoesNotExist, Version.DoesNotExist, NotFound, NotAllowed: the
            actor may not comment there.
    """
    holder = holder_at(where)
    access.require(COMMENT_ACTS[where.place], actor=actor, subject=holder)
    begun = " ".join(text.split())
    named = Q(name__istartswith=begun) | Q(name__icontains=f" {begun}")
    return list(_who_see(holder.process).filter(named).order_by("name")[:_PEOPLE])


def who_see(process: Process, person_ids: Sequence[UUID]) -> list[Person]:
    """Return those of these persons who may see a process."""
    return list(_who_see(process).filter(pk__in=person_ids))


def list_notices(actor: Actor) -> list[Notice]:
    """Return what names a person and was not opened by them, newest first."""
    rows = _of_person(actor.person).select_related("comment__person", "comment__thread__process")
    return [_notice(row) for row in rows.order_by("-comment__said_at")[:_NOTICES]]


def count_notices(actor: Actor) -> int:
    """Return in how many comments a person is named that they have not opened."""
    return _of_person(actor.person).count()


def address_of(*, actor: Actor, thread_id: UUID) -> str:
    """Return the page on which a thread is best read now: what is judged, drawn, or live.

    Raises:
        Thread.DoesNotExist, NotFound: there is none that the actor may see.
    """
    thread = get_thread(actor=actor, thread_id=thread_id)
    draft = thread.process.drafts.exclude(stage=Stage.PUBLISHED).order_by("-saved_at").first()
    if draft is None:
        return f"/processes/{thread.process.key}?thread={thread.pk}"
    last = list(thread.comments.all())[-1]
    review = draft.reviews.filter(number=last.place_number).first()
    if draft.stage == Stage.IN_REVIEW and last.place == Place.REVIEW and review is not None:
        return f"/reviews/{review.pk}?thread={thread.pk}"
    return f"/drafts/{draft.pk}/edit?thread={thread.pk}"


def _told(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    mentions = Prefetch("mentions", Mention.objects.select_related("person"))
    comments = Comment.objects.select_related("person").prefetch_related(mentions)
    return threads.select_related("resolved_by").prefetch_related(Prefetch("comments", comments))


def _unread(actor: Actor, threads: list[Thread]) -> set[UUID]:
    return {
        thread.pk
        for thread in threads
        for comment in thread.comments.all()
        for mention in comment.mentions.all()
        if mention.person_id == actor.person_id and mention.read_at is None
    }


def _who_see(process: Process) -> QuerySet[Person]:
    """Return the persons with a role in the process's unit who can sign in: each role may see."""
    held = RoleAssignment.objects.filter(unit_id=process.unit_id, person_id=OuterRef("pk"))
    signs_in = Account.objects.filter(person_id=OuterRef("pk"), is_active=True)
    return Person.objects.filter(Exists(held), Exists(signs_in))


def _of_person(person_id: UUID) -> QuerySet[Mention]:
    # A role that was taken takes what it showed along.
    held = RoleAssignment.objects.filter(unit_id=OuterRef("unit_id"), person_id=person_id)
    return Mention.objects.filter(Exists(held), person_id=person_id, read_at__isnull=True)


def _notice(row: Mention) -> Notice:
    comment, thread = row.comment, row.comment.thread
    words = _("{who} named you at {element}, in {process}").format(
        who=comment.person.name,
        element=thread.element_name or in_words(by_kind(thread.element_kind).leading),
        process=thread.process.name,
    )
    return Notice(title=words, text=comment.text, at=comment.said_at, url=f"/threads/{thread.pk}")
