"""JSON: the decision files and forms that travel with drafts, candidates and versions."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.http import if_match
from common.problems import NotFound
from common.serializers import read
from designer import files
from designer.actions import resources
from designer.api import serializers as shapes
from designer.downloads import show
from designer.queries import decision_files, form_previews
from designer.queries import drafts as draft_queries
from designer.queries import resources as queries
from engine.companions import DECISIONS, FORMS
from governance import access

_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The revision edited."
)
_XML = {(200, "application/xml"): OpenApiTypes.BINARY}
_JSON = {(200, "application/json"): OpenApiTypes.BINARY}


class _Files(APIView):
    """Files of one kind, which the ending of their names tells."""

    ending: ClassVar[str]

    def named(self, name: str) -> str:
        """Return the name of a file, where it is one of this kind.

        Raises:
            NotFound: it is of another kind, which has an address of its own.
        """
        if not name.endswith(self.ending):
            raise NotFound
        return name


class DraftDecisionsView(_Files):
    """The decision files of a draft."""

    acts = {"GET": "draft.view"}
    ending = DECISIONS

    @extend_schema(responses=shapes.DecisionFilesOut)
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Return the files with the decisions each holds."""
        draft, found = queries.list_files(
            actor=access.acting(), draft_id=draft_id, ending=self.ending
        )
        headers = {"ETag": f'"{draft.revision}"'}
        return Response(shapes.files_answer(draft, found), headers=headers)


class DraftFormsView(DraftDecisionsView):
    """The forms of a draft."""

    ending = FORMS

    @extend_schema(responses=shapes.FormFilesOut)
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Return the forms with the id that tasks ask for each by."""
        return super().get(request, draft_id)


class DraftDecisionView(_Files):
    """One decision file of a draft. To put, rename or delete one is an edit of the draft."""

    acts = {"GET": "draft.view", "PUT": "draft.edit", "DELETE": "draft.edit"}
    ending = DECISIONS

    @extend_schema(responses=shapes.DecisionTextOut)
    def get(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Return the file with its content."""
        draft, found = queries.get_of_draft(
            actor=access.acting(), draft_id=draft_id, name=self.named(name)
        )
        return Response(shapes.file_text(draft, found), headers={"ETag": f'"{draft.revision}"'})

    @extend_schema(request=shapes.ModelIn, responses=shapes.DraftSavedOut, parameters=[_IF_MATCH])
    def put(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Keep a file under this name; 412 where somebody saved since."""
        revision = if_match(request._request)
        resources.put_file(
            actor=access.acting(),
            draft_id=draft_id,
            revision=revision,
            name=files.of_kind(name, self.ending),
            content=self.content(request),
        )
        return _saved(draft_id)

    def content(self, request: Request) -> bytes:
        """Return the bytes of the file in a body."""
        return files.bytes_of(read(shapes.ModelIn, request.data)["xml"])

    @extend_schema(request=None, responses=shapes.DraftSavedOut, parameters=[_IF_MATCH])
    def delete(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Take the file out of the draft; 412 where somebody saved since."""
        revision = if_match(request._request)
        resources.delete_file(
            actor=access.acting(), draft_id=draft_id, revision=revision, name=self.named(name)
        )
        return _saved(draft_id)


class FormPreviewView(APIView):
    """A form as people will see it, while somebody builds it."""

    acts = {"POST": "draft.edit"}

    @extend_schema(request=shapes.PreviewIn, responses=shapes.PreviewOut)
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Return the form as the server draws and judges it; nothing is kept."""
        asked = read(shapes.PreviewIn, request.data)
        found = form_previews.preview(
            actor=access.acting(),
            draft_id=draft_id,
            text=asked["json"],
            known=asked["sample"],
            typed=asked["typed"],
            judges=asked["judges"],
        )
        return Response(shapes.preview_answer(found))


class FormDrawnView(APIView):
    """A form of a draft as people will see it."""

    acts = {"GET": "draft.view"}

    @extend_schema(responses=shapes.PreviewOut)
    def get(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Return the form as the server draws it."""
        found = form_previews.drawn(actor=access.acting(), draft_id=draft_id, name=name)
        return Response(shapes.preview_answer(found))


class DecisionAnalysisView(APIView):
    """What there is to say about a decision file of a draft."""

    acts = {"GET": "draft.view"}

    @extend_schema(responses=shapes.AnalysisOut)
    def get(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Return problems, what was found in its tables, and what its decisions ask for."""
        found = decision_files.get_analysis(actor=access.acting(), draft_id=draft_id, name=name)
        return Response(shapes.analysis_answer(found))


class DecisionTryView(APIView):
    """A decision of a draft, tried by whoever may edit it."""

    acts = {"POST": "draft.edit"}

    @extend_schema(request=shapes.TryIn, responses=shapes.TriedOut)
    def post(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Return what a decision gives for some inputs; nothing is kept."""
        asked = read(shapes.TryIn, request.data)
        answer = decision_files.try_decision(
            actor=access.acting(), draft_id=draft_id, name=name, **asked
        )
        return Response(shapes.tried_answer(answer))


class DraftFormView(DraftDecisionView):
    """One form of a draft. To put, rename or delete one is an edit of the draft."""

    ending = FORMS

    @extend_schema(responses=shapes.FormTextOut)
    def get(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Return the form with its JSON."""
        return super().get(request, draft_id, name)

    @extend_schema(request=shapes.FormIn, responses=shapes.DraftSavedOut, parameters=[_IF_MATCH])
    def put(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Keep a form under this name; 412 where somebody saved since."""
        return super().put(request, draft_id, name)

    def content(self, request: Request) -> bytes:
        """Return the bytes of the form in a body."""
        return files.bytes_of(read(shapes.FormIn, request.data)["json"])


class DraftFileNameView(_Files):
    """The name of a file of a draft."""

    acts = {"POST": "draft.edit"}
    ending = ""

    @extend_schema(request=shapes.RenameIn, responses=shapes.DraftSavedOut, parameters=[_IF_MATCH])
    def post(self, request: Request, draft_id: UUID, name: str) -> Response:
        """Give the file another name; 412 where somebody saved since."""
        revision = if_match(request._request)
        to = read(shapes.RenameIn, request.data)["to"]
        resources.rename_file(
            actor=access.acting(),
            draft_id=draft_id,
            revision=revision,
            name=self.named(name),
            to=to,
        )
        return _saved(draft_id)


class CandidateDecisionView(_Files):
    """One decision file of what a review judges."""

    acts = {"GET": "review.view"}
    ending = DECISIONS

    @extend_schema(responses=_XML)
    def get(self, request: Request, review_id: UUID, name: str) -> HttpResponse:
        """Return the frozen file, byte for byte."""
        actor = access.acting()
        found = queries.get_of_review(actor=actor, review_id=review_id, name=self.named(name))
        return show(found.content, found.digest, found.media_type)


class CandidateFormView(CandidateDecisionView):
    """One form of what a review judges."""

    ending = FORMS

    @extend_schema(responses=_JSON)
    def get(self, request: Request, review_id: UUID, name: str) -> HttpResponse:
        """Return the frozen form, byte for byte."""
        return super().get(request, review_id, name)


class VersionDecisionView(_Files):
    """One decision file of a version."""

    acts = {"GET": "version.view"}
    ending = DECISIONS

    @extend_schema(responses=_XML)
    def get(self, request: Request, version_id: UUID, name: str) -> HttpResponse:
        """Return the file, byte for byte."""
        actor = access.acting()
        found = queries.get_of_version(actor=actor, version_id=version_id, name=self.named(name))
        return show(found.content, found.digest, found.media_type)


class VersionFormView(VersionDecisionView):
    """One form of a version."""

    ending = FORMS

    @extend_schema(responses=_JSON)
    def get(self, request: Request, version_id: UUID, name: str) -> HttpResponse:
        """Return the form, byte for byte."""
        return super().get(request, version_id, name)


def _saved(draft_id: UUID) -> Response:
    view = draft_queries.get_draft(actor=access.acting(), draft_id=draft_id)
    return Response(shapes.draft_saved(view), headers={"ETag": f'"{view.draft.revision}"'})
