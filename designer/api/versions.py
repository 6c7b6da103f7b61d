"""JSON: the models of versions and candidates, for the islands that draw them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.api import serializers as shapes
from designer.downloads import show
from designer.queries import comparisons, versions
from designer.versioning import number_of
from engine.bpmn.layout import drawn
from governance import access

_XML = {(200, "application/xml"): OpenApiTypes.BINARY}


class VersionModelView(APIView):
    """The model of a version."""

    acts = {"GET": "version.view"}

    @extend_schema(responses=_XML)
    def get(self, request: Request, version_id: UUID) -> HttpResponse:
        """Return the model to draw: byte for byte, or with a drawing where it has none."""
        version = versions.get_version(actor=access.acting(), version_id=version_id)
        return show(drawn(bytes(version.xml)), version.model_digest)


class ComparisonView(APIView):
    """Two versions of a process."""

    acts = {"GET": "version.view"}

    @extend_schema(
        responses=shapes.ComparisonOut,
        parameters=[OpenApiParameter("from", int), OpenApiParameter("to", int)],
    )
    def get(self, request: Request, key: str) -> Response:
        """Return what changed between two versions, by default the newest two."""
        comparison = comparisons.compare(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            key=key,
            before=number_of(request.query_params.get("from", "")),
            after=number_of(request.query_params.get("to", "")),
        )
        return Response(shapes.comparison_answer(comparison))


class CandidateModelView(APIView):
    """The model that a review judges."""

    acts = {"GET": "review.view"}

    @extend_schema(responses=_XML)
    def get(self, request: Request, review_id: UUID) -> HttpResponse:
        """Return the frozen model to draw: byte for byte, or with a drawing where it has none."""
        review = versions.get_candidate(actor=access.acting(), review_id=review_id)
        return show(drawn(bytes(review.xml)), review.model_digest)
