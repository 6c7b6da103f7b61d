"""JSON: expressions tried while they are written."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from common.serializers import StrictSerializer, read
from designer.queries import expressions
from governance import access

MOST_TEXT = 10_000
MOST_SAMPLE = 64 * 1024


class TrialIn(StrictSerializer):
    """An expression without the mark before it, and the variables it is tried with."""

    text = serializers.CharField(trim_whitespace=False, allow_blank=True, max_length=MOST_TEXT)
    sample = serializers.DictField(required=False, default=dict)

    def validate_sample(self, sample: dict[str, Any]) -> dict[str, Any]:
        """Refuse more than somebody writes by hand."""
        if len(json.dumps(sample)) > MOST_SAMPLE:
            raise serializers.ValidationError(_("The sample is larger than 64 KiB."))
        return sample


class MistakeOut(serializers.Serializer[Any]):
    """What is wrong with an expression, and where."""

    sentence = serializers.CharField()
    line = serializers.IntegerField()
    column = serializers.IntegerField()


class TrialOut(serializers.Serializer[Any]):
    """What an expression came to."""

    mistake = MistakeOut(allow_null=True)
    value = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    unknown = serializers.ListField(child=serializers.CharField())
    doubts = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())


class Trials(SimpleRateThrottle):
    """So many trials a person may ask for: more than anybody types, fewer than a script would."""

    rate = "180/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Count by person, in this process alone: a limit against a loop, no quota."""
        return f"trials:{access.acting().person}"


class DraftExpressionsView(APIView):
    """Expressions of a draft, while somebody writes them."""

    acts = {"POST": "draft.edit"}
    throttle_classes = [Trials]

    @extend_schema(request=TrialIn, responses=TrialOut)
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Return what an expression comes to with sample values, or what is wrong with it."""
        values = read(TrialIn, request.data)
        trial = expressions.try_expression(
            actor=access.acting(), draft_id=draft_id, text=values["text"], sample=values["sample"]
        )
        return Response(asdict(trial))
