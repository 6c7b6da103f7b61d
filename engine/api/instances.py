"""JSON: runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http import idempotency_key, moment
from common.phrases import Phrase
from common.problems import BadRequest
from common.serializers import read
from engine.actions import instances as actions
from engine.api import serializers as shapes
from engine.models.instances import Instance, RunState
from engine.queries import attempts, deployments
from engine.queries import instances as queries
from engine.queries.instances import RunFilter
from governance import access

_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="Starts once."
)
_QUERY = [
    OpenApiParameter("state", str, description="Only runs in this state."),
    OpenApiParameter("process", str, description="Only runs of the process of this key."),
    OpenApiParameter("q", str, description="Only runs whose key or title holds this."),
    OpenApiParameter("before", OpenApiTypes.DATETIME, description="Only runs started before."),
]


class RunsView(APIView):
    """The runs of the unit in play."""

    acts = {"GET": "run.view", "POST": "run.start"}

    @extend_schema(responses=shapes.RunListOut, parameters=_QUERY, operation_id="runs_list")
    def get(self, request: Request) -> Response:
        """Return runs, newest first."""
        state = request.query_params.get("state", "").upper()
        if state and state not in RunState.values:
            raise BadRequest(
                reason=Phrase("There is no state “{state}”.", state=state.lower()[:40])
            )
        wanted = RunFilter(
            state=state,
            process_key=request.query_params.get("process", "")[:60],
            text=request.query_params.get("q", "")[:100],
        )
        found = queries.list_runs(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            wanted=wanted,
            before=_moment(request.query_params.get("before", "")),
        )
        answer = {
            "schema": shapes.SCHEMA,
            "runs": [shapes.run_row(run) for run in found.runs],
            "counts": {state.lower(): count for state, count in found.counts.items()},
            "next": found.next_before,
        }
        return Response(answer)

    @extend_schema(request=shapes.StartIn, responses={201: shapes.RunRefOut}, parameters=[_KEY])
    def post(self, request: Request) -> Response:
        """Start a run of the newest version; the same key answers the same run."""
        key = idempotency_key(request._request)
        values = read(shapes.StartIn, request.data)
        process = deployments.process_by_key(access.acting_unit(), values["process"])
        run = actions.start_instance(
            actor=access.acting(),
            process_id=process.pk,
            title=values["title"],
            business_key=values["business_key"],
            variables=values["variables"],
            idempotency_key=key,
        )
        return Response(shapes.run_ref(run), status=201)


class RunView(APIView):
    """One run."""

    acts = {"GET": "run.view"}

    @extend_schema(responses=shapes.RunOut)
    def get(self, request: Request, run_id: UUID) -> Response:
        """Return the run with its story."""
        actor = access.acting()
        run = queries.get_run(actor=actor, run_id=run_id)
        acts = queries.acts_on(run, actor)
        return Response(shapes.run_answer(run, queries.story_of(run), acts))


class RunModelView(APIView):
    """The model a run was started on."""

    acts = {"GET": "run.view"}

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, run_id: UUID) -> HttpResponse:
        """Return the exact version that runs."""
        run = queries.get_run(actor=access.acting(), run_id=run_id)
        answer = HttpResponse(bytes(run.deployment.xml), content_type="application/xml")
        answer["Content-Disposition"] = "attachment"
        answer["Cache-Control"] = "private, max-age=3600"
        return answer


class _RunActView(APIView):
    """One act on a run, with its reason."""

    does: Callable[..., Instance]

    def act_on(self, request: Request, run_id: UUID) -> Response:
        """Carry the act out and return where the run is."""
        values = read(shapes.ReasonIn, request.data)
        run = type(self).does(
            actor=access.acting(), instance_id=run_id, reason=values["reason"].strip()
        )
        return Response(shapes.run_ref(run))


class RunPauseView(_RunActView):
    """Pausing."""

    acts = {"POST": "run.pause"}
    does = staticmethod(actions.pause_instance)

    @extend_schema(request=shapes.ReasonIn, responses=shapes.RunRefOut)
    def post(self, request: Request, run_id: UUID) -> Response:
        """Let nothing move on until it is resumed."""
        return self.act_on(request, run_id)


class RunResumeView(_RunActView):
    """Resuming."""

    acts = {"POST": "run.resume"}
    does = staticmethod(actions.resume_instance)

    @extend_schema(request=shapes.ReasonIn, responses=shapes.RunRefOut)
    def post(self, request: Request, run_id: UUID) -> Response:
        """Go on, with everything that arrived in between."""
        return self.act_on(request, run_id)


class RunCancelView(_RunActView):
    """Cancelling."""

    acts = {"POST": "run.cancel"}
    does = staticmethod(actions.cancel_instance)

    @extend_schema(request=shapes.ReasonIn, responses=shapes.RunRefOut)
    def post(self, request: Request, run_id: UUID) -> Response:
        """End the run and everything it waits for."""
        return self.act_on(request, run_id)


def _moment(text: str) -> datetime | None:
    found = moment(text)
    if text and found is None:
        raise BadRequest(reason="“before” is no moment, such as 2030-01-31T12:00:00Z.")
    return found


class RunAttemptsView(APIView):
    """The calls of a run that did not go well."""

    acts = {"GET": "run.view"}

    @extend_schema(responses=shapes.AttemptListOut, operation_id="run_attempts")
    def get(self, request: Request, run_id: UUID) -> Response:
        """Return the last attempts that brought no result, newest first."""
        rows = attempts.list_of_run(actor=access.acting(), run_id=run_id)
        answer = {"schema": shapes.SCHEMA, "attempts": [shapes.attempt_row(row) for row in rows]}
        return Response(answer)
