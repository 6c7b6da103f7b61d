"""Work of people: who may do it, who may not decide, and what counts as a decision."""

from __future__ import annotations

import pytest

from common.problems import NotFound
from engine.actions import user_tasks
from engine.actions.user_tasks import Answer
from engine.errors import FormIncomplete, ReasonMissing, RequestDiffers, UserTaskTaken
from engine.models.instances import Instance
from engine.models.user_tasks import UserTask
from engine.semantics.errors import AlreadyVoted, WorkGone
from governance.errors import NotAllowed, OwnWork
from governance.models.audit import AuditEntry
from governance.models.boards import Board, BoardMember
from governance.models.units import Role
from tests.support.drawings import line
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


def test_another_unit_knows_of_no_task(floor: Floor, work: UserTask) -> None:
    other = an_office("retail")
    with other.open():
        stella = other.person("Stella", *Role)
        with pytest.raises((NotFound, UserTask.DoesNotExist)):
            floor.complete(work, by=stella)
