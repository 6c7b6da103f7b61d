"""A drawing is measured level by level, with the limits that were set, and bpmn-python's beside."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from common.context import Actor
from designer.actions import drafts, rules
from designer.actions.rules import Wanted
from designer.models.drafts import Draft
from designer.queries import complexity
from engine import bridge
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.support.drawings import drawing, line

pytestmark = pytest.mark.django_db
SUB = (
    '<subProcess id="inner" name="Inner"><startEvent id="is"/><endEvent id="ie"/>'
    '<sequenceFlow id="if" sourceRef="is" targetRef="ie"/></subProcess>'
)
MODEL = drawing(line('<task id="a" name="A"/>', '<userTask id="b" name="B"/>', SUB))


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forget what bpmn-python said of the model in another test."""
    cache.clear()


def a_draft(desk: Desk) -> Draft:
    draft = desk.draft()
    return drafts.save_draft(actor=desk.ana, draft_id=draft.pk, revision=1, xml=MODEL)


def measure(view: complexity.ComplexityView, key: str, level: int = 0) -> complexity.Measured:
    return next(one for one in view.levels[level].measures if one.key == key)


@pytest.fixture
def helena(desk: Desk) -> Actor:
    return desk.office.person("Helena Brandt", Role.ADMIN)


def test_each_level_is_measured_against_the_limits_that_were_set(
    desk: Desk, helena: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise bridge.BridgeMissing

    monkeypatch.setattr(bridge, "ask", missing)
    draft = a_draft(desk)
    wanted = Wanted("warning", limit=5)
    unit = desk.process.unit_id
    rules.set_rule(actor=helena, unit_id=unit, code="too_many_steps", wanted=wanted)

    view = complexity.of_draft(actor=desk.ana, draft_id=draft.pk)

    assert [one.level for one in view.levels] == ["", "inner"]
    size = measure(view, "size")
    assert (size.value, size.limit, size.above) == ("5", "5", False)
    assert measure(view, "size", 1).value == "2"
    assert measure(view, "density").limit == ""
    assert (view.beside.state, size.other) == ("absent", "")
    assert "not installed" in view.beside.sentence


def test_what_bpmn_python_measures_agrees_where_both_count_the_same(desk: Desk) -> None:
    try:
        bridge.ask("measures", MODEL.decode())
    except bridge.BridgeMissing:
        pytest.skip("bpmn-python is not installed beside Interlock")
    draft = a_draft(desk)
    client = Client()
    client.force_login(desk.office.people["Ana Ruiz"].accounts.get())

    told = client.get(f"/api/v1/drafts/{draft.pk}/complexity").json()

    assert told["beside"]["state"] == "told"
    rows = {one["key"]: one for one in told["levels"][0]["measures"]}
    assert rows["activities"]["other"] == rows["activities"]["value"] == "3"
    assert rows["gateways"]["other"] == rows["gateways"]["value"] == "0"
    # There is no gateway whose flows could be counted; that is no failure.
    assert rows["degree"]["other"] == ""


def test_what_bpmn_python_cannot_read_is_told_in_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise bridge.BridgeFailed(reason="it took longer than 20 seconds")

    monkeypatch.setattr(bridge, "ask", failing)

    view = complexity.of_draft(actor=desk.ana, draft_id=a_draft(desk).pk)

    assert view.beside.state == "failed"
    assert "it took longer than 20 seconds" in view.beside.sentence
    assert measure(view, "size").value == "5"
