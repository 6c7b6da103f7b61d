"""Work of people: who may do it, who may not decide, and what counts as a decision."""

from __future__ import annotations

import pytest
from django.test import Client

from common.problems import NotFound
from engine.actions import user_tasks
from engine.actions.user_tasks import Answer
from engine.errors import (
    FormIncomplete,
    NobodyElse,
    NotClaimed,
    ReasonMissing,
    RequestDiffers,
    UserTaskTaken,
)
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.user_tasks import UserTask
from engine.semantics.errors import AlreadyVoted, WorkGone
from governance.errors import NotAllowed, OwnWork
from governance.models.audit import AuditEntry
from governance.models.boards import Board, BoardMember
from governance.models.people import Account
from governance.models.units import Role
from tests.support.drawings import extended, line
from tests.support.floor import Floor, gate, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(floor: Floor) -> UserTask:
    floor.deploy(line(user_task()))
    return floor.task(floor.start())


@pytest.fixture
def decision(floor: Floor) -> UserTask:
    floor.deploy(line(gate(quorum=2)))
    return floor.task(floor.start())


def on_the_board(floor: Floor, name: str) -> None:
    BoardMember.objects.create(
        unit=floor.office.unit, board=Board.objects.get(key="cab"), person=floor.office.people[name]
    )


def test_who_is_no_candidate_may_not_complete(floor: Floor, work: UserTask) -> None:
    with pytest.raises(NotAllowed):
        floor.complete(work, by=floor.ben)


def test_a_claimed_task_is_left_to_who_has_it(floor: Floor, work: UserTask) -> None:
    user_tasks.claim_user_task(actor=floor.ola, user_task_id=work.pk)

    with pytest.raises(UserTaskTaken):
        user_tasks.claim_user_task(actor=floor.pia, user_task_id=work.pk)
    with pytest.raises(UserTaskTaken):
        floor.complete(work, by=floor.pia)
    assert floor.complete(work, by=floor.ola).state == "COMPLETED"


def test_a_task_is_done_once(floor: Floor, work: UserTask) -> None:
    floor.complete(work)

    with pytest.raises(WorkGone):
        floor.complete(work, by=floor.pia)


def test_a_retry_with_the_same_key_is_answered_as_before(floor: Floor, work: UserTask) -> None:
    def send(reason: str = "") -> UserTask:
        answer = Answer(reason=reason)
        return user_tasks.complete_user_task(
            actor=floor.ola, user_task_id=work.pk, answer=answer, idempotency_key="k"
        )

    assert send().state == send().state == "COMPLETED"
    with pytest.raises(RequestDiffers):
        send(reason="Another request")


def test_nothing_can_be_set_that_no_form_asks_for(floor: Floor, work: UserTask) -> None:
    with pytest.raises(FormIncomplete) as refused:
        floor.complete(work, variables={"admin": True})
    assert refused.value.problems[0]["field"] == "admin"


def test_a_gate_needs_its_quorum_of_different_persons(floor: Floor, decision: UserTask) -> None:
    floor.complete(decision, by=floor.gita, decision="approve")
    assert floor.task(decision.instance).pk == decision.pk
    with pytest.raises(AlreadyVoted):
        floor.complete(decision, by=floor.gita, decision="approve")

    done = floor.complete(decision, by=floor.sofia, decision="approve", reason="Rehearsed")

    assert (done.state, done.decision) == ("COMPLETED", "approve")
    assert [vote["decision"] for vote in done.votes] == ["approve", "approve"]
    assert Instance.objects.get().state == "COMPLETED"


def test_one_rejection_decides_and_says_why(floor: Floor, decision: UserTask) -> None:
    with pytest.raises(ReasonMissing):
        floor.complete(decision, by=floor.gita, decision="reject")

    done = floor.complete(decision, by=floor.gita, decision="reject", reason="No way back")

    assert (done.state, done.decision) == ("COMPLETED", "reject")
    assert AuditEntry.objects.filter(code="gate.decided").count() == 1


def test_the_starter_may_not_decide_even_as_a_member(floor: Floor, decision: UserTask) -> None:
    on_the_board(floor, "Ben Carter")

    with pytest.raises(OwnWork, match="started"):
        floor.complete(decision, by=floor.ben, decision="approve")


def test_an_author_may_not_decide_under_any_account(floor: Floor, decision: UserTask) -> None:
    on_the_board(floor, "Ana Ruiz")
    floor.office.account("Ana Ruiz", "ana.second@shared-it.example")
    second = floor.office.people["Ana Ruiz"].accounts.order_by("-created_at").first()
    assert second is not None
    other_account = type(floor.ana)(
        name=floor.ana.name, person_id=floor.ana.person_id, account_id=second.pk
    )

    for actor in (floor.ana, other_account):
        with pytest.raises(OwnWork, match="wrote"):
            floor.complete(decision, by=actor, decision="approve")


def test_an_author_may_do_ordinary_work(floor: Floor) -> None:
    floor.office.team("authors", "Ana Ruiz")
    floor.deploy(line(user_task(groups="authors")))

    assert floor.complete(floor.task(floor.start()), by=floor.ana).state == "COMPLETED"


def test_work_that_names_nobody_falls_to_the_owner(floor: Floor) -> None:
    floor.deploy(line('<userTask id="work" name="Work"/>'))
    task = floor.task(floor.start())

    assert floor.complete(task, by=floor.office.person("Olga")).state == "COMPLETED"


def test_a_person_is_found_by_address_in_the_unit_alone(floor: Floor) -> None:
    assigned = (
        '<userTask id="work"><extensionElements><zeebe:assignmentDefinition'
        ' candidateUsers="OLA.BERG@shared-it.example, stranger@elsewhere.example"/>'
        "</extensionElements></userTask>"
    )
    floor.deploy(line(assigned))

    task = floor.task(floor.start())

    assert task.candidate_persons == [floor.ola.person_id]
    assert task.unresolved == ["stranger@elsewhere.example"]


@pytest.mark.parametrize("text", [r"a\u0000b", "x" * 256], ids=["NUL", "too long"])
@pytest.mark.parametrize("offered", ["assignee", "candidateGroups", "candidateUsers"])
def test_a_name_that_no_column_holds_is_an_incident(floor: Floor, offered: str, text: str) -> None:
    assigned = f'<zeebe:assignmentDefinition {offered}="=&quot;{text}&quot;"/>'
    floor.deploy(
        line(f'<userTask id="t"><extensionElements>{assigned}</extensionElements></userTask>')
    )
    assert floor.start().state == "FAILED"
    assert Incident.objects.get().code == "engine.value_unusable"


def test_another_unit_knows_of_no_task(floor: Floor, work: UserTask) -> None:
    other = an_office("retail")
    with other.open():
        stella = other.person("Stella", *Role)
        with pytest.raises((NotFound, UserTask.DoesNotExist)):
            floor.complete(work, by=stella)


def test_a_claimed_task_is_given_back_to_all_it_was_offered_to(
    floor: Floor, work: UserTask
) -> None:
    user_tasks.claim_user_task(actor=floor.ola, user_task_id=work.pk)

    with pytest.raises(NotClaimed):
        user_tasks.release_user_task(actor=floor.pia, user_task_id=work.pk)
    released = user_tasks.release_user_task(actor=floor.ola, user_task_id=work.pk)

    assert (released.assignee, released.holder) == (None, "")
    assert user_tasks.claim_user_task(actor=floor.pia, user_task_id=work.pk).assignee_id
    codes = AuditEntry.objects.filter(code__startswith="user_task.").order_by("id")
    assert [*codes.values_list("code", flat=True)] == [
        "user_task.claimed",
        "user_task.released",
        "user_task.claimed",
    ]


def test_a_task_given_to_one_person_is_not_given_back_to_nobody(floor: Floor) -> None:
    assigned = '<zeebe:assignmentDefinition assignee="ola.berg@shared-it.example"/>'
    floor.deploy(line(extended("userTask", assigned)))
    task = floor.task(floor.start())

    with pytest.raises(NobodyElse):
        user_tasks.release_user_task(actor=floor.ola, user_task_id=task.pk)
    floor.complete(task, by=floor.ola)
    with pytest.raises((WorkGone, NotAllowed)):
        user_tasks.release_user_task(actor=floor.ola, user_task_id=task.pk)


def test_who_has_a_task_gives_it_back_on_its_page(
    floor: Floor, work: UserTask, client: Client
) -> None:
    client.force_login(Account.objects.get(person_id=floor.ola.person))
    page = f"/work?task={work.pk}"
    assert "Give back" not in client.get(page).content.decode()

    client.post(f"/work/{work.pk}/claim")
    assert "Give back" in client.get(page).content.decode()
    answer = client.post(f"/api/v1/user-tasks/{work.pk}/release")

    assert answer.status_code == 200
    assert "Claim" in client.get(page).content.decode()
    again = client.post(f"/api/v1/user-tasks/{work.pk}/release")
    assert (again.status_code, again.json()["code"]) == (409, "engine.not_claimed")
