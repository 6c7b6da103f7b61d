"""Forms and decisions of a draft: drawn, judged and tried before anything is kept of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from designer.actions import drafts, resources, versions
from designer.models.drafts import Draft
from designer.queries.reviews import get_review
from tests.integration.designer.conftest import Desk
from tests.integration.designer.test_api import browser, send
from tests.support.decisions import chain, rules

pytestmark = pytest.mark.django_db

FORM = {
    "id": "ask",
    "components": [
        {"type": "textfield", "key": "host", "label": "Host", "readonly": True},
        {"type": "number", "key": "minutes", "label": "Minutes", "validate": {"min": 1}},
        {
            "type": "textfield",
            "key": "why",
            "label": "Why",
            "conditional": {"hide": "=minutes = null or minutes < 9"},
        },
    ],
}


def put(desk: Desk, draft: Draft, name: str, content: bytes) -> Draft:
    now = Draft.objects.get(pk=draft.pk)
    return resources.put_file(
        actor=desk.ana, draft_id=now.pk, revision=now.revision, name=name, content=content
    )


def ask(client: Client, draft: Draft, path: str, body: dict[str, Any]) -> Any:
    return send(client, "post", f"/api/v1/drafts/{draft.pk}/{path}", body)


def test_a_form_under_work_is_drawn_and_judged_and_nothing_is_kept(desk: Desk) -> None:
    ana, draft = browser(desk, "Ana Ruiz"), desk.draft()
    body = {"json": json.dumps(FORM), "sample": {"host": "db-1"}}

    drawn = ask(ana, draft, "form-preview", body).json()
    assert ("db-1" in drawn["html"], "Why" in drawn["html"], drawn["values"]) == (True, False, None)

    typed = ask(ana, draft, "form-preview", {**body, "typed": {"v.minutes": ["12"]}}).json()
    assert ("Why" in typed["html"], typed["values"]) == (True, {"minutes": "12", "why": None})

    wrong = {**body, "typed": {"v.minutes": ["0"]}, "judges": True}
    assert "must be at least 1" in ask(ana, draft, "form-preview", wrong).json()["html"]

    flawed = {"json": json.dumps({"components": [{"type": "<magic>"}]})}
    [flaw] = ask(ana, draft, "form-preview", flawed).json()["flaws"]
    assert (flaw["place"], flaw["severity"]) == ([0], "error")
    refused = ask(ana, draft, "form-preview", {"json": "{"})
    assert (refused.status_code, refused.json()["code"]) == (422, "engine.form_unreadable")
    draft.refresh_from_db()
    assert (draft.revision, draft.resources) == (1, {})


def test_a_preview_brings_no_markup_of_the_form(desk: Desk) -> None:
    hurts = {"components": [{"type": "text", "text": "<img src=x onerror=y>"}]}
    answer = ask(
        browser(desk, "Ana Ruiz"), desk.draft(), "form-preview", {"json": json.dumps(hurts)}
    )
    assert "<img" not in answer.json()["html"]


def test_the_analysis_tells_rows_and_what_a_decision_reads(desk: Desk) -> None:
    overlapping = rules().replace(b"FIRST", b"UNIQUE")
    draft = put(desk, put(desk, desk.draft(), "a.dmn", overlapping), "b.dmn", chain())
    url = f"/api/v1/drafts/{draft.pk}/decisions"
    found = browser(desk, "Ana Ruiz").get(f"{url}/a.dmn/analysis").json()
    [table] = found["tables"]
    assert [(one["kind"], one["rules"]) for one in table["findings"]] == [("conflict", [1, 2])]
    assert found["decisions"] == [
        {"id": "route", "inputs": [{"name": "amount", "type": "", "choices": []}]}
    ]
    other = browser(desk, "Ana Ruiz").get(f"{url}/b.dmn/analysis").json()
    assert [one["name"] for one in other["decisions"][1]["inputs"]] == ["asked_by", "amount"]


def test_a_decision_is_tried_with_typed_inputs(desk: Desk) -> None:
    ana, draft = browser(desk, "Ana Ruiz"), put(desk, desk.draft(), "a.dmn", rules())
    amount = {"amount": {"t": "num", "v": "500"}}
    tried = ask(ana, draft, "decisions/a.dmn/try", {"decision": "route", "inputs": amount}).json()
    assert tried["text"] == '"board"'
    [decision] = tried["decisions"]
    assert [(one["table"], one["rule"]) for one in decision["rules"]] == [("table_route", 2)]

    def code(body: dict[str, Any]) -> str:
        return str(ask(ana, draft, "decisions/a.dmn/try", body).json()["code"])

    assert code({"decision": "other"}) == "engine.decision_unknown"
    unreadable = {"amount": {"t": "date", "v": "soon"}}
    assert code({"decision": "route", "inputs": unreadable}) == "designer.question_unreadable"
    assert ask(ana, draft, "decisions/none.dmn/try", {"decision": "route"}).status_code == 404


def test_a_costly_decision_is_refused_within_its_budget(desk: Desk) -> None:
    costly = rules(high="count(for a in 1..900, b in 1..900 return a)")
    draft = put(desk, desk.draft(), "a.dmn", costly)
    body = {"decision": "route", "inputs": {"amount": 500}}
    refused = ask(browser(desk, "Ana Ruiz"), draft, "decisions/a.dmn/try", body)
    assert refused.status_code == 422
    assert "steps" in refused.json()["title"]


def test_files_are_begun_renamed_uploaded_and_removed_on_their_page(desk: Desk) -> None:
    ana, draft = browser(desk, "Ana Ruiz"), desk.draft()
    url = f"/drafts/{draft.pk}/files"

    def post(path: str, revision: int, **data: Any) -> str:
        return str(ana.post(f"{url}/{path}", {"revision": revision, **data})["Location"])

    assert post("new", 1, ending=".form", name="ask").endswith("/forms/ask.form")
    assert post("new", 2, ending=".dmn", name="2-risk").endswith("/decisions/2-risk.dmn")
    assert ana.get(f"/drafts/{draft.pk}/forms/ask.form").status_code == 200
    assert ana.get(f"/drafts/{draft.pk}/decisions/2-risk.dmn").status_code == 200
    problems = ana.get(f"/api/v1/drafts/{draft.pk}").json()["problems"]
    assert not [row for row in problems if row["name"] in ("ask.form", "2-risk.dmn")]
    post("ask.form/rename", 3, to="plan")
    post("upload", 4, file=SimpleUploadedFile("b.form", json.dumps(FORM).encode()))
    post("upload", 5, file=SimpleUploadedFile("c.form", b"{"))
    assert "The form is no JSON" in ana.get(url).content.decode()
    post("plan.form/delete", 5)
    draft.refresh_from_db()
    assert (draft.revision, set(draft.resources)) == (6, {"2-risk.dmn", "b.form"})


def test_a_review_tells_what_changed_in_a_form(desk: Desk) -> None:
    first = desk.approved(put(desk, desk.draft(), "ask.form", json.dumps(FORM).encode()))
    version = versions.publish_version(actor=desk.ben, review_id=first.pk, digest=first.digest)
    changed = {**FORM, "components": FORM["components"][:2]}
    draft = drafts.create_draft_from_version(actor=desk.ana, version_id=version.pk)
    review = desk.submit(put(desk, draft, "ask.form", json.dumps(changed).encode()))
    [change] = get_review(actor=desk.gita, review_id=review.pk).changes
    assert change["sentence"] == "ask.form: Does not ask for “Why” any more."
    assert (change["group"], change["element"]) == ("behaviour", "ask.form")
