"""The API as programs and islands meet it: strict bodies, words for refusals, exact bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from designer import files
from designer.models.drafts import Draft
from designer.models.reviews import Review
from governance.models.people import Account
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.support.office import an_office
from tests.support.shared import SHARED

pytestmark = pytest.mark.django_db

REFERENCE = sorted((SHARED / "miwg").rglob("*.bpmn"))


def browser(desk: Desk, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(
        Account.objects.filter(person=desk.office.people[name]).earliest("created_at"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def send(client: Client, method: str, url: str, body: Any, **headers: str) -> Any:
    return getattr(client, method)(
        url, json.dumps(body), content_type="application/json", headers=headers
    )


@pytest.fixture
def ana(desk: Desk) -> Client:
    return browser(desk, "Ana Ruiz")


def test_a_draft_is_read_saved_and_refused_when_stale(desk: Desk, ana: Client) -> None:
    url = f"/api/v1/drafts/{desk.draft().pk}"
    read = ana.get(url).json()
    assert (read["schema"], read["revision"], read["may_edit"]) == (1, 1, True)
    assert read["problems"]
    assert ana.get(f"{url}?problems=later").json() == {**read, "problems": None}
    body = {"xml": files.blank("production-change", "Other").decode()}

    saved = send(ana, "put", url, body, If_Match='"1"')
    assert (saved.status_code, saved.json()["revision"], saved["ETag"]) == (200, 2, '"2"')
    body = {"xml": files.blank("production-change", "Third").decode()}
    stale = send(ana, "put", url, body, If_Match='"1"')

    assert stale.status_code == 412
    assert stale["Content-Type"] == "application/problem+json"
    assert (stale.json()["code"], stale.json()["who"]) == ("designer.draft_changed", "Ana Ruiz")


def test_a_save_without_its_revision_is_refused(desk: Desk, ana: Client) -> None:
    answer = send(ana, "put", f"/api/v1/drafts/{desk.draft().pk}", {"xml": "<a/>"})
    assert (answer.status_code, answer.json()["code"]) == (422, "common.missing_precondition")


def test_unknown_and_missing_fields_are_named(desk: Desk, ana: Client) -> None:
    url = f"/api/v1/drafts/{desk.draft().pk}"
    answer = send(ana, "put", url, {"xmll": "<a/>"}, If_Match='"1"')
    assert answer.status_code == 400
    assert [row["field"] for row in answer.json()["errors"]] == ["xmll"]


def test_a_body_over_the_limit_is_refused(desk: Desk, ana: Client) -> None:
    body = {"xml": "x" * (6 * 1024 * 1024)}
    answer = send(ana, "put", f"/api/v1/drafts/{desk.draft().pk}", body, If_Match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (413, "common.body_too_big")


def test_the_whole_way_by_api(desk: Desk, ana: Client) -> None:
    draft = send(ana, "post", "/api/v1/processes/production-change/drafts", {}).json()
    asked = send(ana, "post", f"/api/v1/drafts/{draft['id']}/submit", {"note": "Why"})
    assert asked.status_code == 201
    url = f"/api/v1/reviews/{asked.json()['review']['id']}"

    digest = ana.get(url).json()["version"]["digest"]
    vote = {"verdict": "approve", "comment": "", "digest": digest}
    own = send(ana, "post", f"{url}/votes", vote)
    assert own.status_code == 403
    for name in ("Gita Olsen", "Sofia Lind"):
        assert send(browser(desk, name), "post", f"{url}/votes", vote).status_code == 201
    ben = browser(desk, "Ben Carter")
    published = send(ben, "post", f"{url}/publish", {"digest": digest})

    assert (published.status_code, published.json()["number"]) == (201, 1)
    read = ben.get(url).json()
    assert (read["outcome"], len(read["votes"])) == ("published", 2)
    model = ben.get(f"/api/v1/versions/{read['version']['id']}/model")
    assert model.content == bytes(Draft.objects.get(pk=draft["id"]).xml)


def test_the_author_on_the_board_is_told_rule_1(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    review = desk.submit(desk.draft(by=desk.gita), by=desk.gita)
    vote = {"verdict": "approve", "digest": review.digest}

    answer = send(browser(desk, "Gita Olsen"), "post", f"/api/v1/reviews/{review.pk}/votes", vote)

    assert (answer.status_code, answer.json()["code"]) == (403, "governance.own_work")
    assert not review.votes.exists()


def test_a_bad_file_is_refused_and_nothing_is_registered(desk: Desk, ana: Client) -> None:
    for content, status in ((b"no", 422), (b"<!DOCTYPE a><a/>", 422), (b"x" * 6_000_000, 413)):
        form = {
            "key": "imported",
            "name": "Imported",
            "board": "cab",
            "file": SimpleUploadedFile("a.bpmn", content),
        }
        answer = ana.post("/api/v1/processes/import", form)
        assert answer.status_code == status, answer.content
        assert ana.get("/api/v1/processes/imported").status_code == 404


@pytest.mark.skipif(not REFERENCE, reason="the reference models lie beside the repository")
def test_reference_models_go_in_and_out_byte_for_byte(desk: Desk, ana: Client) -> None:
    assert len(REFERENCE) == 21
    for number, path in enumerate(REFERENCE):
        form = {
            "key": f"imported-{number}",
            "name": f"Imported {number}",
            "board": "cab",
            "file": SimpleUploadedFile(path.name, path.read_bytes()),
        }
        made = ana.post("/api/v1/processes/import", form)
        assert made.status_code == 201, (path.name, made.content)
        url = f"/api/v1/drafts/{made.json()['id']}"
        got = ana.get(f"{url}/model")
        assert got.content == path.read_bytes(), path.name
        assert got["Content-Disposition"] == (
            f'attachment; filename="imported-{number}-draft-1.bpmn"'
        )
        assert ana.get(url).json()["xml"]


def test_another_unit_has_none_of_it(desk: Desk) -> None:
    review = desk.submit()
    other = an_office("retail")
    with other.open():
        other.person("Stella", Role.MODELLER, Role.REVIEWER, Role.OPERATOR, Role.ADMIN)
        desk.office.people["Stella"] = other.people["Stella"]
    stella = browser(desk, "Stella")
    draft, version = f"/api/v1/drafts/{review.draft_id}", f"/api/v1/reviews/{review.pk}"

    for url in (draft, f"{draft}/model", version, f"{version}/model"):
        assert stella.get(url).status_code == 404, url
    assert stella.get("/api/v1/processes/production-change").status_code == 404
    for url, body in (
        (f"{draft}/submit", {}),
        (f"{version}/votes", {"verdict": "approve", "digest": review.digest}),
        (f"{version}/publish", {"digest": review.digest}),
        (f"{version}/withdraw", {}),
        (f"{version}/comments", {"text": "Hello"}),
    ):
        assert send(stella, "post", url, body).status_code == 404, url
    assert not Review.objects.exclude(pk=review.pk).exists()


def test_nobody_signed_in_reads_nothing(desk: Desk) -> None:
    assert Client().get(f"/api/v1/drafts/{desk.draft().pk}").status_code == 401
