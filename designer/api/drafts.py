"""JSON: drafts, as the editor reads and saves them."""

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
from designer.actions import drafts, reviews, states
from designer.api import serializers as shapes
from designer.downloads import download, picture_file
from designer.queries import complexity
from designer.queries import drafts as queries
from engine.bpmn import picture
from governance import access

_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The revision edited."
)


_PROBLEMS = OpenApiParameter(
    "problems",
    str,
    OpenApiParameter.QUERY,
    enum=["later"],
    description="Leave them out: of a large model they take longer to find than all the rest.",
)


class DraftView(APIView):
    """One draft."""

    acts = {"GET": "draft.view", "PUT": "draft.edit"}

    @extend_schema(responses=shapes.DraftOut, parameters=[_PROBLEMS])
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Return the draft with its problems, or without them where they are asked for later."""
        view = queries.get_draft(actor=access.acting(), draft_id=draft_id)
        answer = shapes.draft_answer(view, judged=request.GET.get("problems") != "later")
        return Response(answer, headers={"ETag": f'"{view.draft.revision}"'})

    @extend_schema(request=shapes.ModelIn, responses=shapes.DraftSavedOut, parameters=[_IF_MATCH])
    def put(self, request: Request, draft_id: UUID) -> Response:
        """Save an edit of the revision in If-Match; 412 where somebody saved since."""
        revision = if_match(request._request)
        body = read(shapes.ModelIn, request.data)
        actor, xml = access.acting(), files.bytes_of(body["xml"])
        lost: tuple[str, ...] = ()
        if body["drawn"]:
            lost = drafts.save_drawing(actor=actor, draft_id=draft_id, revision=revision, xml=xml)
        else:
            drafts.save_draft(actor=actor, draft_id=draft_id, revision=revision, xml=xml)
        view = queries.get_draft(actor=actor, draft_id=draft_id)
        answer = shapes.draft_saved(view, lost)
        return Response(answer, headers={"ETag": f'"{view.draft.revision}"'})


class DraftMergeView(APIView):
    """What two editors of one draft did, as one."""

    acts = {"POST": "draft.edit"}

    @extend_schema(request=shapes.MergeIn, responses=shapes.MergeOut)
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Return an edit and the draft as one model, and where they meet; saves nothing of it."""
        body = read(shapes.MergeIn, request.data)
        meeting = states.merge_edit(
            actor=access.acting(),
            draft_id=draft_id,
            began=body["revision"],
            xml=files.bytes_of(body["xml"]),
            choices=body["choices"],
        )
        return Response(shapes.merge_answer(meeting))


class DraftModelView(APIView):
    """The file of a draft."""

    acts = {"GET": "model.download"}

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, draft_id: UUID) -> HttpResponse:
        """Return the file as it was uploaded or saved, byte for byte."""
        return download(*queries.get_file(actor=access.acting(), draft_id=draft_id))


class DraftPictureView(APIView):
    """The drawing of a draft."""

    acts = {"GET": "draft.view"}

    @extend_schema(responses={(200, "image/svg+xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, draft_id: UUID) -> HttpResponse:
        """Return the drawing as it was saved, as SVG."""
        draft = queries.get_draft(actor=access.acting(), draft_id=draft_id).draft
        drawing = picture.svg(bytes(draft.xml))
        return picture_file(draft.process.key, f"draft-{draft.revision}", drawing)


class DraftComplexityView(APIView):
    """How hard the drawing of a draft is to read."""

    acts = {"GET": "draft.view"}

    @extend_schema(responses=shapes.ComplexityOut)
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Return the measures of each level, those of bpmn-python beside them where it is there."""
        view = complexity.of_draft(actor=access.acting(), draft_id=draft_id)
        return Response(shapes.complexity_answer(view))


class DraftSubmitView(APIView):
    """A draft's way to its board."""

    acts = {"POST": "review.submit"}

    @extend_schema(request=shapes.SubmitIn, responses={201: shapes.ReviewRefOut})
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Freeze the draft and ask the board to judge it."""
        values = read(shapes.SubmitIn, request.data)
        review = reviews.submit_draft(actor=access.acting(), draft_id=draft_id, note=values["note"])
        return Response(shapes.review_ref(review), status=201)
