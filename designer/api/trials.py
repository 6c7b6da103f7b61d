"""JSON: drafts in the sandbox, and the scenarios of their processes."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from designer.actions import scenarios as actions
from designer.api import trial_shapes as shapes
from designer.queries import scenarios as queries
from designer.queries import trials
from governance import access


class DraftTrialView(APIView):
    """A draft in the sandbox. Nothing is kept, and nothing leaves."""

    acts = {"GET": "draft.try", "POST": "draft.try"}

    @extend_schema(responses=shapes.FactsOut)
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Return what a trial can be given: starts with their forms, and samples for the steps."""
        found = trials.get_facts(actor=access.acting(), draft_id=draft_id)
        return Response({"schema": shapes.SCHEMA, **found})

    @extend_schema(request=shapes.TrialIn, responses=shapes.TrialOut)
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Play a scenario over the draft as it is saved, and return all there is to see."""
        asked = read(shapes.TrialIn, request.data)
        tried = trials.try_draft(
            actor=access.acting(),
            draft_id=draft_id,
            scenario=asked["scenario"],
            typed=shapes.typed_of(asked["typed"]),
            most_jobs=asked["most_jobs"],
        )
        return Response(shapes.tried_answer(tried))


class DraftScenariosView(APIView):
    """The scenarios of the process of a draft."""

    acts = {"GET": "draft.view", "POST": "draft.try"}

    @extend_schema(responses=shapes.ScenariosOut)
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Return them by name."""
        return _list(draft_id)

    @extend_schema(request=shapes.ScenarioIn, responses={201: shapes.SavedOut})
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Keep one; one of that name is replaced."""
        values = read(shapes.ScenarioIn, request.data)
        saved = actions.save_scenario(
            actor=access.acting(),
            draft_id=draft_id,
            name=values["name"],
            content=values["scenario"],
        )
        return Response(shapes.saved_answer(saved), status=201)


class DraftScenarioView(APIView):
    """One scenario of the process of a draft."""

    acts = {"DELETE": "draft.try"}

    @extend_schema(responses=shapes.ScenariosOut)
    def delete(self, request: Request, draft_id: UUID, scenario_id: UUID) -> Response:
        """Let it go, and return those that stay."""
        actions.remove_scenario(actor=access.acting(), draft_id=draft_id, scenario_id=scenario_id)
        return _list(draft_id)


class DraftScenarioRunsView(APIView):
    """All scenarios of the process over a draft."""

    acts = {"POST": "draft.try"}

    @extend_schema(request=None, responses=shapes.OutcomesOut)
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Play them all, and return which of them go as expected."""
        found = queries.run_all(actor=access.acting(), draft_id=draft_id)
        return Response(shapes.outcomes_answer(found))


def _list(draft_id: UUID) -> Response:
    found = queries.list_scenarios(actor=access.acting(), draft_id=draft_id)
    rows = [shapes.saved_answer(one) for one in found]
    return Response({"schema": shapes.SCHEMA, "scenarios": rows})
