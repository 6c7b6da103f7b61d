"""Pages: each role finds what it may do, and is offered nothing else."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from designer import files
from designer.actions import versions
from designer.models.drafts import Draft
from designer.models.reviews import Review
from designer.models.versions import Version
from governance.models.people import Account
from governance.models.processes import Process
from governance.models.units import Role
from tests.integration.designer.conftest import Desk

pytestmark = pytest.mark.django_db


def browser(desk: Desk, name: str) -> Client:
    client = Client()
    client.force_login(
        Account.objects.filter(person=desk.office.people[name]).earliest("created_at"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def published(desk: Desk) -> Review:
    review = desk.approved()
    versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    return review


@pytest.mark.parametrize("role", list(Role))
def test_every_page_opens_for_every_role(desk: Desk, role: Role) -> None:
    review = published(desk)
    draft = desk.edit(desk.draft(), "Next")
    open_review = desk.submit(draft)
    desk.office.person("Somebody", role)
    somebody = browser(desk, "Somebody")

    for url in (
        "/processes",
        "/processes?show=review&q=change",
        "/processes?q=nothing-like-it",
        "/processes/production-change",
        "/processes/production-change/history",
        f"/drafts/{draft.pk}/edit",
        "/reviews",
        "/reviews?show=waiting",
        "/reviews?show=decided",
        f"/reviews/{review.pk}",
        f"/reviews/{open_review.pk}",
    ):
        assert somebody.get(url).status_code == 200, url


def test_a_viewer_is_offered_no_act(desk: Desk) -> None:
    review = desk.submit()
    desk.office.person("Vera Viewer", Role.VIEWER)
    vera = browser(desk, "Vera Viewer")

    assert "/processes/new" not in text(vera.get("/processes"))
    process = text(vera.get("/processes/production-change"))
    assert "New draft" not in process
    assert "Start a run" not in process
    assert "Import" not in process
    assert 'data-act="' not in text(vera.get(f"/drafts/{review.draft_id}/edit"))
    page = text(vera.get(f"/reviews/{review.pk}"))
    assert "Approve version" not in page
    assert "Vera Viewer may not vote on this review." in page


def test_a_member_is_offered_the_vote_and_the_author_the_reason(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    review = desk.submit(desk.draft(by=desk.gita), by=desk.gita)

    assert "Approve version 1" in text(browser(desk, "Sofia Lind").get(f"/reviews/{review.pk}"))
    own = text(browser(desk, "Gita Olsen").get(f"/reviews/{review.pk}"))
    assert "Approve version 1" not in own
    assert "Gita Olsen cannot decide this: they wrote it." in own


def test_a_vote_on_the_page_counts_and_a_refused_one_keeps_the_words(desk: Desk) -> None:
    review = desk.submit()
    gita = browser(desk, "Gita Olsen")
    url = f"/reviews/{review.pk}/votes"

    stale = gita.post(url, {"verdict": "APPROVE", "digest": "0" * 64, "comment": "Well done"})
    assert stale.status_code == 409
    assert "Your answer was not counted" in text(stale)
    assert 'value="Well done"' in text(stale)
    silent = gita.post(url, {"verdict": "REQUEST_CHANGES", "digest": review.digest})
    assert (silent.status_code, review.votes.count()) == (422, 0)

    counted = gita.post(url, {"verdict": "APPROVE", "digest": review.digest, "comment": "Good"})
    assert counted.status_code == 302
    assert review.votes.get().comment == "Good"


def test_the_author_on_the_board_is_refused_by_the_page_too(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    review = desk.submit(desk.draft(by=desk.gita), by=desk.gita)

    answer = browser(desk, "Gita Olsen").post(
        f"/reviews/{review.pk}/votes", {"verdict": "APPROVE", "digest": review.digest}
    )

    assert answer.status_code == 403
    assert not review.votes.exists()


def test_a_new_process_opens_its_draft_and_a_refusal_keeps_what_was_typed(desk: Desk) -> None:
    ana = browser(desk, "Ana Ruiz")
    typed = {
        "name": "Patch rollout",
        "key": "production-change",
        "purpose": "Keep it current",
        "board": "cab",
        "owner": str(desk.ana.person_id),
        "risk_class": "LOW",
        "data_class": "INTERNAL",
        "practice": "CHANGE",
        "tags": "linux, rings",
    }

    refused = ana.post("/processes/new", typed)
    assert refused.status_code == 422
    assert "There is a process with the key production-change already." in text(refused)
    assert "Keep it current" in text(refused)

    made = ana.post("/processes/new", {**typed, "key": "patch-rollout"})
    process = Process.objects.get(key="patch-rollout")
    assert made["Location"] == f"/drafts/{process.drafts.get().pk}/edit"
    assert (process.tags, process.risk_class) == (["linux", "rings"], "LOW")
    assert "has no backup owner" in str(ana.get(f"/api/v1{made['Location'][:-5]}").json())

    backed = {"name": "Ring zero", "key": "ring-zero", "backup_owner": str(desk.ben.person_id)}
    made = ana.post("/processes/new", {**typed, **backed})
    told = ana.get(f"/api/v1{made['Location'][:-5]}").json()
    assert Process.objects.get(key="ring-zero").backup_owner_id == desk.ben.person_id
    assert told["problems"]
    assert "has no backup owner" not in str(told)


def test_a_bad_file_is_refused_beside_its_field(desk: Desk) -> None:
    ana = browser(desk, "Ana Ruiz")
    typed = {
        "name": "Imported",
        "key": "imported",
        "board": "cab",
        "owner": str(desk.ana.person_id),
        "risk_class": "LOW",
        "data_class": "INTERNAL",
        "practice": "OTHER",
    }
    bad = SimpleUploadedFile("a.bpmn", b"<!DOCTYPE a><a/>")
    refused = ana.post("/processes/import", {**typed, "file": bad})
    assert refused.status_code == 422
    assert "DOCTYPE" in text(refused)

    good = SimpleUploadedFile("a.bpmn", files.blank("imported", "Imported"))
    assert ana.post("/processes/import", {**typed, "file": good}).status_code == 302


def test_the_owner_changes_and_transfers_the_entry(desk: Desk) -> None:
    ana = browser(desk, "Ana Ruiz")
    assert ana.get("/processes/production-change/entry").status_code == 200
    ana.post(
        "/processes/production-change/entry",
        {
            "name": "Production change",
            "board": "cab",
            "risk_class": "HIGH",
            "data_class": "INTERNAL",
            "practice": "CHANGE",
        },
    )
    assert Process.objects.get().risk_class == "HIGH"
    history = text(ana.get("/processes/production-change/history"))
    assert "risk_class" not in history
    assert "<b>High</b>" in history

    moved = ana.post(
        "/processes/production-change/transfer",
        {"owner": str(desk.ben.person_id), "reason": "New job"},
    )
    assert moved.status_code == 302
    assert Process.objects.get().owner.name == "Ben Carter"


def test_publishing_and_withdrawing_from_the_page(desk: Desk) -> None:
    review = desk.approved()
    ben = browser(desk, "Ben Carter")
    assert "Publish version 1" in text(ben.get(f"/reviews/{review.pk}"))
    done = ben.post(f"/reviews/{review.pk}/publish", {"digest": review.digest})
    assert done["Location"] == "/processes/production-change"

    second = desk.submit(desk.edit(desk.draft(), "Second"))
    ana = browser(desk, "Ana Ruiz")
    back = ana.post(f"/reviews/{second.pk}/withdraw", {"comment": ""})
    assert back["Location"] == f"/drafts/{second.draft_id}/edit"
    assert Draft.objects.get(pk=second.draft_id).stage == "OPEN"


def test_a_version_downloads_byte_for_byte(desk: Desk) -> None:
    review = published(desk)
    version = Version.objects.get(review=review)
    got = browser(desk, "Ana Ruiz").get(f"/versions/{version.pk}/download")
    assert got.content == bytes(review.xml)
    assert got["Content-Disposition"] == 'attachment; filename="production-change-v1.bpmn"'
    assert browser(desk, "Ben Carter").get(f"/versions/{version.pk}/download").status_code == 403


def test_a_register_of_many_takes_few_queries(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        process = desk.office.process(f"process-{number}", board=desk.process.board)
        review_of = Desk(**{**desk.__dict__, "process": process})
        review_of.submit()
    gita = browser(desk, "Gita Olsen")
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert gita.get("/processes").status_code == 200
