"""Drafts: kept byte for byte, no edit lost, everyone who saved remembered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.problems import NotFound, document
from designer import files
from designer.actions import drafts, versions
from designer.actions.processes import Entry
from designer.errors import DraftChanged, DraftClosed
from designer.models.drafts import Draft, DraftState
from designer.queries.drafts import get_draft
from engine.xml import UnreadableModel
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from governance.models.processes import Process
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.support.lint import besides_rules
from tests.support.office import an_office
from tests.support.shared import SHARED

pytestmark = pytest.mark.django_db

REFERENCE = sorted((SHARED / "miwg").rglob("*.bpmn"))


def test_a_stale_edit_is_refused_with_who_and_when(desk: Desk) -> None:
    draft = desk.draft()
    desk.edit(draft, "First")

    with pytest.raises(DraftChanged) as refusal:
        drafts.save_draft(
            actor=desk.ana, draft_id=draft.pk, revision=1, xml=files.blank("a", "Second")
        )

    answer = document(refusal.value, "/")
    assert (answer["status"], answer["who"], answer["revision"]) == (412, "Ana Ruiz", 2)
    assert answer["at"]


def test_every_state_is_kept_for_thirty_days(desk: Desk) -> None:
    draft = desk.edit(desk.draft(), "First")
    assert [state.revision for state in draft.states.all()] == [2, 1]

    old = draft.states.get(revision=1)
    old.saved_at = clock.now() - timedelta(days=31)
    old.save()
    desk.edit(draft, "Second")

    assert list(DraftState.objects.values_list("revision", flat=True)) == [3, 2]


def test_another_modeller_edits_only_with_a_grant(desk: Desk) -> None:
    draft = desk.draft()
    mona = desk.office.person("Mona", Role.MODELLER)
    with pytest.raises(NotAllowed):
        desk.edit(draft, "By Mona", by=mona)

    desk.office.grant("Mona", "edit_draft", desk.process)
    desk.edit(draft, "By Mona", by=mona)

    assert [author.person.name for author in draft.authors.all()] == ["Ana Ruiz", "Mona"]


def test_a_viewer_starts_no_draft(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.draft(by=desk.ben)


def test_a_person_of_another_unit_finds_no_draft(desk: Desk) -> None:
    draft = desk.draft()
    other = an_office("retail")
    with other.open():
        stella = other.person("Stella", Role.MODELLER)
        with pytest.raises(Draft.DoesNotExist):
            desk.edit(draft, "Stolen", by=stella)
    with pytest.raises(NotFound):
        desk.draft(by=stella)


def test_a_published_draft_is_edited_no_more(desk: Desk) -> None:
    review = desk.approved()
    versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    with pytest.raises(DraftClosed) as refusal:
        desk.edit(review.draft, "Later")
    assert refusal.value.context["number"] == 1


def test_what_is_no_model_is_neither_saved_nor_recorded(desk: Desk) -> None:
    draft = desk.draft()
    entries = AuditEntry.objects.count()
    with pytest.raises(UnreadableModel):
        drafts.save_draft(actor=desk.ana, draft_id=draft.pk, revision=1, xml=b"<!DOCTYPE a><a/>")
    assert Draft.objects.get(pk=draft.pk).revision == 1
    assert AuditEntry.objects.count() == entries


def test_a_bad_file_registers_no_process(desk: Desk) -> None:
    entry = Entry(key="new-one", name="New one", board="cab")
    with pytest.raises(UnreadableModel):
        drafts.register_with_draft(
            actor=desk.ana, unit_id=desk.office.unit.pk, entry=entry, file=b"<no"
        )
    assert Process.objects.count() == 1


@pytest.mark.skipif(not REFERENCE, reason="the reference models lie beside the repository")
def test_reference_models_are_kept_byte_for_byte(desk: Desk) -> None:
    for path in REFERENCE:
        file = path.read_bytes()
        draft = drafts.import_model(actor=desk.ana, process_id=desk.process.pk, file=file)
        assert bytes(Draft.objects.get(pk=draft.pk).xml) == file, path.name


def test_what_camunda_7_says_is_converted_and_the_rest_is_told(desk: Desk) -> None:
    model = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        b'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">'
        b'<process id="p" isExecutable="true"><startEvent id="s"/><userTask id="u" '
        b'camunda:assignee="${owner}"/><serviceTask id="j" camunda:class="a.B"/><endEvent id="e"/>'
        b'<sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" '
        b'targetRef="j"/><sequenceFlow id="f3" sourceRef="j" targetRef="e"/></process>'
        b"</definitions>"
    )
    draft = drafts.import_model(actor=desk.ana, process_id=desk.process.pk, file=model)

    assert b'assignee="=owner"' in bytes(draft.xml)
    told = {
        (one["code"], one["element"])
        for one in besides_rules(get_draft(actor=desk.ana, draft_id=draft.pk).problems)
    }
    assert told == {("connector_missing", "j"), ("vendor_setting", "j")}
