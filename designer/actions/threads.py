"""Actions on threads: the only code that writes what people say about the elements of a process."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from common import clock, live
from common.context import Actor
from designer.errors import (
    ElementUnknown,
    EmptyComment,
    ThreadFull,
    TooManyComments,
    TooManyThreads,
    UnknownMention,
    UnsafeComment,
)
from designer.models.drafts import Draft
from designer.models.threads import Comment, Mention, Thread
from designer.queries import threads as queries
from designer.queries.threads import COMMENT_ACTS, Holder, Where
from engine.bpmn import parts
from engine.bpmn.parts import Part
from governance import access, audit
from governance.audit_codes import Code
from governance.models.people import Person

_LONGEST = 4000
_MOST_OPEN = 500
_MOST_COMMENTS = 200
_MOST_A_MINUTE = 20
_MINUTE = timedelta(minutes=1)
#: Two comments of one person at once are counted one after the other.
_ONE_BY_ONE = "SELECT pg_advisory_xact_lock(125536, hashtext(%s))"
#: What turns the text around it when it is drawn (Unicode TR 36).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_NAME, _LONGEST_KIND = 255, 60


@dataclass(frozen=True, slots=True)
class Words:
    """A comment: its text, and the ids of the persons whom the text names as @Name."""

    text: str
    mentions: Sequence[UUID] = ()


@transaction.atomic
def open_thread(*, actor: Actor, where: Where, element: str, words: Words) -> Thread:
    """Say something about an element of what is saved at a place; it begins a thread.

    Raises:
        Draft.DoesNotExist, Review.DoesNotExist, Version.DoesNotExist, NotFound, NotAllowed: the
            actor may not comment there.
        ElementUnknown: what is saved has no such element.
        TooManyThreads: the process has too many open ones.
        EmptyComment, UnsafeComment, UnknownMention, TooManyComments: see `answer_thread`.
    """
    holder = queries.holder_at(where)
    access.require(COMMENT_ACTS[where.place], actor=actor, subject=holder)
    part = _part(holder, element)
    if holder.process.threads.filter(resolved_at__isnull=True).count() >= _MOST_OPEN:
        raise TooManyThreads(limit=_MOST_OPEN)
    now = clock.now()
    thread = Thread(
        unit_id=holder.unit_id,
        process=holder.process,
        element=part.id,
        element_name=part.name[:_LONGEST_NAME],
        element_kind=part.kind[:_LONGEST_KIND],
        opened_at=now,
        changed_at=now,
    )
    thread.save(force_insert=True)
    _say(thread, actor, where, holder, words, Code.THREAD_OPENED)
    return thread


@transaction.atomic
def answer_thread(*, actor: Actor, where: Where, thread_id: UUID, words: Words) -> Thread:
    """Say something in a thread; where it was resolved, it is open again.

    Raises:
        Draft.DoesNotExist, Review.DoesNotExist, Version.DoesNotExist, NotFound, NotAllowed: the
            actor may not comment there.
        Thread.DoesNotExist: the process there has none such.
        EmptyComment: there are no words, or too many.
        UnsafeComment: it holds characters that are not seen.
        UnknownMention: somebody named may not see the process, or the text does not name them.
        ThreadFull: nobody could read more of it.
        TooManyComments: the actor wrote too many within a minute.
    """
    holder = queries.holder_at(where)
    access.require(COMMENT_ACTS[where.place], actor=actor, subject=holder)
    thread = _locked(thread_id, process_id=holder.process_id)
    if thread.comments.count() >= _MOST_COMMENTS:
        raise ThreadFull(limit=_MOST_COMMENTS)
    if thread.is_resolved:
        _settle(thread, None)
        audit.record(Code.THREAD_REOPENED, actor=actor, subject=thread)
    _say(thread, actor, where, holder, words, Code.THREAD_ANSWERED)
    return thread


@transaction.atomic
def resolve_thread(*, actor: Actor, thread_id: UUID) -> Thread:
    """Call a thread settled. Whoever did so first is who did.

    Raises:
        Thread.DoesNotExist, NotFound, NotAllowed: the actor may not resolve it.
    """
    thread = _locked(thread_id)
    access.require("thread.resolve", actor=actor, subject=thread)
    if not thread.is_resolved:
        _settle(thread, actor.person)
        audit.record(Code.THREAD_RESOLVED, actor=actor, subject=thread)
        _announce(thread)
    return thread


@transaction.atomic
def reopen_thread(*, actor: Actor, thread_id: UUID) -> Thread:
    """Call a resolved thread open again.

    Raises:
        Thread.DoesNotExist, NotFound, NotAllowed: the actor may not resolve it, nor reopen it.
    """
    thread = _locked(thread_id)
    access.require("thread.resolve", actor=actor, subject=thread)
    if thread.is_resolved:
        _settle(thread, None)
        audit.record(Code.THREAD_REOPENED, actor=actor, subject=thread)
        _announce(thread)
    return thread


@transaction.atomic
def read_mentions(*, actor: Actor, thread_id: UUID) -> None:
    """Note that the actor opened a thread: what names them there is read.

    Raises:
        Thread.DoesNotExist, NotFound, NotAllowed: the actor may not see it.
    """
    thread = Thread.objects.select_related("process").get(pk=thread_id)
    access.require("mention.read", actor=actor, subject=thread)
    unread = Mention.objects.filter(
        comment__thread=thread, person_id=actor.person, read_at__isnull=True
    )
    unread.update(read_at=clock.now())


def _locked(thread_id: UUID, **fields: UUID) -> Thread:
    rows = Thread.objects.select_for_update(no_key=True, of=("self",)).select_related("process")
    return rows.get(pk=thread_id, **fields)


def _part(holder: Holder, element: str) -> Part:
    part = parts.part_of(bytes(holder.xml), element)
    if part is None:
        raise ElementUnknown(element=element[:80])
    return part


def _say(
    thread: Thread, actor: Actor, where: Where, holder: Holder, words: Words, code: Code
) -> None:
    """Add a comment to a thread, tell whom it names, record it and ring for those who watch."""
    text = _checked(words.text)
    named = _named(thread, text, words.mentions)
    _keep_pace(actor)
    comment = Comment.objects.create(
        unit_id=thread.unit_id,
        thread=thread,
        person_id=actor.person,
        text=text,
        place=where.place.value,
        place_number=_number(holder),
        said_at=clock.now(),
    )
    for person in named:
        # Who names themselves need not be told.
        read_at = comment.said_at if person.pk == actor.person else None
        Mention.objects.create(
            unit_id=thread.unit_id, comment=comment, person=person, read_at=read_at
        )
    thread.changed_at = comment.said_at
    thread.save(update_fields=["changed_at"])
    after = {"text": text, "element": thread.element, "named": [person.name for person in named]}
    audit.record(code, actor=actor, subject=thread, after=after)
    _announce(thread)


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= _LONGEST:
        raise EmptyComment(longest=_LONGEST)
    if any(letter in _TURNING or _is_control(letter) for letter in text):
        raise UnsafeComment
    return text


def _is_control(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cs")


def _named(thread: Thread, text: str, person_ids: Sequence[UUID]) -> list[Person]:
    wanted = list(dict.fromkeys(person_ids))
    found = queries.who_see(thread.process, wanted)
    if len(found) < len(wanted) or any(f"@{person.name}" not in text for person in found):
        raise UnknownMention
    return found


def _keep_pace(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE, [str(actor.person)])
    since = clock.now() - _MINUTE
    said = Comment.objects.filter(person_id=actor.person, said_at__gt=since).count()
    if said >= _MOST_A_MINUTE:
        raise TooManyComments(limit=_MOST_A_MINUTE)


def _number(holder: Holder) -> int:
    if isinstance(holder, Draft):
        return holder.revision
    return holder.number


def _settle(thread: Thread, person_id: UUID | None) -> None:
    """Call a thread resolved by a person, or open where there is none."""
    thread.changed_at = clock.now()
    thread.resolved_by_id = person_id
    thread.resolved_at = thread.changed_at if person_id else None
    thread.save(update_fields=["changed_at", "resolved_by", "resolved_at"])


def _announce(thread: Thread) -> None:
    live.publish_on_commit(thread.topic, {"type": "threads.changed"})
