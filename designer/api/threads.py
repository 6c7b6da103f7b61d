"""JSON: threads about the elements of a process, read and written at a draft, review or version."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from designer.actions import threads
from designer.api import thread_shapes as shapes
from designer.models.threads import Place
from designer.queries import threads as queries
from designer.queries.threads import COMMENT_ACTS, Where
from governance import access

_LONGEST_NAME = 120


class _ThreadsView(APIView):
    """The threads of the process that stands at a place."""

    place: ClassVar[Place]

    @extend_schema(responses=shapes.ThreadsOut)
    def get(self, request: Request, place_id: UUID) -> Response:
        """Return the threads, open ones first."""
        talk = queries.list_threads(actor=access.acting(), where=Where(self.place, place_id))
        return Response(shapes.threads_answer(talk))

    @extend_schema(request=shapes.ThreadIn, responses={201: shapes.ThreadAnswerOut})
    def post(self, request: Request, place_id: UUID) -> Response:
        """Comment on an element of what is saved; it begins a thread."""
        values = read(shapes.ThreadIn, request.data)
        actor = access.acting()
        thread = threads.open_thread(
            actor=actor,
            where=Where(self.place, place_id),
            element=values["element"],
            words=shapes.words_of(values),
        )
        return _answer(thread.pk, 201)


class DraftThreadsView(_ThreadsView):
    """What is said at a draft."""

    place = Place.DRAFT
    acts = {"GET": "thread.view", "POST": COMMENT_ACTS[Place.DRAFT]}


class ReviewThreadsView(_ThreadsView):
    """What is said at a review."""

    place = Place.REVIEW
    acts = {"GET": "thread.view", "POST": COMMENT_ACTS[Place.REVIEW]}


class VersionThreadsView(_ThreadsView):
    """What is said at a version."""

    place = Place.VERSION
    acts = {"GET": "thread.view", "POST": COMMENT_ACTS[Place.VERSION]}


class _AnswersView(APIView):
    """Answers to a thread."""

    place: ClassVar[Place]

    @extend_schema(request=shapes.CommentIn, responses={201: shapes.ThreadAnswerOut})
    def post(self, request: Request, place_id: UUID, thread_id: UUID) -> Response:
        """Answer; a resolved thread is open again then."""
        values = read(shapes.CommentIn, request.data)
        threads.answer_thread(
            actor=access.acting(),
            where=Where(self.place, place_id),
            thread_id=thread_id,
            words=shapes.words_of(values),
        )
        return _answer(thread_id, 201)


class DraftAnswersView(_AnswersView):
    """Answers given at a draft."""

    place = Place.DRAFT
    acts = {"POST": COMMENT_ACTS[Place.DRAFT]}


class ReviewAnswersView(_AnswersView):
    """Answers given at a review."""

    place = Place.REVIEW
    acts = {"POST": COMMENT_ACTS[Place.REVIEW]}


class VersionAnswersView(_AnswersView):
    """Answers given at a version."""

    place = Place.VERSION
    acts = {"POST": COMMENT_ACTS[Place.VERSION]}


class _PeopleView(APIView):
    """Who can be named in a comment."""

    place: ClassVar[Place]

    @extend_schema(
        parameters=[OpenApiParameter("q", str, description="How a word of the name begins.")],
        responses=shapes.PeopleOut,
    )
    def get(self, request: Request, place_id: UUID) -> Response:
        """Return up to eight persons who may see the process, by name."""
        people = queries.list_people(
            actor=access.acting(),
            where=Where(self.place, place_id),
            text=request.query_params.get("q", "").replace("\0", "")[:_LONGEST_NAME],
        )
        return Response(shapes.people_answer(people))


class DraftPeopleView(_PeopleView):
    """Who can be named at a draft."""

    place = Place.DRAFT
    acts = {"GET": COMMENT_ACTS[Place.DRAFT]}


class ReviewPeopleView(_PeopleView):
    """Who can be named at a review."""

    place = Place.REVIEW
    acts = {"GET": COMMENT_ACTS[Place.REVIEW]}


class VersionPeopleView(_PeopleView):
    """Who can be named at a version."""

    place = Place.VERSION
    acts = {"GET": COMMENT_ACTS[Place.VERSION]}


class ThreadResolveView(APIView):
    """The end of a thread, for now."""

    acts = {"POST": "thread.resolve"}

    @extend_schema(request=None, responses=shapes.ThreadAnswerOut)
    def post(self, request: Request, thread_id: UUID) -> Response:
        """Call it resolved; where it is so already, nothing changes."""
        threads.resolve_thread(actor=access.acting(), thread_id=thread_id)
        return _answer(thread_id)


class ThreadReopenView(APIView):
    """The way back."""

    acts = {"POST": "thread.resolve"}

    @extend_schema(request=None, responses=shapes.ThreadAnswerOut)
    def post(self, request: Request, thread_id: UUID) -> Response:
        """Call it open again; where it is so already, nothing changes."""
        threads.reopen_thread(actor=access.acting(), thread_id=thread_id)
        return _answer(thread_id)


class ThreadReadView(APIView):
    """That somebody has opened a thread."""

    acts = {"POST": "mention.read"}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, thread_id: UUID) -> Response:
        """Note that the reader has seen what names them in it."""
        threads.read_mentions(actor=access.acting(), thread_id=thread_id)
        return Response(status=204)


def _answer(thread_id: UUID, status: int = 200) -> Response:
    thread = queries.get_thread(actor=access.acting(), thread_id=thread_id)
    return Response(shapes.thread_answer(thread), status=status)
