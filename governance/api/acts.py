"""JSON: who is signed in, and what is offered to them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from governance import access
from governance.api import serializers as shapes
from governance.queries.acts import list_offers
from governance.queries.me import get_me
from governance.queries.units import get_unit


class ActsView(APIView):
    """The table of who may do what."""

    acts = {"GET": "signed_in"}

    @extend_schema(responses=shapes.ActsOut)
    def get(self, request: Request) -> Response:
        """Return every act with whether it is built, and offered in the unit in play."""
        read(shapes.NothingIn, request.query_params)
        unit_id = access.acting_unit()
        offers = list_offers(actor=access.acting(), unit_id=unit_id)
        return Response(shapes.acts_answer(get_unit(unit_id), offers))


class MeView(APIView):
    """The person who is signed in."""

    acts = {"GET": "signed_in"}

    @extend_schema(responses=shapes.MeOut)
    def get(self, request: Request) -> Response:
        """Return the person, their account, their units and their roles in the unit in play."""
        read(shapes.NothingIn, request.query_params)
        me = get_me(actor=access.acting())
        return Response({"schema": shapes.SCHEMA, **me})
