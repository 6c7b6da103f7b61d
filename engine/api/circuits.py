"""JSON: circuits of the systems that runs call."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from engine.actions import circuits as actions
from engine.api import serializers as shapes
from engine.queries import circuits as queries
from governance import access


class CircuitsView(APIView):
    """The systems that failed runs of the unit in play."""

    acts = {"GET": "circuit.view"}

    @extend_schema(responses=shapes.CircuitListOut, operation_id="circuits_list")
    def get(self, request: Request) -> Response:
        """Return the circuits, open ones first."""
        found = queries.list_circuits(actor=access.acting(), unit_id=access.acting_unit())
        rows = [{**shapes.circuit_row(one.circuit), "waiting": one.waiting} for one in found]
        return Response({"schema": shapes.SCHEMA, "circuits": rows})


class CircuitResetView(APIView):
    """Calling a system again before its time."""

    acts = {"POST": "circuit.reset"}

    @extend_schema(request=shapes.ReasonIn, responses=shapes.CircuitOut)
    def post(self, request: Request, circuit_id: UUID) -> Response:
        """Close the circuit; what waited for it goes on within seconds."""
        values = read(shapes.ReasonIn, request.data)
        circuit = actions.reset_circuit(
            actor=access.acting(), circuit_id=circuit_id, reason=values["reason"].strip()
        )
        return Response(shapes.circuit_row(circuit))
