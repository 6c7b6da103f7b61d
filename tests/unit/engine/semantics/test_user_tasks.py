"""User tasks are offered, assigned, voted on and completed."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.elements import Gate, IoMapping
from engine.semantics.commands import AssignUserTask, CompleteUserTask, SetVariables
from engine.semantics.errors import (
    AlreadyVoted,
    DecisionReserved,
    DecisionUnreadable,
    PersonMissing,
    WorkGone,
)
from engine.semantics.events import UserTaskCompleted, UserTaskCreated, UserTaskVoted
from tests.support.processes import a_process
from tests.support.runs import T0, Run

NAMED = (IoMapping("{by: decided_by}", "verdict.by"), IoMapping("decision", "verdict.said"))
OUTPUTS = (IoMapping("decided_by", "approver"), IoMapping("decision", "verdict"))


def a_gate(quorum: int = 1, **fields: Any) -> Run:
    return Run(a_process().user_task("gate", gate=Gate(quorum), **fields).end()).start(x=1)


class TestOffer:
    def test_reads_assignment_by_zeebes_rule(self) -> None:
        run = Run(
            a_process()
            .user_task(
                "a",
                assignee="ada",
                candidate_groups="network, database",
                candidate_users="= people",
            )
            .end()
        ).start(people=["bob", "eve"])

        [created] = run.of(UserTaskCreated)
        assert created.assignee == "ada"
        assert created.candidate_groups == ("network", "database")
        assert created.candidate_users == ("bob", "eve")

    @pytest.mark.parametrize(
        "due", ["PT2H", "2030-01-01T02:00:00Z", "= when"], ids=["duration", "date", "expression"]
    )
    def test_a_due_time_is_a_date_or_a_duration(self, due: str) -> None:
        run = Run(a_process().user_task("a", due=due).end()).start(when="PT2H")
        [created] = run.of(UserTaskCreated)
        assert (created.due_at - T0).total_seconds() == 7200

    @pytest.mark.parametrize(
        ("written_as", "priority"), [(None, 50), ("80", 80), ("= x * 10", 70), ("900", 100)]
    )
    def test_a_priority_is_a_number(self, written_as: str | None, priority: int) -> None:
        run = Run(a_process().user_task("a", priority=written_as).end()).start(x=7)
        assert run.of(UserTaskCreated)[0].priority == priority

    def test_an_assignee_that_is_no_name_stops_the_token_and_not_the_run(self) -> None:
        run = Run(a_process().user_task("a", assignee="= 5").end()).start()
        [incident] = run.state.incidents.values()
        assert (incident.element, incident.code) == ("a", "engine.value_unusable")
        assert incident.activity


class TestComplete:
    def test_the_result_reaches_the_run(self) -> None:
        run = Run(a_process().user_task("a").end()).start(x=1)
        run.complete("a", x=2, y=3)
        assert run.variables == {"x": 2, "y": 3}
        assert run.status == "COMPLETED"

    def test_needs_a_person(self) -> None:
        run = Run(a_process().user_task("a").end()).start()
        with pytest.raises(PersonMissing):
            run.complete("a", person="")

    def test_twice_is_refused(self) -> None:
        run = Run(a_process().user_task("a").user_task("b").end()).start()
        first = run.task("a")
        run.complete("a")
        with pytest.raises(WorkGone):
            run.do(CompleteUserTask(first, "bob"))

    def test_takes_no_decision_where_there_is_no_gate(self) -> None:
        run = Run(a_process().user_task("a").end()).start()
        with pytest.raises(DecisionUnreadable):
            run.vote("a", "ada", "approve")

    def test_can_be_assigned_and_given_back(self) -> None:
        run = Run(a_process().user_task("a").end()).start()
        for person in ("ada", ""):
            run.do(AssignUserTask(run.task("a"), person))
            assert run.state.user_tasks[run.task("a")].assignee == person


class TestGate:
    def test_one_approval_is_enough_for_a_quorum_of_one(self) -> None:
        run = a_gate()
        run.vote("gate", "ada", "approve", reason="looks safe")
        assert run.variables == {"x": 1, "decision": "approve"}
        assert run.status == "COMPLETED"

    def test_only_the_decision_leaves_a_gate_without_mappings(self) -> None:
        run = a_gate()
        run.vote("gate", "ada", "approve", variables={"x": 99})
        assert run.variables == {"x": 1, "decision": "approve"}

    def test_output_mappings_choose_what_leaves(self) -> None:
        run = a_gate(outputs=OUTPUTS)
        run.vote("gate", "ada", "reject", reason="no window")
        assert run.variables == {"x": 1, "approver": "ada", "verdict": "reject"}

    def test_what_a_person_fills_in_never_stands_for_the_vote(self) -> None:
        run = a_gate(outputs=OUTPUTS)
        forged = {"decision": "approve", "decided_by": "eve"}
        run.vote("gate", "ada", "reject", variables=forged)
        assert run.variables == {"x": 1, "approver": "ada", "verdict": "reject"}

    def test_a_quorum_takes_that_many_different_persons(self) -> None:
        run = a_gate(quorum=2)
        run.vote("gate", "ada", "approve")
        assert run.waiting == ["gate"]
        assert "decision" not in run.variables

        run.vote("gate", "bob", "approve")
        assert run.variables["decision"] == "approve"
        assert [vote.person for vote in run.of(UserTaskVoted)] == ["ada", "bob"]
        assert run.of(UserTaskCompleted)[0].decision == "approve"

    def test_each_person_has_one_vote(self) -> None:
        run = a_gate(quorum=2)
        run.vote("gate", "ada", "approve")
        before = run.frozen()
        with pytest.raises(AlreadyVoted):
            run.vote("gate", "ada", "approve")
        assert run.state == before

    def test_a_quorum_of_none_is_still_a_gate(self) -> None:
        run = a_gate(quorum=0)
        with pytest.raises(DecisionUnreadable):
            run.complete("gate")

    def test_one_reject_ends_it(self) -> None:
        run = a_gate(quorum=3)
        run.vote("gate", "ada", "approve")
        run.vote("gate", "bob", "reject")
        assert run.variables["decision"] == "reject"
        assert run.status == "COMPLETED"

    @pytest.mark.parametrize("decision", [None, "", "Approve", "yes"])
    def test_takes_nothing_but_approve_and_reject(self, decision: str | None) -> None:
        run = a_gate()
        with pytest.raises(DecisionUnreadable):
            run.do(CompleteUserTask(run.task("gate"), "ada", decision=decision))


def a_wait_after_a_gate(outputs: tuple[IoMapping, ...] = (), reads: str = "decision") -> Run:
    """Reject at a gate; before the flow is chosen by it, a message is waited for."""
    process = (
        a_process()
        .user_task("gate", gate=Gate(1), outputs=outputs)
        .message("wait", "Ready")
        .exclusive("which")
        .when(f'{reads} = "approve"')
        .stop("done")
        .at("which")
        .otherwise()
        .stop("refused")
    )
    run = Run(process.build()).start()
    run.vote("gate", "eve", "reject", reason="no")
    return run


class TestWhatAGateDecided:
    @pytest.mark.parametrize(
        ("outputs", "reads", "name"),
        [((), "decision", "decision"), (NAMED, "verdict.said", "verdict")],
        ids=["by default", "under the names of its outputs"],
    )
    def test_is_set_by_no_message(
        self, outputs: tuple[IoMapping, ...], reads: str, name: str
    ) -> None:
        run = a_wait_after_a_gate(outputs, reads)

        with pytest.raises(DecisionReserved) as refusal:
            run.publish("Ready", **{name: "approve"})
        assert refusal.value.context == {"name": name}

        run.publish("Ready", other="approve")
        assert run.passed[-1] == "refused"

    def test_is_set_by_no_start_no_other_work_and_no_operator(self) -> None:
        process = a_process().user_task("work").user_task("gate", gate=Gate(1)).end()
        with pytest.raises(DecisionReserved):
            Run(process).start(decision="approve")

        run = Run(process).start()
        for command in (
            CompleteUserTask(run.task("work"), "eve", {"decision": "approve"}),
            SetVariables({"decision": "approve"}),
        ):
            with pytest.raises(DecisionReserved):
                run.do(command)

    def test_is_a_name_like_any_other_where_there_is_no_gate(self) -> None:
        run = Run(a_process().user_task("work").end()).start(decision="as you like")

        assert run.variables == {"decision": "as you like"}
