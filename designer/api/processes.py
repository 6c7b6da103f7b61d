"""JSON: the register."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from designer import files
from designer.actions import drafts
from designer.api import serializers as shapes
from designer.queries import processes
from governance import access


class ProcessesView(APIView):
    """The register of the unit in play."""

    acts = {"GET": "process.view", "POST": "process.register"}

    @extend_schema(responses=shapes.ProcessListOut, operation_id="processes_list")
    def get(self, request: Request) -> Response:
        """List the processes, by name."""
        found = processes.list_processes(actor=access.acting(), unit_id=access.acting_unit())
        rows = [shapes.process_answer(row.process, row.live) for row in found.rows]
        return Response({"schema": shapes.SCHEMA, "processes": rows})

    @extend_schema(request=shapes.EntryIn, responses={201: shapes.DraftCreatedOut})
    def post(self, request: Request) -> Response:
        """Register a process, with a blank draft."""
        entry = shapes.entry_of(read(shapes.EntryIn, request.data))
        draft = drafts.register_with_draft(
            actor=access.acting(), unit_id=access.acting_unit(), entry=entry
        )
        return Response(shapes.draft_created(draft), status=201)


class ProcessImportView(APIView):
    """A process that comes as a file."""

    acts = {"POST": "model.import"}
    parser_classes = [MultiPartParser]

    @extend_schema(request=shapes.ImportIn, responses={201: shapes.DraftCreatedOut})
    def post(self, request: Request) -> Response:
        """Register a process with the uploaded file as its draft, byte for byte."""
        values = read(shapes.ImportIn, request.data)
        draft = drafts.register_with_draft(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            entry=shapes.entry_of(values),
            file=files.content_of(values["file"]),
        )
        return Response(shapes.draft_created(draft), status=201)


class ProcessView(APIView):
    """One entry of the register."""

    acts = {"GET": "process.view"}

    @extend_schema(responses=shapes.ProcessOut)
    def get(self, request: Request, key: str) -> Response:
        """Return the entry."""
        view = processes.get_process(actor=access.acting(), unit_id=access.acting_unit(), key=key)
        live = view.live.number if view.live else None
        return Response(shapes.process_answer(view.process, live))


class ProcessDraftsView(APIView):
    """The drafts of a process."""

    acts = {"POST": "draft.create"}

    @extend_schema(request=shapes.DraftIn, responses={201: shapes.DraftCreatedOut})
    def post(self, request: Request, key: str) -> Response:
        """Start a draft: from a version, or blank."""
        values = read(shapes.DraftIn, request.data)
        draft = drafts.create_draft(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            key=key,
            version_id=values.get("version"),
        )
        return Response(shapes.draft_created(draft), status=201)
