"""JSON: the work of people."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http import idempotency_key
from common.serializers import read
from engine.actions import user_tasks as actions
from engine.actions.user_tasks import Answer
from engine.api import serializers as shapes
from engine.queries import user_tasks as queries
from governance import access


class UserTasksView(APIView):
    """What waits for whoever asks."""

    acts = {"GET": "work.view"}

    @extend_schema(responses=shapes.InboxOut, operation_id="user_tasks_list")
    def get(self, request: Request) -> Response:
        """Return the open tasks this person may do, due first."""
        inbox = queries.list_inbox(actor=access.acting())
        rows = [shapes.user_task_row(task) for task in inbox]
        return Response({"schema": shapes.SCHEMA, "user_tasks": rows})


class UserTaskView(APIView):
    """One task."""

    acts = {"GET": "user_task.view"}

    @extend_schema(responses=shapes.AskOut)
    def get(self, request: Request, task_id: UUID) -> Response:
        """Return the task with its form and facts."""
        return Response(shapes.ask_answer(queries.get_ask(actor=access.acting(), task_id=task_id)))


class UserTaskClaimView(APIView):
    """Taking a task for oneself."""

    acts = {"POST": "user_task.claim"}

    @extend_schema(request=None, responses=shapes.UserTaskOut)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Claim the task, so that others leave it."""
        task = actions.claim_user_task(actor=access.acting(), user_task_id=task_id)
        return Response(shapes.user_task_row(task))


class UserTaskReleaseView(APIView):
    """Giving a task back."""

    acts = {"POST": "user_task.claim"}

    @extend_schema(request=None, responses=shapes.UserTaskOut)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Give the claimed task back, so that others may take it."""
        task = actions.release_user_task(actor=access.acting(), user_task_id=task_id)
        return Response(shapes.user_task_row(task))


class UserTaskCompleteView(APIView):
    """Doing a task, or deciding at a gate."""

    acts = {"POST": "user_task.complete"}

    @extend_schema(request=shapes.CompleteIn, responses=shapes.UserTaskOut)
    def post(self, request: Request, task_id: UUID) -> Response:
        """Complete the task, or cast a vote."""
        values = read(shapes.CompleteIn, request.data)
        key = idempotency_key(request._request) if "Idempotency-Key" in request.headers else ""
        task = actions.complete_user_task(
            actor=access.acting(),
            user_task_id=task_id,
            answer=Answer(values["variables"], values["decision"], values["reason"]),
            idempotency_key=key,
        )
        return Response(shapes.user_task_row(task))
