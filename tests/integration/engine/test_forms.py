"""A form in a file of its own: it travels with the version, and page and API judge it alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from engine.bpmn.errors import NotExecutable
from engine.errors import FormIncomplete
from engine.models.instances import Instance
from engine.models.user_tasks import UserTask
from engine.queries.instances import variables_of
from governance.models.people import Account
from tests.support.drawings import line
from tests.support.floor import Floor, user_task

pytestmark = pytest.mark.django_db

FORM = {
    "id": "release",
    "components": [
        {"type": "textfield", "key": "service", "label": "Service", "readonly": True},
        {"type": "select", "key": "window", "label": "Window", "valuesKey": "windows"},
        {
            "type": "textfield",
            "key": "why",
            "label": "Why now",
            "conditional": {"hide": '=window != "now"'},
            "validate": {"required": True},
        },
        {
            "type": "dynamiclist",
            "path": "steps",
            "label": "Steps",
            "allowAddRemove": True,
            "components": [{"type": "textfield", "key": "what", "label": "What"}],
        },
    ],
}
NAMED = '<zeebe:formDefinition formId="release"/>'
KNOWS = (
    "<zeebe:ioMapping><zeebe:input source='=[\"now\", \"night\"]' target='windows'/>"
    "<zeebe:input source='=\"ledger\"' target='service'/>"
    "<zeebe:output source='={window: window, why: why, steps: steps}' target='plan'/>"
    "</zeebe:ioMapping>"
)


@pytest.fixture
def run(floor: Floor) -> Instance:
    model = line(user_task("plan", more=NAMED + KNOWS), user_task("then"))
    floor.deploy(model, files={"release.form": json.dumps(FORM).encode()})
    return floor.start()


def browser(floor: Floor) -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(person=floor.office.people["Ola Berg"]),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def plan(run: Instance) -> Any:
    return variables_of(run.pk)["plan"]


def test_the_form_of_the_version_is_asked_and_judged(floor: Floor, run: Instance) -> None:
    task = floor.task(run)
    with pytest.raises(FormIncomplete) as refused:
        floor.complete(task, variables={"window": "now", "steps": [{"else": 1}]})
    assert {row["field"] for row in refused.value.problems} == {"why", "steps.0.else"}
    floor.complete(task, variables={"window": "now", "why": "It fails", "steps": [{"what": "x"}]})
    assert plan(run) == {"window": "now", "why": "It fails", "steps": [{"what": "x"}]}


def test_the_page_draws_it_anew_as_things_are_typed_and_hands_in_the_same(
    floor: Floor, run: Instance
) -> None:
    ola, task = browser(floor), floor.task(run)
    page = ola.get(f"/work?task={task.pk}").content.decode()
    assert ("ledger" in page, "Why now" in page) == (True, False)

    typed = {"v.window": "now", "n.steps": "1", "v.steps.0.what": "Stop it"}
    drawn = ola.post(
        f"/work/{task.pk}/form", {**typed, "add": "steps"}, headers={"HX-Request": "true"}
    )
    part = drawn.content.decode()
    assert ("Why now" in part, "is needed" in part, "<html" in part) == (True, False, False)
    assert ('value="Stop it"' in part, 'name="v.steps.1.what"' in part) == (True, True)

    refused = ola.post(f"/work/{task.pk}", typed)
    assert (refused.status_code, "Why now is needed." in refused.content.decode()) == (422, True)
    assert ola.post(f"/work/{task.pk}", {**typed, "v.why": "It fails"}).status_code == 302
    assert plan(run) == {"window": "now", "why": "It fails", "steps": [{"what": "Stop it"}]}


def test_the_api_tells_the_fields_as_they_are_now(floor: Floor, run: Instance) -> None:
    task = floor.task(run)
    fields = browser(floor).get(f"/api/v1/user-tasks/{task.pk}").json()["fields"]
    assert [(one["key"], one["readonly"], one["value"]) for one in fields] == [
        ("service", True, "ledger"),
        ("window", False, None),
        ("steps.0.what", False, None),
    ]
    assert [one["value"] for one in fields[1]["choices"]] == ["now", "night"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "The form is no JSON"),
        (json.dumps({**FORM, "components": [{"type": "filepicker"}]}).encode(), "`filepicker`"),
        (json.dumps({**FORM, "id": ""}).encode(), "has no id"),
    ],
)
def test_a_version_without_a_sound_form_is_refused(
    floor: Floor, content: bytes, sentence: str
) -> None:
    with pytest.raises(NotExecutable) as refused:
        floor.deploy(line(user_task(more=NAMED)), files={"release.form": content})
    assert sentence in refused.value.problems[0]["message"]
    assert not UserTask.objects.exists()
