"""JSON: the audit of the unit in play."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from governance import access
from governance.actions import reading
from governance.api import serializers as shapes


class AuditView(APIView):
    """The audit, page by page."""

    acts = {"GET": "audit.read"}

    @extend_schema(parameters=[shapes.AuditIn], responses=shapes.AuditOut)
    def get(self, request: Request) -> Response:
        """Return a page, newest first. The reading is recorded."""
        given = read(shapes.AuditIn, request.query_params)
        page = reading.read_audit(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            wanted=shapes.filter_of(given),
            before=given.get("before"),
            after=given.get("after"),
        )
        return Response(shapes.audit_answer(page))


class AuditEntryView(APIView):
    """One entry."""

    acts = {"GET": "audit.read"}

    @extend_schema(responses=shapes.ProofOut)
    def get(self, request: Request, entry_id: UUID) -> Response:
        """Return one entry with the digests that prove it. The reading is recorded."""
        read(shapes.NothingIn, request.query_params)
        proof = reading.read_entry(
            actor=access.acting(), unit_id=access.acting_unit(), entry_id=entry_id
        )
        return Response(shapes.proof_answer(proof))
