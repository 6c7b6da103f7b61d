"""A large value lies apart, once: who passes by neither reads nor writes it, who asks gets it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client

from engine import codec, large, leases, runtime
from engine.actions import incidents, recovery, user_tasks
from engine.actions.user_tasks import Answer
from engine.leases import Wanted
from engine.models.incidents import Incident
from engine.models.instances import Instance, Variable
from engine.models.journal import LargeValue, Payload
from engine.models.user_tasks import UserTask
from engine.queries import journals, verification
from engine.runtime import Ask
from engine.semantics.commands import SetVariables
from engine.workers import jobs as worker
from governance.models.connections import Connection, EgressDestination
from governance.models.people import Account
from tests.integration.engine.test_between_runs import another, called_by, settle, start
from tests.integration.engine.test_recovery import ACTOR, lose
from tests.support.desk import Desk, a_desk
from tests.support.drawings import line
from tests.support.floor import Floor, call, user_task

pytestmark = pytest.mark.django_db

#: 1,200,000 letters that PostgreSQL's compression makes no smaller.
_FEW = "".join(hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(18_750))
REPORT = {"lines": [_FEW[:600_000], _FEW[600_000:]]}
_READ = """
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)
FROM pg_stat_xact_user_tables WHERE relname = 'engine_largevalue'
"""
_WRITTEN = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"


@pytest.fixture
def desk(floor: Floor) -> Iterator[Desk]:
    with a_desk() as desk:
        unit = floor.office.unit
        Connection.objects.create(unit=unit, key="itsm", name="Desk", base_url=desk.url)
        EgressDestination.objects.create(unit=unit, host="127.0.0.1", port=desk.port, reason="-")
        yield desk


def number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def started(floor: Floor, **values: Any) -> Instance:
    """Start a run, and give it variables, as somebody who operates it does."""
    return given(floor, floor.start(), **values)


def given(floor: Floor, run: Instance, **values: Any) -> Instance:
    with transaction.atomic():
        runtime.advance_one(Ask(run.pk, SetVariables(values), floor.ben))
    return run


def completed(floor: Floor, run: Instance) -> tuple[int, int]:
    """Complete the open task; return how many large rows were read, and bytes written to disk."""
    task = floor.task(run)
    with transaction.atomic():
        read, written = number(_READ), number(_WRITTEN)
        user_tasks.complete_user_task(actor=floor.ola, user_task_id=task.pk, answer=Answer())
        return number(_READ) - read, number(_WRITTEN) - written


def work() -> None:
    (mine,) = leases.claim(Wanted(leases.JOBS, limit=1))
    worker.perform(mine)


def script(expression: str, name: str = "count") -> str:
    return (
        f'<scriptTask id="count" name="Count"><extensionElements><zeebe:script'
        f" expression='={expression}' resultVariable='{name}'/></extensionElements></scriptTask>"
    )


def value(run: Instance, name: str) -> Any:
    return large.value_of(run.pk, Variable.objects.get(scope_id=run.pk, name=name).value)


def cause(run: Instance) -> tuple[str, str]:
    return Incident.objects.filter(instance=run, resolution="").values_list("code", "cause").get()


def test_an_advance_that_passes_by_neither_reads_nor_writes_it(floor: Floor) -> None:
    floor.deploy(line(user_task("a"), user_task("b"), script("string length(report.lines[1])")))
    run = started(floor, report=REPORT, n=1)
    (kept,) = LargeValue.objects.all()
    assert kept.size > 1_200_000
    assert Variable.objects.get(name="report").value == f"@{kept.digest} {kept.size}"
    assert max(map(len, Payload.objects.values_list("values", flat=True))) < 2_000

    read, written = completed(floor, run)
    assert (read, written < 200_000) == (0, True), written

    read, written = completed(floor, run)
    assert (read, written < 200_000) == (1, True), written
    run.refresh_from_db()
    assert (run.state, value(run, "count")) == ("COMPLETED", 600_000)
    assert LargeValue.objects.count() == 1


def test_a_small_value_lies_where_it_is_used(floor: Floor) -> None:
    floor.deploy(line(user_task("a")))
    run = started(floor, note="x" * 65_534, more="x" * 65_535)

    assert value(run, "note") == "x" * 65_534
    assert Variable.objects.get(name="note").value.startswith('"xxx')
    assert Variable.objects.get(name="more").value.startswith("@")
    assert LargeValue.objects.get().size == 65_537


def test_a_call_is_given_it_and_it_is_kept_once(floor: Floor, desk: Desk) -> None:
    floor.deploy(line(user_task("a"), call(body="=report")))
    run = started(floor, report=REPORT)
    floor.complete(floor.task(run))

    assert Variable.objects.filter(name="body", value__startswith="@").exists()
    work()

    run.refresh_from_db()
    assert (run.state, [asked.body for asked in desk.asked]) == ("COMPLETED", [REPORT])
    assert LargeValue.objects.count() == 1


def test_the_journal_gives_it_back(floor: Floor) -> None:
    floor.deploy(line(user_task("a"), user_task("b")))
    run = started(floor, report=REPORT)
    floor.complete(floor.task(run))
    assert not [one.findings for one in verification.verify([run.pk]) if one.findings]
    assert not list(journals.differences(run.pk))

    lose(run.pk)
    recovery.rebuild(actor=ACTOR, instance_id=run.pk)

    assert value(run, "report") == REPORT
    assert not [one.findings for one in verification.verify([run.pk]) if one.findings]


def test_one_that_was_altered_is_found_and_stops_whoever_reads_it(floor: Floor) -> None:
    floor.deploy(line(user_task("a"), script("string length(report.lines[1])")))
    run = started(floor, report=REPORT)
    LargeValue.objects.update(value='{"lines": ["another"]}')

    (verified,) = verification.verify([run.pk])
    assert "values of events from 8 are altered" in verified.findings[0].what
    floor.complete(floor.task(run))
    assert cause(run)[0] == "engine.value_damaged"

    LargeValue.objects.update(value=codec.canonical(REPORT))
    incidents.retry_incident(actor=floor.ben, incident_id=Incident.objects.get().pk)
    assert value(run, "count") == 600_000


def test_a_call_whose_input_was_lost_asks_for_help(floor: Floor, desk: Desk) -> None:
    floor.deploy(line(user_task("a"), call(body="=report")))
    run = started(floor, report=REPORT)
    floor.complete(floor.task(run))
    LargeValue.objects.all().delete()

    work()

    assert "missing or was altered" in cause(run)[1]
    assert not desk.asked


@pytest.mark.parametrize("lost", [False, True])
def test_a_called_run_hands_it_over_or_says_that_it_is_lost(floor: Floor, *, lost: bool) -> None:
    another(floor, "inner", line(user_task("a")))
    floor.deploy(line(called_by("inner")))
    run = start(floor)
    child = given(floor, Instance.objects.get(parent=run), report=REPORT)
    if lost:
        LargeValue.objects.all().delete()

    floor.complete(floor.task(child))
    settle()

    run.refresh_from_db()
    if lost:
        assert "missing or was altered" in cause(run)[1]
    else:
        assert (run.state, value(run, "report")) == ("COMPLETED", REPORT)
        assert LargeValue.objects.count() == 2


def test_an_answer_larger_than_may_be_stops_its_step_alone(
    floor: Floor, desk: Desk, settings: LazySettings
) -> None:
    settings.ANSWER_BYTES = 20
    floor.deploy(line(call()))
    run = floor.start()

    work()

    assert "raise ANSWER_BYTES" in cause(run)[1]
    settings.ANSWER_BYTES = 20_000
    incidents.retry_incident(actor=floor.ben, incident_id=Incident.objects.get().pk)
    work()
    run.refresh_from_db()
    assert (run.state, len(set(desk.keys))) == ("COMPLETED", 1)


def test_a_variable_larger_than_may_be_stops_its_step_alone(
    floor: Floor, settings: LazySettings
) -> None:
    settings.VARIABLE_BYTES = 1_300_000
    floor.deploy(line(user_task("a"), script("[report, report]", "twice")))
    run = started(floor, report=REPORT)

    floor.complete(floor.task(run))

    code, said = cause(run)
    assert code == "engine.value_too_large"
    assert said.startswith("Count would write 2400")
    assert "into twice" in said
    settings.VARIABLE_BYTES = 13_000_000
    incidents.retry_incident(actor=floor.ben, incident_id=Incident.objects.get().pk)
    assert value(run, "twice") == [REPORT, REPORT]


def test_the_page_of_the_run_offers_to_open_it(floor: Floor) -> None:
    floor.deploy(line(user_task("a")))
    run = started(floor, report=REPORT, note="short", api_token=_FEW)
    browser = Client()
    browser.force_login(
        Account.objects.get(person=floor.office.people["Ben Carter"]),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    page = browser.get(f"/runs/{run.pk}").content.decode()

    assert _FEW[:100] not in page
    assert "1.1\xa0MB of data" in page
    address = f"/runs/{run.pk}/data?name=report"
    assert f'href="{address}"' in page
    assert browser.get(address).json() == REPORT
    assert _FEW[:20] not in browser.get(f"/runs/{run.pk}/data?name=api_token").content.decode()
    assert browser.get(f"/runs/{run.pk}/data?name=other").status_code == 404
    assert UserTask.objects.filter(instance=run).count() == 1
