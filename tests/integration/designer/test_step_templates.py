"""The catalogue of steps: who keeps it, what it refuses, and what it does to drafts and reviews."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from common import tenancy
from common.context import Actor
from designer.actions import drafts, reviews, step_templates
from designer.board import Outcome
from designer.errors import (
    ModelHasErrors,
    RetirementWithoutReason,
    TemplateReserved,
    TemplateRetired,
    TemplateVersionTaken,
)
from designer.models.drafts import Draft
from designer.models.step_templates import StepTemplateVersion
from designer.queries import step_templates as queries
from designer.queries.drafts import get_draft
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.integration.designer.test_api import browser, send
from tests.support.lint import besides_rules
from tests.support.templates import a_model, a_step, a_template, an_input, as_file

pytestmark = pytest.mark.django_db

ADDRESS = an_input("url", label="Address", constraints={"notEmpty": True})
METHOD = an_input("method", type="Hidden", value="GET")
REASON = "It restarts too much."


@pytest.fixture
def ivo(desk: Desk) -> Actor:
    return desk.office.person("Ivo Brand", Role.ADMIN)


def add(desk: Desk, ivo: Actor, *fields: dict[str, Any], **more: Any) -> StepTemplateVersion:
    file = as_file(a_template(*(fields or (METHOD, ADDRESS)), **more))
    [added] = step_templates.add_templates(actor=ivo, unit_id=desk.office.unit.pk, file=file)
    return added


def retire(desk: Desk, ivo: Actor, key: str = "acme.restart", reason: str = REASON) -> None:
    step_templates.retire_template(actor=ivo, unit_id=desk.office.unit.pk, key=key, reason=reason)


def restarting(desk: Desk, url: str = "https://a.example", **inputs: str) -> Draft:
    draft = desk.draft()
    model = a_model(a_step({"method": "GET", "url": url, **inputs}))
    return drafts.save_draft(actor=desk.ana, draft_id=draft.pk, revision=1, xml=model)


def codes(desk: Desk, draft: Draft) -> list[str]:
    found = get_draft(actor=desk.ana, draft_id=draft.pk).problems
    return [row["code"] for row in besides_rules(found)]


def test_an_admin_adds_a_template_and_its_next_version(desk: Desk, ivo: Actor) -> None:
    add(desk, ivo)
    add(desk, ivo, version=2, name="Restart it all")

    view = queries.get_template(actor=desk.ana, unit_id=desk.office.unit.pk, key="acme.restart")

    assert sorted(view.shelf.versions) == [1, 2]
    assert (view.shelf.latest.name, view.shelf.is_shipped) == ("Restart it all", False)
    recorded = AuditEntry.objects.filter(code="step_template.added")
    assert recorded.count() == 2


def test_only_who_keeps_the_catalogue_may_change_it(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        add(desk, desk.ana)
    with pytest.raises(NotAllowed):
        retire(desk, desk.gita, "interlock.http-request")


def test_a_version_is_never_replaced(desk: Desk, ivo: Actor) -> None:
    version = add(desk, ivo, version=2)

    for number in (1, 2):
        with pytest.raises(TemplateVersionTaken):
            add(desk, ivo, version=number)
    with pytest.raises(DatabaseError), transaction.atomic():
        StepTemplateVersion.objects.filter(pk=version.pk).update(digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM designer_steptemplateversion")


def test_ids_of_the_product_are_not_taken(desk: Desk, ivo: Actor) -> None:
    with pytest.raises(TemplateReserved):
        add(desk, ivo, id="interlock.http-request", version=9)


def test_one_bad_template_of_a_file_keeps_out_all(desk: Desk, ivo: Actor) -> None:
    unit_id = desk.office.unit.pk
    file = as_file(a_template(), a_template(id="interlock.mine"))

    with pytest.raises(TemplateReserved):
        step_templates.add_templates(actor=ivo, unit_id=unit_id, file=file)

    assert not StepTemplateVersion.objects.exists()


def test_it_is_found_by_what_it_does(desk: Desk, ivo: Actor) -> None:
    add(desk, ivo)

    def found(text: str) -> list[str]:
        listing = queries.list_templates(actor=desk.ana, unit_id=desk.office.unit.pk, text=text)
        return [shelf.key for shelf in listing.shelves]

    assert found("waits ANSWERS") == ["acme.restart"]
    assert found("slack") == ["interlock.chat-message"]
    assert found("no such thing") == []


def test_another_unit_sees_none_of_it(desk: Desk, ivo: Actor) -> None:
    add(desk, ivo)
    with tenancy.units_in_scope([]):
        assert not StepTemplateVersion.objects.exists()


def test_a_draft_is_held_against_the_catalogue(desk: Desk, ivo: Actor) -> None:
    draft = restarting(desk)
    assert codes(desk, draft) == ["template_unknown"]

    add(desk, ivo)
    assert codes(desk, draft) == []

    retire(desk, ivo)
    assert codes(desk, draft) == ["template_retired"]
    with pytest.raises(ModelHasErrors):
        desk.submit(draft)

    step_templates.restore_template(actor=ivo, unit_id=desk.office.unit.pk, key="acme.restart")
    assert codes(desk, draft) == []


def test_values_that_do_not_fit_keep_a_draft_from_review(desk: Desk, ivo: Actor) -> None:
    add(desk, ivo)
    draft = restarting(desk, url="https://a.example", method="DELETE")

    [problem] = besides_rules(get_draft(actor=desk.ana, draft_id=draft.pk).problems)
    assert (problem["code"], problem["element"]) == ("template_changed", "step")
    with pytest.raises(ModelHasErrors):
        desk.submit(draft)


def test_retiring_voids_an_approval_that_nobody_has_used(desk: Desk, ivo: Actor) -> None:
    add(desk, ivo)
    review = desk.approved(restarting(desk))

    retire(desk, ivo)
    reviews.void_if_stale(review_id=review.pk)

    review.refresh_from_db()
    assert review.outcome == Outcome.VOIDED
    assert "step" in review.cause


def test_a_newer_version_voids_nothing(desk: Desk, ivo: Actor) -> None:
    add(desk, ivo)
    review = desk.approved(restarting(desk))

    add(desk, ivo, version=2)
    reviews.void_if_stale(review_id=review.pk)

    review.refresh_from_db()
    assert review.outcome == Outcome.APPROVED


def test_retiring_asks_for_a_reason_and_happens_once(desk: Desk, ivo: Actor) -> None:
    with pytest.raises(RetirementWithoutReason):
        retire(desk, ivo, "interlock.script", reason="  ")
    retire(desk, ivo, "interlock.script")
    with pytest.raises(TemplateRetired):
        retire(desk, ivo, "interlock.script")


def test_the_page_of_a_template_tells_who_uses_it_and_what_an_upgrade_changes(
    desk: Desk, ivo: Actor
) -> None:
    add(desk, ivo)
    restarting(desk)
    add(
        desk, ivo, METHOD, an_input("team", label="Team", constraints={"notEmpty": True}), version=2
    )

    view = queries.get_template(actor=desk.ana, unit_id=desk.office.unit.pk, key="acme.restart")

    [user] = view.users
    assert [str(effect.sentence) for effect in user.effects] == [
        "“Address” is gone; “https://a.example” is lost.",
        "It asks for “Team”, which is empty.",
    ]
    page = browser(desk, desk.ana.name).get("/steps/acme.restart").content.decode()
    assert "“https://a.example” is lost" in page


# --- what programs and browsers meet ---


@pytest.fixture
def keeper(desk: Desk, ivo: Actor) -> Client:
    return browser(desk, ivo.name)


def test_the_catalogue_over_the_api(desk: Desk, keeper: Client) -> None:
    added = send(keeper, "post", "/api/v1/step-templates", a_template(METHOD, ADDRESS))
    assert (added.status_code, added.json()["added"][0]["version"]) == (201, 1)

    reader = browser(desk, desk.ana.name)
    rows = reader.get("/api/v1/step-templates?q=restart").json()["templates"]
    assert [row["id"] for row in rows] == ["acme.restart"]
    content = reader.get("/api/v1/step-templates/acme.restart/versions/1").json()
    assert content == a_template(METHOD, ADDRESS)
    assert reader.get("/api/v1/step-templates/acme.restart/versions/2").status_code == 404

    answer = send(keeper, "post", "/api/v1/step-templates/acme.restart/retire", {"reason": REASON})
    assert answer.json()["retired"] == REASON
    again = send(keeper, "post", "/api/v1/step-templates/acme.restart/restore", {})
    assert again.json()["retired"] == ""


def test_what_is_wrong_with_a_template_is_told_sentence_by_sentence(keeper: Client) -> None:
    bad = a_template(an_input("x", type="Slider"), name=None)

    answer = send(keeper, "post", "/api/v1/step-templates", bad)

    assert (answer.status_code, answer.json()["code"]) == (422, "designer.template_unreadable")
    assert [row["message"].partition(":")[0] for row in answer.json()["errors"]] == [
        "The template",
        "Property 2",
    ]


def test_the_impact_on_a_step_of_a_draft(desk: Desk, ivo: Actor) -> None:
    add(desk, ivo)
    draft = restarting(desk)
    add(desk, ivo, METHOD, version=2)
    said = [{"kind": "zeebe:input", "name": "url", "value": "https://a.example"}]
    asked = {"template": "acme.restart", "version": 1, "values": said}

    answer = send(
        browser(desk, desk.ana.name), "post", f"/api/v1/drafts/{draft.pk}/step-impact", asked
    )

    assert answer.json()["template"]["version"] == 2
    assert [row["op"] for row in answer.json()["effects"]] == ["lost"]
    refused = send(
        browser(desk, desk.gita.name), "post", f"/api/v1/drafts/{draft.pk}/step-impact", asked
    )
    assert refused.status_code == 403


def test_the_pages_of_whoever_keeps_the_catalogue(keeper: Client, tmp_path: Any) -> None:
    file = tmp_path / "restart.json"
    file.write_text(json.dumps(a_template(METHOD, ADDRESS)))

    with file.open("rb") as upload:
        answer = keeper.post("/steps/add", {"file": upload})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/steps/acme.restart")

    assert "Restart a service" in keeper.get("/steps").content.decode()
    answer = keeper.post("/steps/acme.restart/retire", {"reason": ""})
    assert (answer.status_code, "Say why" in answer.content.decode()) == (422, True)
    assert keeper.post("/steps/acme.restart/retire", {"reason": REASON}).status_code == 302
    assert REASON in keeper.get("/steps/acme.restart").content.decode()
    assert keeper.post("/steps/acme.restart/restore").status_code == 302

    file.write_text("no json")
    with file.open("rb") as upload:
        answer = keeper.post("/steps/add", {"file": upload})
    assert (answer.status_code, "no JSON" in answer.content.decode()) == (422, True)
