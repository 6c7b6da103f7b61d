"""JSON: runs held after a restore."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from engine.actions import holds as actions
from engine.api import serializers as shapes
from engine.queries import holds as queries
from governance import access


class HoldsView(APIView):
    """What is held in the unit in play."""

    acts = {"GET": "incident.view"}

    @extend_schema(responses=shapes.HoldListOut, operation_id="holds_list")
    def get(self, request: Request) -> Response:
        """Return the runs that a restored backup has taken back, and those that are gone."""
        held = queries.list_held(actor=access.acting(), unit_id=access.acting_unit())
        rows = [shapes.hold_row(one) for one in held]
        return Response({"schema": shapes.SCHEMA, "holds": rows})


class RunReleaseView(APIView):
    """Letting go on."""

    acts = {"POST": "run.release"}

    @extend_schema(request=shapes.ReasonIn, responses=shapes.RunRefOut)
    def post(self, request: Request, run_id: UUID) -> Response:
        """Release a run that somebody has compared with the target systems; say what was found."""
        values = read(shapes.ReasonIn, request.data)
        run = actions.release_run(
            actor=access.acting(), instance_id=run_id, reason=values["reason"]
        )
        return Response(shapes.run_ref(run))
