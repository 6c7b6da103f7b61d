"""Threads: pinned to a process and an element, seen by its unit, kept as they were said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from common import tenancy
from common.context import Actor
from common.ids import new_id
from common.problems import NotFound
from designer.actions import drafts, threads, versions
from designer.actions.threads import Words
from designer.errors import ElementUnknown, TooManyComments, TooManyThreads, UnknownMention
from designer.models.drafts import Draft
from designer.models.threads import Comment, Mention, Place, Thread
from designer.queries import threads as queries
from designer.queries.threads import Where
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from governance.models.boards import BoardMember
from governance.models.people import Account
from governance.models.units import Role, RoleAssignment
from tests.integration.designer.conftest import Desk
from tests.integration.designer.test_api import browser, send
from tests.support.drawings import drawing, line
from tests.support.floor import user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db

STEP = "check"


@dataclass
class Talked:
    """A draft with one step, and a thread about it."""

    desk: Desk
    draft: Draft
    thread: Thread

    @property
    def where(self) -> Where:
        return at(self.draft)

    def url(self, rest: str = "") -> str:
        return f"/api/v1/drafts/{self.draft.pk}/threads{rest}"

    def told(self, by: Actor | None = None) -> list[Thread]:
        return queries.list_threads(actor=by or self.desk.ana, where=self.where).threads


def at(draft: Draft) -> Where:
    return Where(Place.DRAFT, draft.pk)


def with_step(desk: Desk) -> Draft:
    xml = drawing(line(user_task(STEP)))
    return drafts.save_draft(actor=desk.ana, draft_id=desk.draft().pk, revision=1, xml=xml)


@pytest.fixture
def talked(desk: Desk) -> Talked:
    draft = with_step(desk)
    thread = threads.open_thread(
        actor=desk.ana, where=at(draft), element=STEP, words=Words("Who does this at night?")
    )
    return Talked(desk, draft, thread)


def mentioned(desk: Desk, name: str, *, by: Actor, draft: Draft) -> Thread:
    """Open a thread that names a person."""
    person = desk.office.people[name]
    words = Words(f"@{name} look here", [person.pk])
    return threads.open_thread(actor=by, where=at(draft), element=STEP, words=words)


def test_a_thread_keeps_what_its_element_was_called(talked: Talked) -> None:
    told = talked.told()[0]

    assert (told.element, told.element_name, told.element_kind) == (
        STEP,
        "Check",
        "userTask",
    )
    assert [said.text for said in told.comments.all()] == ["Who does this at night?"]
    assert AuditEntry.objects.filter(code="thread.opened").count() == 1


def test_a_thread_outlives_its_element_its_draft_and_its_version(talked: Talked) -> None:
    desk = talked.desk
    review = desk.approved(talked.draft)
    versions.publish_version(actor=desk.gita, review_id=review.pk, digest=review.digest)
    version = desk.process.versions.get()
    follower = drafts.create_draft_from_version(actor=desk.ana, version_id=version.pk)
    desk.edit(follower, "Without the step")

    for where in (
        talked.where,
        at(follower),
        Where(Place.REVIEW, review.pk),
        Where(Place.VERSION, version.pk),
    ):
        found = queries.list_threads(actor=desk.gita, where=where).threads
        assert [one.element_name for one in found] == ["Check"], where
    with pytest.raises(ElementUnknown):
        threads.open_thread(
            actor=desk.ana, where=at(follower), element=STEP, words=Words("Still there?")
        )
    threads.answer_thread(
        actor=desk.ana, where=at(follower), thread_id=talked.thread.pk, words=Words("It went.")
    )


def test_a_thread_is_answered_resolved_and_opened_again(talked: Talked) -> None:
    desk, thread = talked.desk, talked.thread
    threads.answer_thread(
        actor=desk.gita, where=talked.where, thread_id=thread.pk, words=Words("The night shift.")
    )
    threads.resolve_thread(actor=desk.gita, thread_id=thread.pk)
    threads.resolve_thread(actor=desk.ana, thread_id=thread.pk)
    resolved = talked.told()[0]
    assert resolved.resolved_by is not None
    assert resolved.resolved_by.name == "Gita Olsen"

    threads.answer_thread(
        actor=desk.ana, where=talked.where, thread_id=thread.pk, words=Words("And on Sundays?")
    )
    again = talked.told()[0]
    assert (again.is_resolved, again.comments.count()) == (False, 3)
    threads.resolve_thread(actor=desk.ana, thread_id=thread.pk)
    threads.reopen_thread(actor=desk.ana, thread_id=thread.pk)

    codes = AuditEntry.objects.filter(subject_id=str(thread.pk)).order_by("at", "id")
    assert [entry.code.partition(".")[2] for entry in codes] == [
        "opened", "answered", "resolved", "reopened", "answered", "resolved", "reopened",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (Role.MODELLER, "draft review resolve"),
        (Role.REVIEWER, "draft review resolve"),
        (Role.AUDITOR, "review"),
        (Role.VIEWER, ""),
        (Role.OPERATOR, ""),
        (Role.ADMIN, ""),
    ],
)
def test_each_role_says_and_settles_what_it_may(talked: Talked, role: Role, acts: str) -> None:
    desk = talked.desk
    actor = desk.office.person("Somebody", role)
    asked = desk.submit(talked.draft)

    def says(where: Where) -> None:
        threads.answer_thread(
            actor=actor, where=where, thread_id=talked.thread.pk, words=Words("So it is.")
        )

    tries: dict[str, Callable[[], object]] = {
        "draft": lambda: says(talked.where),
        "review": lambda: says(Where(Place.REVIEW, asked.pk)),
        "resolve": lambda: threads.resolve_thread(actor=actor, thread_id=talked.thread.pk),
    }
    assert talked.told(actor)
    for name, attempt in tries.items():
        if name in acts.split():
            attempt()
        else:
            with pytest.raises(NotAllowed):
                attempt()
    told = queries.list_threads(actor=actor, where=talked.where).acts
    assert ("draft.comment" in told, "thread.resolve" in told) == (
        "draft" in acts,
        "resolve" in acts,
    )


def test_another_unit_finds_nothing(talked: Talked) -> None:
    other = an_office("retail")
    with tenancy.units_in_scope([other.unit.pk, talked.desk.office.unit.pk]):
        stella = other.person("Stella", *Role)
        acts: tuple[Callable[[], object], ...] = (
            lambda: queries.list_threads(actor=stella, where=talked.where),
            lambda: queries.get_thread(actor=stella, thread_id=talked.thread.pk),
            lambda: queries.stamp_of(actor=stella, process_id=talked.thread.process_id),
            lambda: queries.list_people(actor=stella, where=talked.where, text=""),
            lambda: queries.address_of(actor=stella, thread_id=talked.thread.pk),
            lambda: threads.resolve_thread(actor=stella, thread_id=talked.thread.pk),
            lambda: threads.read_mentions(actor=stella, thread_id=talked.thread.pk),
        )
        for act in acts:
            with pytest.raises(NotFound):
                act()
    with tenancy.units_in_scope([other.unit.pk]):
        assert not Thread.objects.exists()
        assert not Comment.objects.exists()


def test_a_guest_on_the_board_sees_the_review_and_not_what_the_unit_says_to_itself(
    talked: Talked,
) -> None:
    desk = talked.desk
    review = desk.submit(talked.draft)
    other = an_office("retail")
    with tenancy.units_in_scope([other.unit.pk, desk.office.unit.pk]):
        guest = other.person("Stella", Role.REVIEWER)
        BoardMember.objects.create(
            unit=desk.office.unit, board=review.board, person=other.people["Stella"]
        )
        with pytest.raises(NotFound):
            queries.list_threads(actor=guest, where=Where(Place.REVIEW, review.pk))


def test_a_thread_of_another_process_is_not_answered_here(talked: Talked) -> None:
    desk = talked.desk
    process = desk.office.process("access", owner="Ana Ruiz", board=desk.process.board)
    other = drafts.create_blank_draft(actor=desk.ana, process_id=process.pk)

    with pytest.raises(Thread.DoesNotExist):
        threads.answer_thread(
            actor=desk.ana, where=at(other), thread_id=talked.thread.pk, words=Words("Here?")
        )


def test_who_is_named_is_told_until_they_read(talked: Talked) -> None:
    desk = talked.desk
    thread = mentioned(desk, "Gita Olsen", by=desk.ana, draft=talked.draft)

    (notice,) = queries.list_notices(desk.gita)
    assert notice.title == ("Ana Ruiz named you at Check, in Production change")
    assert notice.url == f"/threads/{thread.pk}"
    assert queries.count_notices(desk.gita) == 1
    page = browser(desk, "Gita Olsen").get("/work").content.decode()
    assert "Ana Ruiz named you" in page
    talk = queries.list_threads(actor=desk.gita, where=talked.where)
    assert talk.unread == {thread.pk}

    threads.read_mentions(actor=desk.gita, thread_id=thread.pk)
    assert queries.list_notices(desk.gita) == []
    assert queries.count_notices(desk.gita) == 0


def test_a_role_that_is_taken_takes_the_notice_along(talked: Talked) -> None:
    desk = talked.desk
    mentioned(desk, "Gita Olsen", by=desk.ana, draft=talked.draft)
    RoleAssignment.objects.filter(person_id=desk.gita.person).delete()

    assert queries.list_notices(desk.gita) == []
    assert queries.count_notices(desk.gita) == 0


def test_who_names_themselves_need_not_be_told(talked: Talked) -> None:
    mentioned(talked.desk, "Ana Ruiz", by=talked.desk.ana, draft=talked.draft)
    assert queries.count_notices(talked.desk.ana) == 0


def test_only_those_who_may_see_the_process_are_named(talked: Talked) -> None:
    desk = talked.desk
    desk.office.person("Nora Nobody")
    desk.office.person("Lena Left", Role.VIEWER)
    Account.objects.filter(person=desk.office.people["Lena Left"]).update(is_active=False)

    for name in ("Nora Nobody", "Lena Left"):
        with pytest.raises(UnknownMention):
            mentioned(desk, name, by=desk.ana, draft=talked.draft)
    for text, ids in (("Nobody in it", [desk.gita.person]), ("@Gita Olsen", [new_id()])):
        with pytest.raises(UnknownMention):
            threads.open_thread(
                actor=desk.ana, where=talked.where, element=STEP, words=Words(text, ids)
            )
    assert not Mention.objects.exists()


def test_people_are_found_by_how_a_word_of_their_name_begins(talked: Talked) -> None:
    desk = talked.desk
    desk.office.person("Nora Nobody")

    def found(text: str) -> list[str]:
        people = queries.list_people(actor=desk.ana, where=talked.where, text=text)
        return [person.name for person in people]

    assert found("ol") == ["Gita Olsen"]
    assert found("GITA  OL") == ["Gita Olsen"]
    assert found("ita") == []
    assert found("nora") == []
    assert "Ana Ruiz" in found("")
    with pytest.raises(NotAllowed):
        queries.list_people(actor=desk.ben, where=talked.where, text="")


def test_a_thread_leads_to_where_it_is_read_best(talked: Talked) -> None:
    desk, thread = talked.desk, talked.thread

    def leads() -> str:
        return queries.address_of(actor=desk.gita, thread_id=thread.pk).partition("?")[0]

    assert leads() == f"/drafts/{talked.draft.pk}/edit"
    review = desk.submit(talked.draft)
    threads.answer_thread(
        actor=desk.gita,
        where=Where(Place.REVIEW, review.pk),
        thread_id=thread.pk,
        words=Words("Here as well."),
    )
    assert leads() == f"/reviews/{review.pk}"
    desk.vote(review, desk.gita)
    desk.vote(review, desk.sofia)
    versions.publish_version(actor=desk.gita, review_id=review.pk, digest=review.digest)
    assert leads() == f"/processes/{desk.process.key}"
    answer = browser(desk, "Gita Olsen").get(f"/threads/{thread.pk}")
    assert answer["Location"].endswith(f"?thread={thread.pk}")


def test_what_was_said_and_what_it_is_pinned_to_never_change(talked: Talked) -> None:
    for statement in (
        "UPDATE designer_comment SET text = 'other'",
        "DELETE FROM designer_comment",
        "UPDATE designer_thread SET element = 'other'",
        "UPDATE designer_thread SET element_name = ''",
        "DELETE FROM designer_thread",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_nobody_writes_faster_than_people_type(
    talked: Talked, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = talked.desk

    def answer() -> None:
        threads.answer_thread(
            actor=desk.ana, where=talked.where, thread_id=talked.thread.pk, words=Words("More")
        )

    for _ in range(19):
        answer()
    with pytest.raises(TooManyComments):
        answer()
    # A minute later.
    monkeypatch.setattr(threads, "_MINUTE", timedelta(0))
    answer()


def test_a_process_has_no_more_open_threads_than_anybody_answers(
    talked: Talked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_MOST_OPEN", 1)
    with pytest.raises(TooManyThreads):
        threads.open_thread(
            actor=talked.desk.ana, where=talked.where, element=STEP, words=Words("One more")
        )


# --- as programs and islands meet them -----------------------------------------


def thread_of(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.content
    return answer.json()["thread"]


def test_the_whole_way_by_api(talked: Talked) -> None:
    desk = talked.desk
    ana, gita = browser(desk, "Ana Ruiz"), browser(desk, "Gita Olsen")
    body = {"element": STEP, "text": "@Gita Olsen <b>now</b>?", "mentions": [str(desk.gita.person)]}
    opened = thread_of(send(ana, "post", talked.url(), body))
    assert opened["element_name"] == "Check"
    assert opened["comments"][0]["text"] == "@Gita Olsen <b>now</b>?"
    assert opened["comments"][0]["mentions"][0]["name"] == "Gita Olsen"

    listed = gita.get(talked.url()).json()
    assert (listed["may_comment"], listed["may_resolve"]) == (True, True)
    assert listed["unread"] == [opened["id"]]
    assert gita.post(f"/api/v1/threads/{opened['id']}/read").status_code == 204
    assert gita.get(talked.url()).json()["unread"] == []

    url = talked.url(f"/{opened['id']}/comments")
    answered = thread_of(send(gita, "post", url, {"text": "Tonight."}))
    assert [said["place"] for said in answered["comments"]] == ["draft", "draft"]
    resolved = thread_of(gita.post(f"/api/v1/threads/{opened['id']}/resolve"))
    assert resolved["resolved_by"]["name"] == "Gita Olsen"
    assert thread_of(ana.post(f"/api/v1/threads/{opened['id']}/reopen"))["resolved_at"] is None
    people = ana.get(talked.url("/people"), {"q": "gi"}).json()["people"]
    assert [person["name"] for person in people] == ["Gita Olsen"]


BAD = [
    ({"element": STEP, "text": "   "}, 422, "designer.empty_comment"),
    ({"element": STEP, "text": "\u200b\u202eolleh"}, 422, "designer.unsafe_comment"),
    ({"element": STEP, "text": "a\x07b"}, 422, "designer.unsafe_comment"),
    ({"element": STEP, "text": "\ud800"}, 422, "common.unreadable_body"),
    ({"element": STEP, "text": "x" * 4001}, 400, "common.bad_request"),
    ({"element": STEP, "text": "\x00"}, 422, "common.unreadable_body"),
    ({"element": "gone", "text": "Hello"}, 422, "designer.element_unknown"),
    ({"element": "x" * 256, "text": "Hello"}, 400, "common.bad_request"),
    ({"text": "Hello"}, 400, "common.bad_request"),
    ({"element": STEP, "text": "Hello", "person": "Gita"}, 400, "common.bad_request"),
    ({"element": STEP, "text": "Hello", "mentions": ["Gita"]}, 400, "common.bad_request"),
    (
        {"element": STEP, "text": "Hello", "mentions": [str(UUID(int=0))]},
        422,
        "designer.unknown_mention",
    ),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD)
def test_bad_input_is_refused_in_words(
    talked: Talked, body: dict[str, Any], status: int, code: str
) -> None:
    answer = send(browser(talked.desk, "Ana Ruiz"), "post", talked.url(), body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(talked.told()) == 1


def test_a_viewer_reads_and_a_stranger_does_not(talked: Talked) -> None:
    desk = talked.desk
    desk.office.person("Vera", Role.VIEWER)
    vera: Client = browser(desk, "Vera")

    listed = vera.get(talked.url())
    assert (listed.status_code, listed.json()["may_comment"]) == (200, False)
    body = {"element": STEP, "text": "Hello"}
    assert send(vera, "post", talked.url(), body).status_code == 403
    assert Client().get(talked.url()).status_code == 401
