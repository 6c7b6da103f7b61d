"""JSON: the rules of drawing of the unit in play."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from designer.actions import rules
from designer.api import serializers as shapes
from designer.queries import rule_effects
from governance import access


class RulesView(APIView):
    """All rules."""

    acts = {"GET": "rule.keep"}

    @extend_schema(responses=shapes.RulesOut)
    def get(self, request: Request) -> Response:
        """Tell every rule, what is set for it, and in which drafts it finds something."""
        found, _ = rule_effects.list_rules(actor=access.acting(), unit_id=access.acting_unit())
        return Response(shapes.rules_answer(found))


class RuleView(APIView):
    """One rule."""

    acts = {"PUT": "rule.keep"}

    @extend_schema(request=shapes.RuleIn, responses=shapes.RuleOut)
    def put(self, request: Request, code: str) -> Response:
        """Set the rule for the unit, for a risk class or for a tag."""
        wanted = rules.Wanted(**read(shapes.RuleIn, request.data))
        actor, unit_id = access.acting(), access.acting_unit()
        rules.set_rule(actor=actor, unit_id=unit_id, code=code, wanted=wanted)
        view = rule_effects.get_rule(actor=actor, unit_id=unit_id, code=code)
        return Response(shapes.rule_answer(view))


class RuleSettingView(APIView):
    """One setting of a rule."""

    acts = {"DELETE": "rule.keep"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, setting_id: UUID) -> Response:
        """Forget the setting: what is wider holds again."""
        rules.give_rule_back(
            actor=access.acting(), unit_id=access.acting_unit(), setting_id=setting_id
        )
        return Response(status=204)
