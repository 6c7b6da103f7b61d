"""JSON: the catalogue of steps, for the editor and for whoever keeps it."""

from __future__ import annotations

import json
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from designer.actions import step_templates as actions
from designer.api import serializers as shapes
from designer.queries import step_templates as queries
from designer.steps.elements import Binding
from governance import access

_TEXT = OpenApiParameter("q", str, description="Words that name, purpose or keywords hold.")


class StepTemplatesView(APIView):
    """The catalogue of the unit in play."""

    acts = {"GET": "template.view", "POST": "catalogue.keep"}

    @extend_schema(responses=shapes.StepTemplateListOut, parameters=[_TEXT])
    def get(self, request: Request) -> Response:
        """List the templates, those that may be chosen first, each with its latest version."""
        found = queries.list_templates(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            text=request.query_params.get("q", "")[:100],
        )
        return Response(shapes.step_templates(found))

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: shapes.StepTemplatesAddedOut})
    def post(self, request: Request) -> Response:
        """Add a template: the body is the JSON that is published for Camunda 8, as it is."""
        added = actions.add_templates(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            file=json.dumps(request.data, ensure_ascii=False).encode(errors="surrogatepass"),
        )
        return Response(shapes.step_templates_added(added), status=201)


class StepTemplateView(APIView):
    """One template of the catalogue."""

    acts = {"GET": "template.view"}

    @extend_schema(responses=shapes.StepTemplateOut)
    def get(self, request: Request, key: str) -> Response:
        """Return the template with its versions and the steps that use it."""
        view = queries.get_template(actor=access.acting(), unit_id=access.acting_unit(), key=key)
        return Response(shapes.step_template(view))


class StepTemplateVersionView(APIView):
    """One version of a template."""

    acts = {"GET": "template.view"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, key: str, number: int) -> Response:
        """Return the JSON of the version, as it was added."""
        found = queries.get_version(
            actor=access.acting(), unit_id=access.acting_unit(), key=key, number=number
        )
        return Response(found.content)


class StepTemplateRetireView(APIView):
    """To offer a template no more."""

    acts = {"POST": "catalogue.keep"}

    @extend_schema(request=shapes.RetireIn, responses=shapes.StepTemplateOut)
    def post(self, request: Request, key: str) -> Response:
        """Retire it, with the reason that its users read."""
        reason = read(shapes.RetireIn, request.data)["reason"]
        unit_id = access.acting_unit()
        actions.retire_template(actor=access.acting(), unit_id=unit_id, key=key, reason=reason)
        view = queries.get_template(actor=access.acting(), unit_id=unit_id, key=key)
        return Response(shapes.step_template(view))


class StepTemplateRestoreView(APIView):
    """To offer a retired template again."""

    acts = {"POST": "catalogue.keep"}

    @extend_schema(request=None, responses=shapes.StepTemplateOut)
    def post(self, request: Request, key: str) -> Response:
        """Offer it again."""
        unit_id = access.acting_unit()
        actions.restore_template(actor=access.acting(), unit_id=unit_id, key=key)
        view = queries.get_template(actor=access.acting(), unit_id=unit_id, key=key)
        return Response(shapes.step_template(view))


class StepImpactView(APIView):
    """What the latest version of a template would change in a step of a draft."""

    acts = {"POST": "draft.edit"}

    @extend_schema(request=shapes.StepImpactIn, responses=shapes.StepImpactOut)
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Return the latest version, and its effects as sentences; nothing is changed."""
        asked = read(shapes.StepImpactIn, request.data)
        said = {Binding(one["kind"], one["name"]): one["value"] for one in asked["values"]}
        template, effects = queries.impact_on_step(
            actor=access.acting(),
            draft_id=draft_id,
            key=asked["template"],
            before=asked["version"],
            said=said,
        )
        return Response(shapes.step_impact(template, effects))
