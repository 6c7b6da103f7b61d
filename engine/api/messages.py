"""JSON: messages to runs."""

from __future__ import annotations

from datetime import timedelta

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http import idempotency_key
from common.serializers import read
from engine.actions import messages as actions
from engine.api import serializers as shapes
from engine.queries import deployments
from governance import access

_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="Acts once."
)


class MessagesView(APIView):
    """Publishing a message."""

    acts = {"POST": "message.publish"}

    @extend_schema(
        request=shapes.MessageIn, responses={201: shapes.RunRefOut, 202: None}, parameters=[_KEY]
    )
    def post(self, request: Request) -> Response:
        """Hand the message to the run of the process that waits longest for it.

        Where none waits, a run that begins by it is started. Else it is kept, where that is
        asked for (202).
        """
        key = idempotency_key(request._request)
        values = read(shapes.MessageIn, request.data)
        process = deployments.process_by_key(access.acting_unit(), values["process"])
        run = actions.publish_message(
            actor=access.acting(),
            process_id=process.pk,
            name=values["name"],
            correlation_key=values["correlation_key"] or None,
            variables=values["variables"],
            idempotency_key=key,
            kept_for=timedelta(seconds=values["kept_for"]),
        )
        if run is None:
            return Response(status=202)
        return Response(shapes.run_ref(run), status=201)
