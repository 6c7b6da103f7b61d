"""JSON: how much of the installation the unit in play may use."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from governance import access
from governance.actions.limits import set_limits
from governance.api import serializers as shapes
from governance.queries.limits import get_limits


class LimitsView(APIView):
    """The limits of the unit in play."""

    acts = {"GET": "access.view", "PATCH": "quota.set"}

    @extend_schema(responses=shapes.LimitsOut)
    def get(self, request: Request) -> Response:
        """Tell the limits; null is the installation's own."""
        read(shapes.NothingIn, request.query_params)
        unit_id = access.acting_unit()
        access.require_in_unit("access.view", actor=access.acting(), unit_id=unit_id)
        return Response(shapes.limits_answer(get_limits(unit_id)))

    @extend_schema(request=shapes.LimitsIn, responses=shapes.LimitsOut)
    def patch(self, request: Request) -> Response:
        """Set the limits that are named; null gives one back to the installation."""
        wanted = read(shapes.LimitsIn, request.data)
        unit_id = access.acting_unit()
        found = set_limits(actor=access.acting(), unit_id=unit_id, wanted=wanted)
        return Response(shapes.limits_answer(found))
