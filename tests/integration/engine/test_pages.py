"""Pages of the engine: start, list, watch, decide, retry. What may be done is offered, no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from common import tenancy
from common.context import Actor
from engine.actions import deployments
from engine.models.instances import Instance, Variable
from engine.models.user_tasks import UserTask
from governance.models.people import Account
from governance.models.processes import Process
from governance.models.units import Role
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

MODEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:interlock="urn:interlock:bpmn:1" targetNamespace="t">
  <process id="change" name="Change" isExecutable="true">
    <extensionElements>
      <zeebe:userTaskForm id="ask">{"type": "default", "components": [
        {"type": "textfield", "key": "service", "label": "Service", "validate": {"required": true}},
        {"type": "number", "key": "minutes", "label": "Minutes"}]}</zeebe:userTaskForm>
      <zeebe:userTaskForm id="decide">{"type": "default", "components": [
        {"type": "textfield", "key": "service", "label": "Service", "readonly": true},
        {"type": "textfield", "key": "note", "label": "Note"}]}</zeebe:userTaskForm>
    </extensionElements>
    <startEvent id="start" name="Asked">
      <extensionElements>
        <zeebe:formDefinition formKey="camunda-forms:bpmn:ask"/>
      </extensionElements>
      <outgoing>f1</outgoing>
    </startEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="gate"/>
    <userTask id="gate" name="Approve change">
      <extensionElements>
        <interlock:gate quorum="1"/>
        <zeebe:assignmentDefinition candidateGroups="cab"/>
        <zeebe:formDefinition formKey="camunda-forms:bpmn:decide"/>
      </extensionElements>
      <incoming>f1</incoming><outgoing>f2</outgoing>
    </userTask>
    <sequenceFlow id="f2" sourceRef="gate" targetRef="end"/>
    <endEvent id="end" name="Closed"><incoming>f2</incoming></endEvent>
  </process>
</definitions>"""


@dataclass
class Scene:
    """An office with a deployed process, and people to press its buttons."""

    office: Office
    process: Process
    ana: Actor

    def browser(self, name: str) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(person=self.office.people[name]),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    def started(self) -> Instance:
        answer = self.browser("Ben").post(
            "/runs/start/production-change",
            {
                "title": "Upgrade core-db-03",
                "v.service": "ledger",
                "v.minutes": "6",
                "idempotency_key": "k1",
            },
        )
        assert answer.status_code == 302, answer.content.decode()
        return Instance.objects.get()


@pytest.fixture
def scene() -> Iterator[Scene]:
    with an_office().open() as office:
        ana = office.person("Ana", Role.MODELLER, Role.REVIEWER)
        board = office.board("cab", members=("Gita", "Marek", "Ana"))
        process = office.process(board=board)
        office.person("Ben", Role.OPERATOR)
        for right in ("start_run", "operate_run"):
            office.grant("Ben", right, process)
        deployments.deploy(
            actor=ana, process=process, number=1, digest="d" * 64, xml=MODEL, authors=[ana.person]
        )
        yield Scene(office, process, ana)


def test_a_start_form_says_beside_the_field_what_is_missing(scene: Scene) -> None:
    answer = scene.browser("Ben").post(
        "/runs/start/production-change", {"title": "Keep me", "v.minutes": "many"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Service is needed." in page
    assert "Minutes must be a number" in page
    assert 'value="Keep me"' in page


def test_a_double_click_starts_one_run(scene: Scene) -> None:
    scene.started()
    scene.started()

    assert Instance.objects.count() == 1


def test_the_run_page_shows_where_it_stands_and_what_the_operator_may_do(scene: Scene) -> None:
    run = scene.started()
    page = scene.browser("Ben").get(f"/runs/{run.pk}").content.decode()

    assert "Upgrade core-db-03" in page
    assert "Approve change" in page
    assert 'data-dialog="dialog-pause"' in page

    watched = scene.browser("Gita").get(f"/runs/{run.pk}").content.decode()
    assert 'data-dialog="dialog-pause"' not in watched


def test_an_approver_finds_the_gate_in_my_work_and_decides(scene: Scene) -> None:
    run = scene.started()
    task = UserTask.objects.get()
    gita = scene.browser("Gita")

    assert "Approve change: Upgrade core-db-03" in gita.get("/work").content.decode()
    panel = gita.get(f"/work?task={task.pk}").content.decode()
    assert "ledger" in panel

    answer = gita.post(f"/work/{task.pk}", {"decision": "approve", "reason": "Fine"})
    assert answer.status_code == 302
    run.refresh_from_db()
    assert run.state == "COMPLETED"


def guest(scene: Scene, name: str = "Gwen") -> Client:
    """Return the browser of somebody from another unit who is asked onto the board."""
    retail = an_office("retail")
    with tenancy.units_in_scope([retail.unit.pk]):
        retail.person(name, Role.REVIEWER)
    scene.office.people[name] = retail.people[name]
    scene.process.board.members.create(unit=scene.office.unit, person=retail.people[name])
    return scene.browser(name)


def test_a_guest_sees_what_the_form_declares_and_nothing_else_of_the_run(scene: Scene) -> None:
    run = scene.started()
    Variable.objects.filter(instance=run, name="minutes").update(value='"CANARY-7"')
    task = UserTask.objects.get()
    gwen = guest(scene)

    panel = gwen.get(f"/work?task={task.pk}").content.decode()
    told = gwen.get(f"/api/v1/user-tasks/{task.pk}").json()

    assert "<dd>ledger</dd>" in panel
    assert {row["key"]: row["value"] for row in told["fields"]} == {
        "service": "ledger",
        "note": None,
    }
    assert "CANARY-7" not in panel + json.dumps(told)
    for address in (f"/runs/{run.pk}", f"/api/v1/runs/{run.pk}", f"/api/v1/runs/{run.pk}/model"):
        assert gwen.get(address).status_code == 404
    assert "CANARY-7" in scene.browser("Gita").get(f"/runs/{run.pk}").content.decode()


@pytest.mark.parametrize("form", ["", '{"components": []}'], ids=["no form", "an empty form"])
def test_a_form_that_declares_nothing_shows_nothing(scene: Scene, form: str) -> None:
    declared = b'<zeebe:formDefinition formKey="camunda-forms:bpmn:decide"/>'
    bare = MODEL.replace(declared, b"") if not form else _with_form(form)
    deployments.deploy(
        actor=scene.ana, process=scene.process, number=2, digest="e" * 64, xml=bare, authors=[]
    )
    scene.started()
    task = UserTask.objects.get()

    panel = scene.browser("Gita").get(f"/work?task={task.pk}").content.decode()

    assert "Approve change" in panel
    assert "ledger" not in panel


def _with_form(form: str) -> bytes:
    head, _, rest = MODEL.decode().partition('<zeebe:userTaskForm id="decide">')
    return f'{head}<zeebe:userTaskForm id="decide">{form}{rest[rest.index("</zeebe:") :]}'.encode()


@pytest.mark.parametrize("name", ["Ana", "Ben"])
def test_neither_author_nor_starter_is_offered_the_decision_or_may_post_it(
    scene: Scene, name: str
) -> None:
    if name == "Ben":
        scene.office.team("other", "Ben")
        board = scene.process.board
        board.members.create(unit=scene.office.unit, person=scene.office.people["Ben"])
    scene.started()
    task = UserTask.objects.get()
    client = scene.browser(name)

    assert "Approve change: Upgrade" not in client.get("/work").content.decode()
    panel = client.get(f"/work?task={task.pk}").content.decode()
    assert "You cannot decide this" in panel
    assert 'value="approve"' not in panel
    assert client.post(f"/work/{task.pk}", {"decision": "approve"}).status_code == 403


def test_a_rejection_without_a_reason_keeps_what_was_typed(scene: Scene) -> None:
    scene.started()
    task = UserTask.objects.get()

    answer = scene.browser("Gita").post(f"/work/{task.pk}", {"decision": "reject", "reason": " "})

    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()


def test_a_run_is_paused_resumed_and_cancelled_with_reasons(scene: Scene) -> None:
    run = scene.started()
    ben = scene.browser("Ben")
    for act, state in (("pause", "PAUSED"), ("resume", "WAITING"), ("cancel", "CANCELLED")):
        assert ben.post(f"/runs/{run.pk}/{act}", {"reason": "window closed"}).status_code == 302
        run.refresh_from_db()
        assert run.state == state


def test_lists_and_operations_answer_with_true_counts(scene: Scene) -> None:
    scene.started()
    ben = scene.browser("Ben")

    assert "1 run" in ben.get("/runs").content.decode()
    assert "Upgrade core-db-03" in ben.get("/runs?state=waiting&q=core-db").content.decode()
    assert "No run matches" in ben.get("/runs?state=failed").content.decode()
    assert "No incidents" in ben.get("/operations").content.decode()


def test_the_api_tells_the_same_story(scene: Scene) -> None:
    run = scene.started()
    answer = scene.browser("Ben").get(f"/api/v1/runs/{run.pk}")

    found = answer.json()
    assert found["schema"] == 1
    assert found["state"] == "waiting"
    assert set(found["acts"]) == {"pause", "cancel"}
    activated = [step["element"] for step in found["steps"] if step["type"] == "activated"]
    assert activated == ["start", "gate"]
    assert scene.browser("Ben").get(found["model_url"]).content == MODEL


def test_a_gate_is_not_claimed_so_that_all_who_may_decide_keep_seeing_it(scene: Scene) -> None:
    scene.started()
    task = UserTask.objects.get()

    answer = scene.browser("Gita").post(f"/api/v1/user-tasks/{task.pk}/claim")

    assert answer.json()["code"] == "engine.gate_shared"
    assert "Approve change: Upgrade" in scene.browser("Marek").get("/work").content.decode()
