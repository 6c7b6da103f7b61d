"""Decision files of a draft: an edit like any other, judged, published and run with the model."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from designer.actions import drafts, resources, reviews, versions
from designer.board import Outcome
from designer.errors import BadFileName, DraftChanged, ModelHasErrors, NothingChanged, TooManyFiles
from designer.models.drafts import Draft, DraftState
from designer.models.resources import Resource
from designer.models.reviews import Review
from designer.queries.drafts import get_draft
from designer.queries.reviews import get_review
from engine.forms import FormUnreadable
from engine.models.deployments import DeploymentResource
from engine.xml import UnreadableModel
from governance.errors import NotAllowed
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.integration.designer.test_api import browser, send
from tests.support.decisions import asks, rules
from tests.support.drawings import drawing, line
from tests.support.floor import user_task
from tests.support.lint import besides_rules

pytestmark = pytest.mark.django_db


def put(desk: Desk, draft: Draft, name: str = "route.dmn", content: bytes = rules()) -> Draft:
    now = Draft.objects.get(pk=draft.pk)
    return resources.put_file(
        actor=desk.ana, draft_id=now.pk, revision=now.revision, name=name, content=content
    )


def asking(desk: Desk) -> Draft:
    draft = desk.draft()
    return drafts.save_draft(
        actor=desk.ana, draft_id=draft.pk, revision=1, xml=drawing(line(asks()))
    )


def codes(desk: Desk, draft: Draft) -> list[str]:
    found = get_draft(actor=desk.ana, draft_id=draft.pk).problems
    return [row["code"] for row in besides_rules(found)]


def test_a_file_makes_the_next_revision_and_mends_the_draft(desk: Desk) -> None:
    draft = asking(desk)
    assert codes(desk, draft) == ["called_decision_unknown"]
    draft = put(desk, draft)
    assert (draft.revision, codes(desk, draft)) == (3, [])
    kept = DraftState.objects.get(draft=draft, revision=3)
    assert list(kept.resources) == ["route.dmn"]


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    draft = put(desk, asking(desk))
    assert put(desk, draft).revision == draft.revision


def test_an_edit_of_a_file_voids_what_was_judged(desk: Desk) -> None:
    review = desk.approved(put(desk, asking(desk)))
    put(desk, review.draft, content=rules(high='"cab"'))
    review.refresh_from_db()
    assert review.outcome == Outcome.VOIDED


def test_a_file_that_is_wrong_is_told_by_its_name_and_blocks_review(desk: Desk) -> None:
    draft = put(desk, asking(desk), content=rules(low='"desk'))
    [problem] = besides_rules(get_draft(actor=desk.ana, draft_id=draft.pk).problems)
    assert problem["message"].startswith("route.dmn: ")
    with pytest.raises(ModelHasErrors):
        desk.submit(draft)


def test_what_was_judged_is_what_is_published_and_placed_in_the_engine(desk: Desk) -> None:
    review = desk.approved(put(desk, asking(desk)))
    version = versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    placed = DeploymentResource.objects.get()
    assert version.resources == review.resources == {"route.dmn": placed.digest}
    assert bytes(placed.content) == rules()
    again = drafts.create_draft_from_version(actor=desk.ana, version_id=version.pk)
    assert again.resources == version.resources
    with pytest.raises(NothingChanged):
        desk.submit(again)


def test_a_changed_file_alone_is_a_new_candidate_of_another_digest(desk: Desk) -> None:
    first = desk.approved(put(desk, asking(desk)))
    version = versions.publish_version(actor=desk.ben, review_id=first.pk, digest=first.digest)
    again = drafts.create_draft_from_version(actor=desk.ana, version_id=version.pk)
    put(desk, again, name="more.dmn", content=rules("more"))
    second = desk.submit(put(desk, again, content=rules(high='"cab"')))
    assert second.model_digest == first.model_digest
    assert second.digest != first.digest
    told = {check.name: check for check in get_review(actor=desk.gita, review_id=second.pk).checks}
    assert told["Decisions"].result == "2 files"
    assert told["Decisions"].detail == "new: more.dmn; changed: route.dmn"


def test_whoever_wrote_a_new_file_elsewhere_does_not_judge_it(desk: Desk) -> None:
    desk.office.person("Gita Olsen", Role.MODELLER)
    other = drafts.create_blank_draft(actor=desk.gita, process_id=desk.process.pk)
    resources.put_file(
        actor=desk.gita, draft_id=other.pk, revision=1, name="a.dmn", content=rules()
    )
    review = desk.submit(put(desk, asking(desk)))
    assert set(review.authors) == {desk.ana.person, desk.gita.person}


@pytest.mark.parametrize(
    "name", ["route.bpmn", ".dmn", ".form", "a b.dmn", "../a.dmn", "é.dmn", "a\n.dmn"]
)
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(BadFileName):
        put(desk, desk.draft(), name=name)


def test_what_is_no_decision_model_is_refused(desk: Desk) -> None:
    with pytest.raises(UnreadableModel):
        put(desk, desk.draft(), content=drawing(""))


def test_a_draft_carries_few_files(desk: Desk) -> None:
    draft = desk.draft()
    for number in range(40):
        put(desk, draft, name=f"{number}.dmn")
    with pytest.raises(TooManyFiles):
        put(desk, draft, name="more.dmn")
    put(desk, draft, name="7.dmn", content=rules("other"))


def test_a_stale_edit_and_one_of_somebody_else_are_refused(desk: Desk) -> None:
    draft = put(desk, desk.draft())
    with pytest.raises(DraftChanged):
        resources.delete_file(actor=desk.ana, draft_id=draft.pk, revision=1, name="route.dmn")
    with pytest.raises(NotAllowed):
        resources.delete_file(actor=desk.ben, draft_id=draft.pk, revision=2, name="route.dmn")


def test_the_api_puts_lists_reads_and_deletes(desk: Desk) -> None:
    ana = browser(desk, "Ana Ruiz")
    draft = asking(desk)
    url = f"/api/v1/drafts/{draft.pk}/decisions"

    saved = send(ana, "put", f"{url}/route.dmn", {"xml": rules().decode()}, If_Match='"2"')
    assert (saved.status_code, saved.json()["revision"], saved["ETag"]) == (200, 3, '"3"')
    assert besides_rules(saved.json()["problems"]) == []
    [listed] = ana.get(url).json()["files"]
    assert listed["decisions"] == [{"id": "route", "name": "Who decides"}]
    assert ana.get(f"{url}/route.dmn").json()["xml"] == rules().decode()
    assert ana.get(f"{url}/other.dmn").status_code == 404

    gone = send(ana, "delete", f"{url}/route.dmn", {}, If_Match='"3"')
    assert (gone.status_code, gone.json()["revision"]) == (200, 4)
    assert ana.get(url).json()["files"] == []
    assert send(ana, "delete", f"{url}/route.dmn", {}, If_Match='"4"').status_code == 404


def test_a_board_member_reads_the_file_as_it_is_judged(desk: Desk) -> None:
    review = desk.submit(put(desk, asking(desk)))
    gita: Client = browser(desk, "Gita Olsen")
    answer = gita.get(f"/api/v1/reviews/{review.pk}").json()
    assert answer["decision_files"] == [
        {"name": "route.dmn", "digest": review.resources["route.dmn"]}
    ]
    shown = gita.get(f"/api/v1/reviews/{review.pk}/decisions/route.dmn")
    assert (shown.status_code, shown.content) == (200, rules())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE designer_resource SET digest = 'x'",
        "DELETE FROM designer_resource",
        "UPDATE designer_review SET resources = '{}'",
    ],
)
def test_what_was_stored_or_judged_never_changes(desk: Desk, statement: str) -> None:
    desk.submit(put(desk, asking(desk)))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Resource.objects.count() == Review.objects.filter(resources__has_key="route.dmn").count()
    reviews.void_standing(of=Review.objects.all(), actor=desk.ana, cause="Still possible")


FORM = b'{"id": "ask", "components": [{"type": "textfield", "key": "why", "label": "Why"}]}'


def asking_by_form(desk: Desk) -> Draft:
    named = '<zeebe:formDefinition formId="ask"/>'
    return drafts.save_draft(
        actor=desk.ana,
        draft_id=desk.draft().pk,
        revision=1,
        xml=drawing(line(user_task(more=named))),
    )


def test_a_form_travels_with_the_draft_and_is_judged_and_published_with_it(desk: Desk) -> None:
    draft = asking_by_form(desk)
    assert codes(desk, draft) == ["form_missing"]
    review = desk.approved(put(desk, draft, name="ask.form", content=FORM))
    told = {check.name: check for check in get_review(actor=desk.gita, review_id=review.pk).checks}
    assert told["Forms"].detail == "new: ask.form"
    assert "Decisions" not in told
    versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    assert bytes(DeploymentResource.objects.get(name="ask.form").content) == FORM


def test_a_form_with_a_flaw_is_kept_and_blocks_the_review_by_name_and_place(desk: Desk) -> None:
    wrong = b'{"id": "ask", "components": [{"type": "magic"}]}'
    draft = put(desk, asking_by_form(desk), name="ask.form", content=wrong)
    told = [row["message"] for row in get_draft(actor=desk.ana, draft_id=draft.pk).problems]
    assert "“ask.form” cannot be shown (component 1)" in told[0]
    with pytest.raises(ModelHasErrors):
        desk.submit(draft)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"components": {}}', rules()])
def test_what_is_no_form_is_refused_and_nothing_is_stored(desk: Desk, content: bytes) -> None:
    draft = desk.draft()
    with pytest.raises(FormUnreadable):
        put(desk, draft, name="ask.form", content=content)
    draft.refresh_from_db()
    assert (draft.revision, draft.resources, Resource.objects.count()) == (1, {}, 0)


def test_the_api_keeps_renames_and_reads_forms_apart_from_decisions(desk: Desk) -> None:
    ana = browser(desk, "Ana Ruiz")
    draft = asking_by_form(desk)
    url = f"/api/v1/drafts/{draft.pk}"
    saved = send(ana, "put", f"{url}/forms/ask.form", {"json": FORM.decode()}, If_Match='"2"')
    assert (saved.status_code, besides_rules(saved.json()["problems"])) == (200, [])
    put(desk, draft)
    [listed] = ana.get(f"{url}/forms").json()["files"]
    assert (listed["name"], listed["form"]) == ("ask.form", "ask")
    assert [one["name"] for one in ana.get(f"{url}/decisions").json()["files"]] == ["route.dmn"]
    assert ana.get(f"{url}/decisions/ask.form").status_code == 404

    renamed = send(ana, "post", f"{url}/files/ask.form/rename", {"to": "b.form"}, If_Match='"4"')
    assert renamed.json()["revision"] == 5
    assert ana.get(f"{url}/forms/b.form").json()["json"] == FORM.decode()
    for to, status in (("route.dmn", 422), ("a b.form", 422)):
        refused = send(ana, "post", f"{url}/files/b.form/rename", {"to": to}, If_Match='"5"')
        assert refused.status_code == status
    send(ana, "put", f"{url}/forms/c.form", {"json": FORM.decode()}, If_Match='"5"')
    taken = send(ana, "post", f"{url}/files/b.form/rename", {"to": "c.form"}, If_Match='"6"')
    assert taken.json()["code"] == "designer.file_name_taken"
    wrong = send(ana, "put", f"{url}/forms/x.dmn", {"json": "{}"}, If_Match='"6"')
    assert wrong.json()["code"] == "designer.bad_file_name"
