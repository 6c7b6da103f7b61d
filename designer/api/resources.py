"""JSON: the decision files that travel with drafts, candidates and versions."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http import if_match
from common.serializers import read
from designer import files
from designer.actions import resources
from designer.api import serializers as shapes
from designer.downloads import show
from designer.queries import drafts as draft_queries
from designer.queries import resources as queries
from governance import access

_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The revision edited."
)
_XML = {(200, "application/xml"): OpenApiTypes.BINARY}


class DraftDecisionsView(APIView):
    """The decision files of a draft."""

    acts = {"GET": "draft.view"}

    @extend_schema(responses=shapes.DecisionFilesOut)
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Return the files with the decisions each holds."""
        draft, found = queries.list_files(actor=access.acting(), draft_id=draft_id)
        headers = {"ETag": f'"{draft.revision}"'}
        return Response(shapes.decision_files(draft, found), headers=headers)


class DraftDecisionView(APIView):
    """One decision file of a draft. To put or delete one is an edit of the draft."""

    acts = {"GET": "draft.view", "PUT": "draft.edit", "DELETE": "draft.edit"}

    @extend_schema(responses=shapes.DecisionTextOut)
    def get(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Return the file with its content."""
        found = queries.get_of_draft(actor=access.acting(), draft_id=draft_id, name=name)
        return Response(shapes.decision_text(found))

    @extend_schema(request=shapes.ModelIn, responses=shapes.DraftSavedOut, parameters=[_IF_MATCH])
    def put(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Keep a file under this name; 412 where somebody saved since."""
        revision = if_match(request._request)
        xml = read(shapes.ModelIn, request.data)["xml"]
        resources.put_decisions(
            actor=access.acting(),
            draft_id=draft_id,
            revision=revision,
            name=name,
            content=files.bytes_of(xml),
        )
        return _saved(draft_id)

    @extend_schema(request=None, responses=shapes.DraftSavedOut, parameters=[_IF_MATCH])
    def delete(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Take the file out of the draft; 412 where somebody saved since."""
        revision = if_match(request._request)
        resources.delete_decisions(
            actor=access.acting(), draft_id=draft_id, revision=revision, name=name
        )
        return _saved(draft_id)


class CandidateDecisionView(APIView):
    """One decision file of what a review judges."""

    acts = {"GET": "review.view"}

    @extend_schema(responses=_XML)
    def get(self, request: Request, review_id: UUID, name: str) -> HttpResponse:
        """Return the frozen file, byte for byte."""
        found = queries.get_of_review(actor=access.acting(), review_id=review_id, name=name)
        return show(found.content, found.digest)


class VersionDecisionView(APIView):
    """One decision file of a version."""

    acts = {"GET": "version.view"}

    @extend_schema(responses=_XML)
    def get(self, request: Request, version_id: UUID, name: str) -> HttpResponse:
        """Return the file, byte for byte."""
        found = queries.get_of_version(actor=access.acting(), version_id=version_id, name=name)
        return show(found.content, found.digest)


def _saved(draft_id: UUID) -> Response:
    view = draft_queries.get_draft(actor=access.acting(), draft_id=draft_id)
    return Response(shapes.draft_saved(view), headers={"ETag": f'"{view.draft.revision}"'})
