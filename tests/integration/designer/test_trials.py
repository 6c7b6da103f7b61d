"""A draft in the sandbox: who may, that nothing real is touched, and what reviews say of it."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from common.problems import NotFound
from designer.actions import drafts, resources, reviews, scenarios
from designer.errors import ScenariosFail
from designer.models.drafts import Draft
from designer.models.scenarios import Scenario, ScenarioVerdict
from designer.queries import reviews as review_queries
from designer.queries import trials
from engine.connectors.registry import CONNECTORS
from governance.errors import NotAllowed
from governance.models.connections import Connection
from governance.models.processes import RiskClass
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.unit.engine.sandbox.models import FILES, MODEL, SAMPLE

pytestmark = pytest.mark.django_db
Row = dict[str, Any]

AT = "2031-05-05T08:00:00Z"
HANDED_IN = {"complete": "gate", "person": "Gita", "variables": {"mend": "Restart"}}


def a_draft(desk: Desk) -> Draft:
    """Return a draft of the small process, with its forms and its decision."""
    Connection.objects.create(
        unit=desk.office.unit, key="itsm", name="ITSM", base_url="https://itsm.example/"
    )
    draft = desk.draft()
    for name, text in FILES.items():
        now = Draft.objects.get(pk=draft.pk)
        resources.put_file(
            actor=desk.ana,
            draft_id=draft.pk,
            revision=now.revision,
            name=name,
            content=text.encode(),
        )
    now = Draft.objects.get(pk=draft.pk)
    return drafts.save_draft(
        actor=desk.ana, draft_id=draft.pk, revision=now.revision, xml=MODEL.encode()
    )


def a_scenario(**changed: Any) -> Row:
    usual: Row = {"at": AT, "variables": {"minutes": "90"}, "jobs": {"ticket": SAMPLE}}
    return {**usual, "steps": [HANDED_IN], **changed}


def client_of(desk: Desk, name: str) -> Client:
    client = Client()
    client.force_login(desk.office.people[name].accounts.get())
    return client


def post(client: Client, path: str, body: Row) -> Any:
    return client.post(path, body, content_type="application/json")


def rows_of_the_engine() -> dict[str, int]:
    """Count what is in every table of the engine, and of the audit."""
    with connection.cursor() as cursor:
        tables = list(connection.introspection.table_names(cursor))
        found = {}
        for name in tables:
            if name.startswith(("engine_", "governance_audit", "designer_")):
                cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608  (our own names)
                found[name] = cursor.fetchone()[0]
    return found


def test_a_form_and_a_decision_are_used_and_nothing_real_is_touched(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = a_draft(desk)
    client = client_of(desk, "Ana Ruiz")
    for connector in CONNECTORS.values():
        monkeypatch.setattr(type(connector), "run", lambda *_: pytest.fail("a call was made"))
    calls: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_: calls.append(args))
    before = rows_of_the_engine()

    facts = client.get(f"/api/v1/drafts/{draft.pk}/try").json()
    begun = post(
        client,
        f"/api/v1/drafts/{draft.pk}/try",
        {
            "scenario": {"at": AT, "jobs": {"ticket": SAMPLE}, "steps": []},
            "typed": {"element": "", "values": {"v.minutes": ["90"]}},
        },
    ).json()
    done = post(
        client,
        f"/api/v1/drafts/{draft.pk}/try",
        {
            "scenario": {**begun["scenario"], "steps": [{"complete": "gate", "person": "Gita"}]},
            "typed": {"element": "gate", "values": {"v.mend": ["Restart"]}},
        },
    ).json()

    assert facts["outside"][0]["sample"]["response"]["status"] == 200
    assert "Minutes down" in facts["starts"][0]["html"]
    assert begun["report"]["state"] == "waiting"
    assert begun["report"]["variables"]["urgency"] == "high"
    assert "How it is mended" in begun["report"]["tasks"][0]["html"]
    assert done["report"]["state"] == "completed"
    assert "Weigh it decides urgency: rule 2 matched." in [
        row["words"] for row in done["report"]["story"]
    ]
    assert done["scenario"]["steps"] == [
        {"complete": "gate", "person": "Gita", "variables": {"mend": "Restart"}}
    ]
    assert rows_of_the_engine() == before
    assert calls == []


def test_what_does_not_fit_a_form_is_said_on_the_form_and_not_kept(desk: Desk) -> None:
    draft = a_draft(desk)

    tried = trials.try_draft(
        actor=desk.ana,
        draft_id=draft.pk,
        scenario=a_scenario(steps=[{"complete": "gate", "person": "Gita"}]),
        typed=trials.Typed("gate", {"v.mend": [""]}),
    )

    assert tried.scenario["steps"] == []
    assert "How it is mended is needed." in tried.report["tasks"][0]["html"]
    assert "How it is mended is needed." in tried.report["refused"]["words"]


def test_only_who_may_edit_a_draft_may_try_it(desk: Desk) -> None:
    draft = a_draft(desk)
    path = f"/api/v1/drafts/{draft.pk}"
    desk.office.person("Nina Vale", Role.MODELLER)
    body = {"name": "x", "scenario": a_scenario()}
    saved = scenarios.save_scenario(
        actor=desk.ana, draft_id=draft.pk, name="Mended", content=a_scenario()
    )

    for name in ("Nina Vale", "Gita Olsen", "Ben Carter"):
        client = client_of(desk, name)
        assert client.get(f"{path}/try").status_code == 403
        assert post(client, f"{path}/try", {"scenario": {}}).status_code == 403
        assert post(client, f"{path}/scenarios", body).status_code == 403
        assert post(client, f"{path}/scenarios/run", {}).status_code == 403
        assert client.delete(f"{path}/scenarios/{saved.pk}").status_code == 403
        assert client.get(f"/drafts/{draft.pk}/try").status_code == 403
        assert client.get(f"{path}/scenarios").status_code == 200
    desk.office.grant("Nina Vale", "edit_draft", desk.process)
    assert client_of(desk, "Nina Vale").get(f"/drafts/{draft.pk}/try").status_code == 200
    with pytest.raises((NotAllowed, NotFound)):
        trials.try_draft(actor=desk.ben, draft_id=draft.pk, scenario={})


def keep_two(desk: Desk, draft: Draft) -> None:
    """Keep one scenario that goes as expected and one that does not."""
    for name, expected in (("Mended in time", "completed"), ("Nobody answers", "waiting")):
        content = a_scenario(expect={"state": expected})
        scenarios.save_scenario(actor=desk.ana, draft_id=draft.pk, name=name, content=content)


def test_scenarios_are_played_again_and_a_review_says_what_came_of_them(desk: Desk) -> None:
    draft = a_draft(desk)
    keep_two(desk, draft)
    client = client_of(desk, "Ana Ruiz")

    ran = post(client, f"/api/v1/drafts/{draft.pk}/scenarios/run", {}).json()
    review = reviews.submit_draft(actor=desk.ana, draft_id=draft.pk, note="Try")

    assert (ran["passed"], ran["count"]) == (1, 2)
    [failed] = [row for row in ran["outcomes"] if not row["passed"]]
    assert failed["words"] == ["The run has ended at the end; expected: it waits."]
    view = review_queries.get_review(actor=desk.gita, review_id=review.pk)
    [check] = [one for one in view.checks if one.name == "Scenarios"]
    assert (check.ok, check.result) == (False, "1 of 2 pass")
    assert "“Nobody answers”: The run has ended" in check.detail
    page = client_of(desk, "Gita Olsen").get(f"/reviews/{review.pk}").content.decode()
    assert "1 of 2 pass" in page


def test_at_high_risk_a_scenario_that_fails_keeps_the_draft_from_review(desk: Desk) -> None:
    draft = a_draft(desk)
    keep_two(desk, draft)
    desk.process.risk_class = RiskClass.HIGH
    desk.process.save()

    with pytest.raises(ScenariosFail):
        reviews.submit_draft(actor=desk.ana, draft_id=draft.pk)
    assert not ScenarioVerdict.objects.exists()

    doomed = Scenario.objects.get(name="Nobody answers")
    scenarios.remove_scenario(actor=desk.ana, draft_id=draft.pk, scenario_id=doomed.pk)
    review = reviews.submit_draft(actor=desk.ana, draft_id=draft.pk)
    assert [one.passed for one in review.scenario_verdicts.all()] == [True]


def test_a_scenario_of_the_same_name_is_replaced(desk: Desk) -> None:
    draft = a_draft(desk)
    for steps in ([], [HANDED_IN]):
        scenarios.save_scenario(
            actor=desk.ana, draft_id=draft.pk, name=" Mended ", content=a_scenario(steps=steps)
        )

    [saved] = Scenario.objects.all()
    assert (saved.name, saved.content["steps"]) == ("Mended", [HANDED_IN])
