"""The demo's models run to their ends on the pure machine, with the stand-in behind their calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.happenings import HAPPENINGS, Happening
from demo.itsm import routes
from demo.itsm.book import Book
from demo.itsm.exchange import Request
from demo.itsm.faults import Faults
from demo.register import MODELS
from engine.bpmn import parser
from engine.semantics import variables
from engine.semantics.commands import CompleteJob, FailJob, FailureKind
from engine.semantics.state import JobStatus
from tests.support.runs import Run

CHANGE = {
    "title": "Upgrade the ledger",
    "service": "ledger",
    "previous_version": "4.1",
    "version": "4.2",
    "effect": "None.",
    "way_back": "Deploy 4.1.",
    "opens_in": "PT8H",
}


class Company:
    """A stand-in in this process, and the machine's runs that call it."""

    def __init__(self, folder: Path) -> None:
        self.book = Book(folder / "itsm.sqlite3")
        self.desk = routes.Desk(self.book, Faults())

    def start(self, model: str, values: Mapping[str, object]) -> Run:
        file = (MODELS / f"{model}.bpmn").read_bytes()
        (process,) = parser.read(file).executable
        connection = {"itsm": "http://itsm.example"}
        return self.work(Run(process).start(connection=connection, **values))

    def work(self, run: Run) -> Run:
        """Do the jobs of a run as a worker would, until none is left that can be done."""
        while jobs := [job for job in run.state.jobs.values() if job.status is JobStatus.PENDING]:
            job = jobs[0]
            inputs = variables.view(run.state, job.activity)
            body = json.dumps(inputs["body"], default=str).encode()
            asked = Request(
                inputs["method"],
                urlsplit(inputs["url"]).path,
                headers={"content-type": "application/json", "idempotency-key": job.activity},
                body=body,
            )
            answer = routes.serve(self.desk, asked)
            if answer.status < 300:
                response = {"status": answer.status, "body": json.loads(answer.body)}
                run.do(CompleteJob(job.activity, job.generation, {"response": response}))
            else:
                cause = json.loads(answer.body)["title"]
                run.do(FailJob(job.activity, job.generation, cause, FailureKind.PERMANENT))
        return run

    def tickets(self) -> list[str]:
        return [row["state"] for row in self.book.rows("SELECT state FROM tickets ORDER BY id")]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    company = Company(tmp_path)
    yield company
    company.book.close()


def test_a_change_is_approved_deployed_confirmed_and_closed(company: Company) -> None:
    run = company.start("production-change", CHANGE)
    run.vote("approve_change", "marek", "approve")
    company.work(run)
    assert run.waiting == ["window_opens"]

    run.advance(hours=8)
    company.work(run)
    run.complete("confirm_result", resolution="Upgraded.")
    company.work(run)

    assert run.status == "COMPLETED"
    assert company.tickets() == ["closed"]


def test_a_change_that_makes_its_service_ill_is_rolled_back(company: Company) -> None:
    run = company.start("production-change", {**CHANGE, "service": "search-index"})
    run.vote("approve_change", "marek", "approve")
    company.work(run)
    run.advance(hours=8)
    company.work(run)

    assert "roll_back" in run.passed
    assert run.waiting == ["confirm_result"]


def test_a_rejected_change_opens_no_ticket(company: Company) -> None:
    run = company.start("production-change", CHANGE)
    run.vote("approve_change", "priya", "reject", reason="No way back.")
    company.work(run)

    assert run.status == "COMPLETED"
    assert company.tickets() == []


def test_a_board_that_is_late_is_reminded_and_still_decides(company: Company) -> None:
    run = company.start("production-change", CHANGE)
    run.advance(hours=4)
    company.work(run)

    assert "remind_board" in run.passed
    assert "approve_change" in run.waiting


def test_a_role_is_taken_away_when_its_time_is_over(company: Company) -> None:
    asked = {"role": "poster", "held_role": "payer", "person": "n.haugen", "system": "SAP"}
    run = company.start("access-request", {**asked, "reason": "x", "ends_after": "P30D"})
    run.vote("accept_exception", "sofia", "approve")
    run.vote("accept_exception", "priya", "approve")
    company.work(run)
    run.complete("grant_by_hand", granted_as="NHAUGEN")
    run.advance(days=30)
    company.work(run)

    assert run.status == "COMPLETED"
    assert company.book.row("SELECT target FROM operations") == {"target": "NHAUGEN"}


def test_a_major_incident_ends_when_service_and_vendor_answered(company: Company) -> None:
    happening = next(one for one in HAPPENINGS if one.process == "major-incident")
    run = company.start("major-incident", {**happening.values})
    run.complete("confirm_severity", severity="1")
    company.work(run)
    run.advance(minutes=30)
    company.work(run)
    run.complete("diagnose", cause="Bad pool.", standby="edge-c")
    company.work(run)
    run.complete("verify", finding="Payments pass.")
    run.publish("vendor-answered")
    run.advance(minutes=30)
    company.work(run)
    run.complete("declare", restored_at="13:40")
    run.complete("post_mortem", timeline="x", measures="Watch the pool.")
    company.work(run)

    assert run.status == "COMPLETED"
    assert run.passed.count("post_status") == 2
    assert company.tickets() == ["closed", "open"]


def test_a_patch_reaches_every_ring(company: Company) -> None:
    run = company.start("patch-rollout", {"patch": "2026-11", "rings": 2, "watch_for": "PT1M"})
    run.advance(minutes=1)
    company.work(run)
    run.vote("release_ring", "ana", "approve")
    company.work(run)
    run.advance(minutes=1)
    company.work(run)

    assert run.status == "COMPLETED"
    targets = company.book.rows("SELECT target FROM operations ORDER BY id")
    assert [row["target"] for row in targets] == ["ring-1", "ring-2"]


@pytest.mark.parametrize("happening", HAPPENINGS, ids=lambda one: one.reference)
def test_what_happens_in_the_demo_comes_to_rest(company: Company, happening: Happening) -> None:
    run = company.start(happening.process, {"reference": happening.reference, **happening.values})
    for deed in happening.deeds:
        if deed.decision:
            run.vote(deed.element, deed.by, deed.decision, reason=deed.reason)
        else:
            run.complete(deed.element, deed.by, **deed.values)
        company.work(run)
    run.advance(seconds=1)
    company.work(run)

    stuck = [incident.cause for incident in run.state.incidents.values()]
    in_maintenance = happening.values.get("service") == "edge-b"
    assert bool(stuck) == in_maintenance, stuck
    assert run.waiting or stuck or run.status == "COMPLETED"
