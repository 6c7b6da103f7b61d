"""What the sandbox's API takes and answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from common.serializers import StrictSerializer
from designer.models.scenarios import Scenario
from designer.queries.trials import Outcome, Tried, Typed

SCHEMA = 1
Answer = dict[str, Any]


class TypedIn(StrictSerializer):
    """What a browser sent for a form: of the start ("" as `element`), or of the last step."""

    element = serializers.CharField(max_length=255, allow_blank=True)
    values = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True))
    )


class ContentIn(StrictSerializer):
    """A scenario: where it begins and with what, what the outside answers, and what is done."""

    process = serializers.CharField(max_length=255, required=False)
    element = serializers.CharField(max_length=255, required=False, allow_blank=True)
    at = serializers.CharField(max_length=40, required=False)
    variables = serializers.DictField(required=False)
    jobs = serializers.DictField(required=False)
    steps = serializers.ListField(child=serializers.DictField(), required=False)
    expect = serializers.DictField(required=False)


class TrialIn(StrictSerializer):
    """A scenario to be played; `most_jobs` stops before the next call after so many."""

    scenario = ContentIn()
    typed = TypedIn(required=False, allow_null=True, default=None)
    most_jobs = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=2000
    )


class ScenarioIn(StrictSerializer):
    """A scenario to be kept."""

    name = serializers.CharField(max_length=200)
    scenario = ContentIn()


class FactsOut(serializers.Serializer[Any]):
    """What a trial of a draft can be given."""

    schema = serializers.IntegerField()
    process = serializers.CharField()
    starts = serializers.ListField(child=serializers.DictField())
    outside = serializers.ListField(child=serializers.DictField())
    names = serializers.DictField(child=serializers.CharField())
    now = serializers.CharField()


class TrialOut(serializers.Serializer[Any]):
    """What came of a trial, and the scenario that was played."""

    schema = serializers.IntegerField()
    scenario = serializers.DictField()
    report = serializers.DictField()


class SavedOut(serializers.Serializer[Any]):
    """A scenario that is kept."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    name = serializers.CharField()
    scenario = serializers.DictField()
    saved_by = serializers.CharField()
    saved_at = serializers.DateTimeField()


class ScenariosOut(serializers.Serializer[Any]):
    """The scenarios of a process."""

    schema = serializers.IntegerField()
    scenarios = SavedOut(many=True)


class OutcomesOut(serializers.Serializer[Any]):
    """What came of all scenarios of a process over a draft."""

    schema = serializers.IntegerField()
    passed = serializers.IntegerField()
    count = serializers.IntegerField()
    outcomes = serializers.ListField(child=serializers.DictField())


def typed_of(values: dict[str, Any] | None) -> Typed | None:
    """Return what was typed, where anything was."""
    return None if values is None else Typed(values["element"], values["values"])


def tried_answer(tried: Tried) -> Answer:
    """Write what came of a trial."""
    return {"schema": SCHEMA, "scenario": tried.scenario, "report": tried.report}


def saved_answer(one: Scenario) -> Answer:
    """Write a scenario that is kept."""
    return {
        "schema": SCHEMA,
        "id": one.pk,
        "name": one.name,
        "scenario": one.content,
        "saved_by": one.saved_by.name,
        "saved_at": one.saved_at,
    }


def outcomes_answer(outcomes: Iterable[Outcome]) -> Answer:
    """Write what came of all scenarios."""
    rows = [{"name": one.name, "passed": one.passed, "words": one.words} for one in outcomes]
    passed = sum(bool(row["passed"]) for row in rows)
    return {"schema": SCHEMA, "passed": passed, "count": len(rows), "outcomes": rows}
