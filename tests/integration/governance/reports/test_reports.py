"""Reports say what is true, show the rows behind it, and export them safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from designer.board import Outcome, Verdict
from designer.models.drafts import Draft
from designer.models.reviews import Review, Vote
from designer.models.versions import Version
from engine.models.deployments import Deployment
from engine.models.instances import Instance, RunState
from governance.models.boards import Board
from governance.models.processes import Process
from governance.models.units import Role, RoleAssignment
from governance.reports import ownership, reviews, usage
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        office.person("Dora", Role.AUDITOR)
        yield office


@pytest.fixture
def board(office: Office) -> Board:
    return office.board(members=("Priya", "Ben"))


@pytest.fixture
def dora(client: Client, office: Office) -> Client:
    client.force_login(office.people["Dora"].accounts.get())
    return client


def a_process(office: Office, board: Board, key: str, owner: str, backup: str = "") -> Process:
    process = office.process(key, owner=owner, board=board)
    if backup:
        office.person(backup, Role.MODELLER)
        process.backup_owner = office.people[backup]
        process.team = office.team(f"team-{key}")
        process.save()
    return process


def a_review(office: Office, process: Process, number: int, **facts: object) -> Review:
    draft = Draft.objects.filter(process=process).first() or Draft.objects.create(
        unit=office.unit,
        process=process,
        xml=b"<x/>",
        revision=1,
        created_at=clock.now(),
        created_by=process.owner,
        saved_at=clock.now(),
        saved_by=process.owner,
    )
    given = {
        "submitted_at": clock.now() - timedelta(days=5, hours=1),
        "outcome": Outcome.PENDING.value,
        **facts,
    }
    return Review.objects.create(
        unit=office.unit,
        number=number,
        process=process,
        draft=draft,
        draft_revision=1,
        version_number=number,
        xml=b"<x/>",
        model_digest="0" * 64,
        digest="0" * 64,
        board=process.board,
        quorum=2,
        authors=[process.owner_id],
        submitted_by=process.owner,
        **given,
    )


def test_a_process_without_owner_or_backup_is_found(office: Office, board: Board) -> None:
    a_process(office, board, "covered", "Olga", "Ana")
    a_process(office, board, "alone", "Olga")
    left = a_process(office, board, "left", "Lena", "Ana")
    RoleAssignment.objects.filter(person=left.owner).delete()

    report = ownership.build(office.unit.pk, clock.now())

    assert report.answer == "1 of 3 do. Lena, owner of Left, holds no role here any more."
    assert [(f.process, f.words) for f in report.findings] == [
        ("Alone", "No backup owner"),
        ("Left", "Lena holds no role here any more"),
    ]
    assert report.link == "2 to fix"


def test_an_owner_whose_account_is_closed_has_left(office: Office, board: Board) -> None:
    process = a_process(office, board, "closed", "Olga", "Ana")
    process.owner.accounts.update(is_active=False)

    assert len(ownership.build(office.unit.pk, clock.now()).findings) == 1


def test_reviews_are_counted_with_their_median_and_the_longest_open(
    office: Office, board: Board
) -> None:
    process = a_process(office, board, "change", "Olga", "Ana")
    now = clock.now()
    for number, hours in ((1, 2), (2, 6), (3, 40)):
        asked = now - timedelta(days=10)
        a_review(
            office,
            process,
            number,
            submitted_at=asked,
            decided_at=asked + timedelta(hours=hours),
            outcome=Outcome.APPROVED.value,
        )
    waiting = a_review(office, process, 4)
    Vote.objects.create(
        unit=office.unit,
        review=waiting,
        person=office.people["Priya"],
        verdict=Verdict.APPROVE.value,
        digest="0" * 64,
        cast_at=now,
    )

    report = reviews.build(office.unit.pk, now)

    assert report.answer == (
        "3 decided in 12 weeks, half of them within 6 h. Longest open: RV-4, 5 days, waits for CAB."
    )
    assert [finding.words for finding in report.findings] == ["Review RV-4 has 1 of 2 approvals"]
    assert report.rows[0][0].value == "RV-4"


def a_run(office: Office, process: Process, digest: str, **facts: object) -> Instance:
    deployment, _new = Deployment.objects.get_or_create(
        unit=office.unit,
        process=process,
        digest=digest,
        defaults={
            "number": Deployment.objects.count() + 1,
            "xml": b"<x/>",
            "released_at": clock.now(),
        },
    )
    given = {"started_at": clock.now(), "state": RunState.COMPLETED, **facts}
    return Instance.objects.create(
        unit=office.unit,
        process=process,
        deployment=deployment,
        number=Instance.objects.count() + 1,
        title="A run",
        status="COMPLETED",
        seq=1,
        head_hash="0" * 64,
        last_activity_at=clock.now(),
        **given,
    )


def published(office: Office, process: Process, digest: str) -> None:
    review = a_review(office, process, 1, outcome=Outcome.APPROVED.value)
    Version.objects.create(
        unit=office.unit,
        process=process,
        number=1,
        xml=b"<x/>",
        model_digest=digest,
        digest=digest,
        authors=[],
        review=review,
        submitted_by=process.owner,
        published_by=process.owner,
        published_at=clock.now(),
    )


def test_runs_are_counted_and_held_against_what_was_published(office: Office, board: Board) -> None:
    change = a_process(office, board, "change", "Olga", "Ana")
    a_process(office, board, "idle", "Olga")
    now = clock.now()
    published(office, change, "a" * 64)
    a_run(office, change, "a" * 64)
    a_run(office, change, "a" * 64, state=RunState.FAILED, started_at=now - timedelta(days=3))
    a_run(office, change, "a" * 64, started_at=now - timedelta(days=31))

    report = usage.build(office.unit.pk, now)

    assert report.answer == (
        "All 2 runs of the last 30 days came from an approved version."
        " 1 of 2 processes were not used."
    )
    first = {
        column.name: cell.value for column, cell in zip(report.columns, report.rows[0], strict=True)
    }
    assert (first["runs"], first["completed"], first["failed"], first["open"]) == (2, 1, 1, 1)
    assert report.chart is not None
    assert sum(int(count) for _day, count in report.chart.rows) == 2


def test_a_run_of_a_version_nobody_approved_is_found(office: Office, board: Board) -> None:
    change = a_process(office, board, "change", "Olga", "Ana")
    published(office, change, "a" * 64)
    a_run(office, change, "b" * 64)

    report = usage.build(office.unit.pk, clock.now())

    assert report.answer == "Not every run came from an approved version: look at Change."
    assert [finding.process for finding in report.findings] == ["Change"]


def test_the_page_shows_every_question_with_its_figures_as_a_table(
    dora: Client, office: Office, board: Board
) -> None:
    a_process(office, board, "alone", "Olga")

    page = dora.get("/governance").content.decode()

    assert "Does every process have an owner and a backup?" in page
    assert 'role="img"' in page
    assert "<title>" in page
    assert "Show as table" in page
    assert "No backup owner" in page


@pytest.mark.parametrize("slug", ["ownership", "usage", "reviews"])
def test_each_report_has_a_table_even_when_there_is_nothing(slug: str, dora: Client) -> None:
    assert dora.get(f"/governance/{slug}").status_code == 200
    assert dora.get(f"/governance/{slug}.csv").status_code == 200


def test_rows_lead_to_what_they_are_about(dora: Client, office: Office, board: Board) -> None:
    a_process(office, board, "alone", "Olga")

    assert 'href="/processes/alone"' in dora.get("/governance/ownership").content.decode()


def test_an_export_runs_nothing_in_a_spreadsheet(
    dora: Client, office: Office, board: Board
) -> None:
    process = a_process(office, board, "alone", "Olga")
    Process.objects.filter(pk=process.pk).update(name='=HYPERLINK("http://evil.example","x")')
    process.owner.name = " @SUM(A1)"
    process.owner.save()

    answer = dora.get("/governance/ownership.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    (_head, row) = csv.reader(io.StringIO(text))

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert row[0].startswith("'=HYPERLINK")
    assert row[1].startswith("' @SUM")


def test_a_report_nobody_made_does_not_exist(dora: Client) -> None:
    assert dora.get("/governance/nothing").status_code == 404


def test_a_modeller_sees_no_reports(client: Client, office: Office) -> None:
    office.person("Ana", Role.MODELLER)
    client.force_login(office.people["Ana"].accounts.get())

    for address in ("/governance", "/governance/ownership", "/governance/ownership.csv"):
        assert client.get(address).status_code == 403


def test_who_has_what_is_shown_to_admins_and_auditors(
    dora: Client, office: Office, board: Board
) -> None:
    process = a_process(office, board, "alone", "Olga")
    office.person("Ben", Role.OPERATOR)
    office.grant("Ben", "start_run", process)
    office.team("guests", "Gustav")

    page = dora.get("/governance/access").content.decode()
    assert "Start runs and publish messages to them" in page
    assert "Guest, no role" in page
    assert "CAB" in page
    roles = dora.get("/governance/access/roles").content.decode()
    assert "Vote on this review" in roles
    assert "nobody can" in roles
