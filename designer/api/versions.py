"""JSON: the models of versions and candidates, for the islands that draw them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from designer.downloads import show
from designer.queries import versions
from governance import access

_XML = {(200, "application/xml"): OpenApiTypes.BINARY}


class VersionModelView(APIView):
    """The model of a version."""

    acts = {"GET": "version.view"}

    @extend_schema(responses=_XML)
    def get(self, request: Request, version_id: UUID) -> HttpResponse:
        """Return the model, byte for byte."""
        version = versions.get_version(actor=access.acting(), version_id=version_id)
        return show(bytes(version.xml), version.model_digest)


class CandidateModelView(APIView):
    """The model that a review judges."""

    acts = {"GET": "review.view"}

    @extend_schema(responses=_XML)
    def get(self, request: Request, review_id: UUID) -> HttpResponse:
        """Return the frozen model, byte for byte."""
        review = versions.get_candidate(actor=access.acting(), review_id=review_id)
        return show(bytes(review.xml), review.model_digest)
