"""A system that fails is left alone by all workers at once, tried out, and called again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from common import tenancy
from common.context import Actor
from common.problems import NotFound
from engine import leases
from engine.actions import circuits, jobs
from engine.circuit import POLICY
from engine.errors import CircuitClosed
from engine.leases import Claim, Wanted
from engine.models.attempts import Attempt
from engine.models.circuits import Circuit
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.queue import QueueEntry, target_of
from engine.models.user_tasks import UserTask
from engine.workers import jobs as worker
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from governance.models.connections import EgressDestination
from governance.models.people import Account
from tests.support.desk import Desk, a_desk
from tests.support.drawings import line
from tests.support.floor import Floor, call, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db

AT_ONCE = '<interlock:retry attempts="100" firstDelay="PT0S" factor="1" cap="PT0S"/>'


@pytest.fixture
def desk(floor: Floor) -> Iterator[Desk]:
    with a_desk() as desk:
        allow(floor, desk)
        yield desk


def allow(floor: Floor, desk: Desk) -> None:
    unit = floor.office.unit
    EgressDestination.objects.create(
        unit=unit, host="127.0.0.1", port=desk.port, reason="A test's."
    )


def start(floor: Floor, desk: Desk, runs: int = 1) -> list[Instance]:
    floor.deploy(line(call(url=f"{desk.url}/api/tickets", more=AT_ONCE)))
    return [floor.start() for _ in range(runs)]


def claim() -> Claim | None:
    return next(iter(leases.claim(Wanted(leases.JOBS, limit=1))), None)


def work(most: int = 100) -> int:
    """Do what is due, as a worker does; return how much that was."""
    for done in range(most):
        mine = claim()
        if mine is None:
            return done
        worker.perform(mine)
    return most


def the_circuit() -> Circuit:
    return Circuit.objects.get()


def now_is_later() -> None:
    """Let the time without calls be over, and what was held for it be due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_circuit SET next_at = engine_now()")
        cursor.execute("UPDATE engine_queueentry SET due_at = engine_now()")


def test_a_system_that_never_fails_has_no_circuit(floor: Floor, desk: Desk) -> None:
    start(floor, desk)
    work()

    assert not Circuit.objects.exists()
    assert not Attempt.objects.exists()


def test_it_opens_within_twenty_failures_and_then_nothing_is_sent(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk, runs=3)

    work()

    circuit = the_circuit()
    assert circuit.state == "OPEN"
    assert circuit.target == f"127.0.0.1:{desk.port}"
    assert circuit.cause == "The service answered 503 Service Unavailable."
    assert len(desk.asked) == POLICY.failures <= 20
    assert claim() is None


def test_a_job_that_is_held_costs_neither_an_attempt_nor_a_start(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk, runs=3)
    work()
    before = list(Job.objects.order_by("id").values("id", "attempts", "stalls", "starts"))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET due_at = engine_now()")
    assert work() == 3

    assert len(desk.asked) == POLICY.failures
    assert before == list(Job.objects.order_by("id").values("id", "attempts", "stalls", "starts"))
    assert {entry.held_for for entry in QueueEntry.objects.all()} == {the_circuit().pk}
    assert all(entry.due_at == the_circuit().next_at for entry in QueueEntry.objects.all())


def test_another_system_is_called_meanwhile(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk, runs=3)
    with a_desk() as well:
        allow(floor, well)
        floor.deploy(line(call(url=f"{well.url}/api/tickets")))
        others = [floor.start() for _ in range(3)]
        work()

        assert len(well.asked) == 3
    assert {Instance.objects.get(pk=run.pk).state for run in others} == {"COMPLETED"}


def test_half_open_sends_probes_and_closes_when_they_come_back(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    runs = start(floor, desk, runs=5)
    work()
    sent = len(desk.asked)
    desk.statuses = [200]

    now_is_later()
    probes = [mine for mine in (claim() for _ in range(4)) if mine]
    begun = [work for work in map(_begun, probes) if work]
    assert len(begun) == POLICY.probes
    assert the_circuit().state == "HALF_OPEN"

    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET lease_until = NULL, due_at = engine_now()")
        cursor.execute("UPDATE engine_circuit SET out = 0")
    work()

    assert the_circuit().state == "CLOSED"
    assert {run.state for run in Instance.objects.filter(pk__in=[one.pk for one in runs])} == {
        "COMPLETED"
    }
    assert len(desk.asked) == sent + 5


def _begun(mine: Claim) -> object:
    with tenancy.units_in_scope([mine.unit_id]):
        return jobs.begin_job(lease=mine.lease)


def test_what_was_held_comes_soon_once_it_closes(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk, runs=8)
    work()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET due_at = engine_now()")
    work()
    waits = "SELECT max(due_at - engine_now()) > '4 minutes' FROM engine_queueentry"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_circuit SET next_at = engine_now() + interval '5 minutes'")
        cursor.execute("UPDATE engine_queueentry SET due_at = engine_now() + interval '5 minutes'")

    circuits.reset_circuit(actor=floor.ben, circuit_id=the_circuit().pk, reason="It is back")

    with connection.cursor() as cursor:
        cursor.execute(waits)
        assert cursor.fetchone()[0] is False
    entry = AuditEntry.objects.get(code="circuit.reset")
    assert '"state":"OPEN"' in entry.payload.values.replace(" ", "")


def test_a_probe_that_fails_opens_it_for_longer(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk, runs=2)
    work()
    first = the_circuit()
    now_is_later()

    work()

    again = the_circuit()
    assert (again.state, again.openings) == ("OPEN", 2)
    assert again.opened_at is not None
    assert again.next_at is not None
    assert first.openings == 1
    assert (again.next_at - again.opened_at) >= POLICY.cool_down


def test_a_refusal_is_an_answer_and_opens_nothing(floor: Floor, desk: Desk) -> None:
    desk.statuses = [404]
    start(floor, desk, runs=20)
    work()

    assert len(desk.asked) == 20
    assert not Circuit.objects.exists()


def test_who_may_not_operate_cannot_close_it(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk)
    work()
    circuit = the_circuit()

    with pytest.raises(NotAllowed):
        circuits.reset_circuit(actor=floor.ola, circuit_id=circuit.pk)
    circuits.reset_circuit(actor=floor.ben, circuit_id=circuit.pk)
    with pytest.raises(CircuitClosed):
        circuits.reset_circuit(actor=floor.ben, circuit_id=circuit.pk)


def test_each_unit_has_its_own(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk)
    work()
    circuit = the_circuit()

    with an_office("Another").open() as other, pytest.raises(NotFound):
        circuits.reset_circuit(actor=other.person("Eve"), circuit_id=circuit.pk)


# What is kept of attempts


def test_each_failed_attempt_is_kept_with_all_that_is_known_of_it(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503, 404]
    (run,) = start(floor, desk)
    work()

    first, second = Attempt.objects.all()
    assert (first.number, first.ending, first.code) == (1, "TRANSIENT", "http_503")
    assert (second.number, second.ending, second.code) == (2, "PERMANENT", "http_404")
    assert first.diagnosis == "The service answered 503 Service Unavailable."
    assert first.worker.rpartition(":")[2].isdigit()
    assert first.version == 1
    assert first.trace_id == run.pk.hex
    assert first.target == f"127.0.0.1:{desk.port}"
    assert first.request["url"].startswith(desk.url)
    assert first.answer["status"] == 503
    assert first.request["headers"]["traceparent"].startswith(f"00-{run.pk.hex}-")


def test_of_each_job_the_last_attempts_are_kept(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk)
    for _ in range(25):
        work(1)
        Circuit.objects.all().delete()

    kept = list(Attempt.objects.values_list("number", flat=True))
    assert kept == list(range(6, 26))


def test_a_slow_system_takes_its_share_of_workers_and_no_more(floor: Floor, desk: Desk) -> None:
    start(floor, desk, runs=leases.JOBS_PER_TARGET + 4)
    taken = leases.claim(Wanted(leases.JOBS, limit=100))
    assert len(taken) == leases.JOBS_PER_TARGET

    with a_desk() as well:
        allow(floor, well)
        floor.deploy(line(call(url=f"{well.url}/api/tickets")))
        floor.start()
        work()

        assert len(well.asked) == 1
    assert desk.asked == []


def test_a_retry_stays_in_the_line_of_its_system(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk)
    before = QueueEntry.objects.get().target
    work(1)

    assert QueueEntry.objects.get().target == before == target_of(f"127.0.0.1:{desk.port}")


# Pages and API


def browser(floor: Floor, actor: Actor) -> Client:
    client = Client()
    account = Account.objects.get(person=actor.person)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_says_which_system_is_left_alone_and_why(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk)
    work()

    page = browser(floor, floor.ben).get("/operations/systems").content.decode()
    assert f"127.0.0.1:{desk.port}" in page
    assert "Not called" in page
    assert "The service answered 503 Service Unavailable." in page
    assert f"/operations/systems/{the_circuit().pk}/reset" in page

    watched = browser(floor, floor.ola).get("/operations/systems").content.decode()
    assert "Not called" in watched
    assert "/reset" not in watched


def test_the_page_says_when_every_system_answers(floor: Floor) -> None:
    assert (
        "Every system answers"
        in browser(floor, floor.ola).get("/operations/systems").content.decode()
    )


def test_a_button_calls_the_system_again(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk)
    work()
    url = f"/operations/systems/{the_circuit().pk}/reset"

    assert browser(floor, floor.ola).post(url, {"reason": "No"}).status_code == 403
    assert browser(floor, floor.ben).post(url, {"reason": "It is back"}).status_code == 302

    assert the_circuit().state == "CLOSED"


def test_the_api_tells_and_closes_circuits(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk, runs=2)
    work()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET due_at = engine_now()")
    work()
    client = browser(floor, floor.ben)

    (told,) = client.get("/api/v1/circuits").json()["circuits"]
    assert (told["state"], told["waiting"], told["code"]) == ("open", 2, "http_503")

    closed = client.post(
        f"/api/v1/circuits/{told['id']}/reset", {"reason": "Back"}, content_type="application/json"
    )
    assert closed.json()["state"] == "closed"
    again = client.post(
        f"/api/v1/circuits/{told['id']}/reset", {"reason": ""}, content_type="application/json"
    )
    assert (again.status_code, again.json()["code"]) == (409, "engine.circuit_closed")


def test_no_page_and_no_answer_shows_a_secret_of_a_call(floor: Floor, desk: Desk) -> None:
    desk.statuses = [404]
    headers = (
        '<zeebe:input source="={Authorization: &quot;Bearer CANARY-9b1f&quot;}" target="headers"/>'
    )
    asked = call(url=f"{desk.url}/api/tickets?token=CANARY-9b1f", body='={password: "CANARY-9b1f"}')
    floor.deploy(line(asked.replace("<zeebe:ioMapping>", f"<zeebe:ioMapping>{headers}")))
    run = floor.start()
    work()
    client = browser(floor, floor.ben)
    listed = client.get("/operations").content.decode()
    cause = listed.partition("?cause=")[2].partition('"')[0]

    pages = {
        url: client.get(url).content.decode()
        for url in (
            f"/operations?cause={cause}",
            f"/runs/{run.pk}",
            f"/api/v1/runs/{run.pk}/attempts",
            "/api/v1/incidents",
        )
    }

    assert "CANARY" not in str(pages)
    for url in (f"/operations?cause={cause}", f"/runs/{run.pk}"):
        assert "The service answered 404 Not Found." in pages[url]
        assert "authorization: [masked]" in pages[url]
        assert run.pk.hex in pages[url]
    (attempt,) = client.get(f"/api/v1/runs/{run.pk}/attempts").json()["attempts"]
    assert (attempt["kind"], attempt["attempt"], attempt["version"]) == ("permanent", 1, 1)
    assert attempt["request"]["headers"]["authorization"] == "[masked]"
    assert "CANARY" not in str(Attempt.objects.values()) + str(Job.objects.values())


def test_the_run_says_what_it_waits_for(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    (run,) = start(floor, desk)
    work()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET due_at = engine_now()")
    work()

    page = browser(floor, floor.ola).get(f"/runs/{run.pk}").content.decode()

    assert f"waits: 127.0.0.1:{desk.port} failed too often" in page


# Ways that a model draws for when its system is away


def with_a_way_out(floor: Floor, desk: Desk, code: str, settings: str) -> Instance:
    """Start a run that goes on by hand where the call ends with this error."""
    body = (
        '<startEvent id="start"><outgoing>f1</outgoing></startEvent>'
        '<sequenceFlow id="f1" sourceRef="start" targetRef="call"/>'
        f"{call(url=f'{desk.url}/api/tickets', more=settings)}"
        '<boundaryEvent id="away" attachedToRef="call">'
        f'<errorEventDefinition errorRef="e"/></boundaryEvent>'
        '<sequenceFlow id="f2" sourceRef="away" targetRef="by_hand"/>'
        f"{user_task('by_hand')}"
    )
    floor.deploy(body, before=f'<error id="e" name="{code}" errorCode="{code}"/>')
    return floor.start()


def goes_by_hand(run: Instance) -> bool:
    return UserTask.objects.filter(instance=run, element="by_hand", state="OPEN").exists()


def open_the_circuit(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    start(floor, desk, runs=2)
    work()
    assert the_circuit().state == "OPEN"


def all_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET due_at = engine_now()")


def test_a_step_goes_another_way_when_its_system_is_left_alone_for_too_long(
    floor: Floor, desk: Desk
) -> None:
    open_the_circuit(floor, desk)
    sent = len(desk.asked)
    run = with_a_way_out(floor, desk, "CIRCUIT_OPEN", '<interlock:circuit throwAfter="PT3S"/>')
    work()
    assert not goes_by_hand(run)
    entry = QueueEntry.objects.get(instance_id=run.pk)
    assert entry.held_since is not None
    assert (entry.due_at - entry.held_since).total_seconds() == pytest.approx(3, abs=0.5)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET held_since = held_since - interval '3 s'")
    all_due()
    work()

    assert goes_by_hand(run)
    assert len(desk.asked) == sent
    assert Attempt.objects.filter(instance=run).values_list("ending", "code").get() == (
        "BPMN_ERROR",
        "CIRCUIT_OPEN",
    )


def test_a_step_may_go_another_way_at_once(floor: Floor, desk: Desk) -> None:
    open_the_circuit(floor, desk)
    run = with_a_way_out(floor, desk, "CIRCUIT_OPEN", '<interlock:circuit throwAfter="PT0S"/>')
    work()

    assert goes_by_hand(run)


def test_a_deadline_ends_the_waiting_for_a_circuit(floor: Floor, desk: Desk) -> None:
    open_the_circuit(floor, desk)
    run = with_a_way_out(floor, desk, "DEADLINE", '<interlock:retry deadline="PT2S"/>')
    work()
    assert not goes_by_hand(run)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_job SET deadline_at = engine_now() - interval '1 s'")
    all_due()
    work()

    assert goes_by_hand(run)
    assert not Incident.objects.filter(instance=run).exists()


def test_a_step_goes_another_way_after_its_last_attempt(floor: Floor, desk: Desk) -> None:
    desk.statuses = [503]
    again = '<interlock:retry attempts="2" firstDelay="PT0S" cap="PT0S"/>'
    run = with_a_way_out(floor, desk, "RETRIES_EXHAUSTED", again)
    work()

    assert goes_by_hand(run)
    assert len(desk.asked) == 2
    assert not Incident.objects.exists()
