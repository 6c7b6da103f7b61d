"""JSON: incidents."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from engine.actions import incidents as actions
from engine.api import serializers as shapes
from engine.queries import incidents as queries
from governance import access


class IncidentsView(APIView):
    """The open incidents of the unit in play."""

    acts = {"GET": "incident.view"}

    @extend_schema(responses=shapes.IncidentListOut, operation_id="incidents_list")
    def get(self, request: Request) -> Response:
        """Return the open incidents, those of the widest cause first."""
        causes = queries.list_causes(actor=access.acting(), unit_id=access.acting_unit())
        rows = [shapes.incident_row(one) for cause in causes for one in cause.incidents]
        return Response({"schema": shapes.SCHEMA, "incidents": rows})


class IncidentRetryView(APIView):
    """Trying again."""

    acts = {"POST": "incident.retry"}

    @extend_schema(request=shapes.ReasonIn, responses=shapes.IncidentOut)
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Give the step a new set of attempts, under the same key."""
        values = read(shapes.ReasonIn, request.data)
        incident = actions.retry_incident(
            actor=access.acting(), incident_id=incident_id, reason=values["reason"].strip()
        )
        return Response(shapes.incident_row(incident))
