"""Two editors of one draft lose nothing, and every state of 30 days can be had back."""

from __future__ import annotations

import pytest
from django.test import Client

from designer.actions import drafts, states
from designer.errors import DraftChanged, StateGone
from designer.models.drafts import Draft
from designer.queries import states as queries
from engine.bpmn.merging import Choice
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from governance.models.units import Role
from tests.integration.designer.conftest import Desk
from tests.support.sockets import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(desk: Desk) -> Draft:
    desk.office.person("Mona", Role.MODELLER)
    desk.office.grant("Mona", "edit_draft", desk.process)
    return desk.draft()


def named(draft: Draft, **names: str) -> bytes:
    """Return the blank draft with other names: of its start (`start`) or its process."""
    text = bytes(draft.states.get(revision=1).xml).decode()
    if "start" in names:
        text = text.replace('name="Started"', f'name="{names["start"]}"')
    if "process" in names:
        text = text.replace(f'name="{draft.process.name}"', f'name="{names["process"]}"')
    return text.encode()


def save(desk: Desk, draft: Draft, xml: bytes, by: str = "Ana Ruiz") -> Draft:
    now = Draft.objects.get(pk=draft.pk)
    actor = desk.office.person(by)
    return drafts.save_draft(actor=actor, draft_id=draft.pk, revision=now.revision, xml=xml)


def test_edits_of_different_things_become_one_that_can_be_saved(desk: Desk, draft: Draft) -> None:
    save(desk, draft, named(draft, process="Theirs"))

    meeting = states.merge_edit(
        actor=desk.office.person("Mona"),
        draft_id=draft.pk,
        began=1,
        xml=named(draft, start="Mine"),
        choices={},
    )

    assert meeting.merged.conflicts == ()
    assert meeting.draft.revision == 2
    saved = save(desk, draft, meeting.merged.file, by="Mona")
    assert all(word in bytes(saved.xml).decode() for word in ('"Mine"', '"Theirs"'))
    assert [state.is_aside for state in draft.states.all()] == [False] * 3


def test_edits_that_meet_are_named_and_kept_aside_once(desk: Desk, draft: Draft) -> None:
    save(desk, draft, named(draft, start="Theirs"))
    mona, mine = desk.office.person("Mona"), named(draft, start="Mine")
    answers: tuple[dict[str, Choice], ...] = ({}, {"StartEvent_1": "theirs"})
    for choices in answers:
        meeting = states.merge_edit(
            actor=mona, draft_id=draft.pk, began=1, xml=mine, choices=choices
        )

    (conflict,) = meeting.merged.conflicts
    assert "Mine" in conflict.mine[0]
    assert "Theirs" in conflict.theirs[0]
    assert b'"Theirs"' in meeting.merged.file
    (aside,) = draft.states.filter(is_aside=True)
    assert (bytes(aside.xml), aside.saved_by.name) == (mine, "Mona")
    assert AuditEntry.objects.filter(code="draft.set_aside").count() == 1
    assert "Mona" in [author.person.name for author in draft.authors.all()]
    rows = queries.list_states(actor=desk.ana, draft_id=draft.pk).rows
    assert [row.state.is_aside for row in rows] == [True, False, False]
    assert "Mine" in rows[0].sentences[0]


def test_whoever_may_not_edit_brings_nothing_together(desk: Desk, draft: Draft) -> None:
    with pytest.raises(NotAllowed):
        states.merge_edit(actor=desk.ben, draft_id=draft.pk, began=1, xml=named(draft), choices={})


def test_edits_begun_from_a_state_that_is_gone_are_refused(desk: Desk, draft: Draft) -> None:
    save(desk, draft, named(draft, start="Theirs"))
    draft.states.filter(revision=1).delete()

    with pytest.raises(StateGone):
        states.merge_edit(
            actor=desk.ana, draft_id=draft.pk, began=1, xml=bytes(draft.xml), choices={}
        )


def test_an_earlier_state_becomes_the_next_one_and_the_others_stay(
    desk: Desk, draft: Draft
) -> None:
    first = bytes(draft.xml)
    save(desk, draft, named(draft, start="Later"))
    earlier = draft.states.get(revision=1)

    view = queries.get_state(actor=desk.ana, draft_id=draft.pk, state_id=earlier.pk)
    assert "Started" in view.back[0]["sentence"]
    assert view.may_restore
    assert not queries.get_state(actor=desk.ben, draft_id=draft.pk, state_id=earlier.pk).may_restore
    with pytest.raises(DraftChanged):
        states.restore_state(actor=desk.ana, draft_id=draft.pk, revision=1, state_id=earlier.pk)
    states.restore_state(actor=desk.ana, draft_id=draft.pk, revision=2, state_id=earlier.pk)

    now = Draft.objects.get(pk=draft.pk)
    assert (now.revision, bytes(now.xml)) == (3, first)
    assert [state.revision for state in draft.states.all()] == [3, 2, 1]


def test_the_pages_show_the_states_and_give_one_back(desk: Desk, draft: Draft) -> None:
    save(desk, draft, named(draft, start="Later"))
    earlier = draft.states.get(revision=1)
    name, _, value = signed_in(desk.office, "Ana Ruiz").decode().partition("=")
    client = Client()
    client.cookies[name] = value
    page = f"/drafts/{draft.pk}/states"

    listed = client.get(page).content.decode()
    shown = client.get(f"{page}/{earlier.pk}").content.decode()
    sent = client.post(f"{page}/{earlier.pk}/restore", {"revision": "2"})

    assert "Later" in listed
    assert f"{page}/{earlier.pk}" in listed
    assert "<svg" in shown
    assert "Have it back" in shown
    assert sent["Location"] == f"/drafts/{draft.pk}/edit"
    assert Draft.objects.get(pk=draft.pk).revision == 3
