"""What the API takes and answers of threads: one plain shape per body, nothing that saves."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.serializers import StrictSerializer
from designer.actions.threads import Words
from designer.api.serializers import SCHEMA, Answer
from designer.models.threads import Comment, Thread
from designer.queries.threads import Talk
from governance.models.people import Person

_MOST_NAMED = 20


class CommentIn(StrictSerializer):
    """A comment: plain text, and the ids of the persons whom it names as @Name."""

    text = serializers.CharField(max_length=4000, trim_whitespace=False)
    mentions = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=_MOST_NAMED
    )


class ThreadIn(CommentIn):
    """A comment on an element: its id, as it stands in the model."""

    element = serializers.CharField(max_length=255)


class PersonOut(serializers.Serializer[Any]):
    """A person, as a comment shows them."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    initials = serializers.CharField()


class CommentOut(serializers.Serializer[Any]):
    """Something said: by whom, when, and standing before what."""

    id = serializers.UUIDField()
    person = PersonOut()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    place = serializers.ChoiceField(choices=["draft", "review", "version"])
    place_number = serializers.IntegerField()
    mentions = PersonOut(many=True)


class ThreadOut(serializers.Serializer[Any]):
    """A thread: the element as it was when it began, what was said, whether it is resolved."""

    id = serializers.UUIDField()
    element = serializers.CharField()
    element_name = serializers.CharField()
    element_kind = serializers.CharField()
    opened_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = PersonOut(allow_null=True)
    comments = CommentOut(many=True)


class ThreadAnswerOut(serializers.Serializer[Any]):
    """One thread."""

    schema = serializers.IntegerField()
    thread = ThreadOut()


class ThreadsOut(serializers.Serializer[Any]):
    """The threads of a process, open ones first, and what the reader may do with them."""

    schema = serializers.IntegerField()
    process = serializers.DictField()
    threads = ThreadOut(many=True)
    unread = serializers.ListField(child=serializers.UUIDField())
    may_comment = serializers.BooleanField()
    may_resolve = serializers.BooleanField()


class PeopleOut(serializers.Serializer[Any]):
    """Who can be named in a comment."""

    schema = serializers.IntegerField()
    people = PersonOut(many=True)


def words_of(values: dict[str, Any]) -> Words:
    """Return the comment in a body."""
    return Words(values["text"], values["mentions"])


def threads_answer(talk: Talk) -> Answer:
    """Write the threads of a process."""
    process = talk.process
    return {
        "schema": SCHEMA,
        "process": {"id": process.pk, "key": process.key, "name": process.name},
        "threads": [_thread(thread) for thread in talk.threads],
        "unread": sorted(talk.unread),
        "may_comment": any(name.endswith(".comment") for name in talk.acts),
        "may_resolve": "thread.resolve" in talk.acts,
    }


def thread_answer(thread: Thread) -> Answer:
    """Write one thread."""
    return {"schema": SCHEMA, "thread": _thread(thread)}


def people_answer(people: list[Person]) -> Answer:
    """Write who can be named."""
    return {"schema": SCHEMA, "people": [_person(person) for person in people]}


def _thread(thread: Thread) -> Answer:
    return {
        "id": thread.pk,
        "element": thread.element,
        "element_name": thread.element_name,
        "element_kind": thread.element_kind,
        "opened_at": thread.opened_at,
        "resolved_at": thread.resolved_at,
        "resolved_by": _person(thread.resolved_by) if thread.resolved_by else None,
        "comments": [_comment(comment) for comment in thread.comments.all()],
    }


def _comment(comment: Comment) -> Answer:
    return {
        "id": comment.pk,
        "person": _person(comment.person),
        "text": comment.text,
        "at": comment.said_at,
        "place": comment.place.lower(),
        "place_number": comment.place_number,
        "mentions": [_person(mention.person) for mention in comment.mentions.all()],
    }


def _person(person: Person) -> Answer:
    return {"id": person.pk, "name": person.name, "initials": person.initials}
