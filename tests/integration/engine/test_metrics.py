"""The figures say what waits, how long and where; who may read them is decided at the door."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from common import tenancy
from engine import leases
from engine.leases import Wanted
from engine.models.circuits import Circuit
from engine.models.queue import INTERNAL
from engine.queries import clock, metrics
from engine.workers.sweeper import LOCK
from governance import sealing
from governance.models.units import Role
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, call, timer, user_task
from tests.support.office import an_office
from tests.support.queues import fill
from tests.support.sign_ins import signed_in_as

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-a-scraper-0123456789"
ADDRESSES = ("/metrics", "/api/v1/metrics")


@pytest.fixture
def scraper(settings: Any) -> Client:
    settings.METRICS_TOKEN = TOKEN
    return Client(headers={"authorization": f"Bearer {TOKEN}"})


def test_what_waits_is_counted_by_queue_and_kind_over_all_units(floor: Floor) -> None:
    other = an_office("retail")
    with other.open():
        fill(other.unit.pk, 3, age=40)
    fill(floor.office.unit.pk, 2, age=7, queue=INTERNAL)
    fill(floor.office.unit.pk, 4, age=-60)
    with tenancy.units_in_scope([other.unit.pk]):
        leases.claim(Wanted(leases.JOBS, limit=1, queues=["connector"]))

    found = metrics.measure()

    calls, inside = found.queues["connector"].whole, found.queues[INTERNAL].whole
    assert (calls.ready, calls.leased, calls.later) == (2, 1, 4)
    assert 40 <= calls.oldest_seconds < 60
    assert (inside.ready, found.queues[INTERNAL].zone) == (2, "internal")
    assert found.retries_waiting == 4
    assert found.queues["script"].whole == metrics.Line()
    assert tenancy.current_units() == (floor.office.unit.pk,)


def test_runs_lags_and_circuits_are_told(floor: Floor) -> None:
    floor.deploy(line(user_task(), timer(duration="PT0S")))
    floor.complete(floor.task(floor.start()))
    floor.start()
    floor.deploy(line(call()))
    floor.start()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_queueentry SET due_at = due_at - interval '9 s'")
        cursor.execute("INSERT INTO engine_pulse VALUES ('w', 'engine', engine_now())")
    Circuit.objects.create(
        id=floor.process.pk,
        unit=floor.office.unit,
        job_type="http:1",
        target="itsm.example:443",
        state="OPEN",
        since=clock.engine_now(),
    )

    found = metrics.measure()

    assert found.runs["WAITING"] == 2
    assert found.runs["RUNNING"] == 1
    assert found.circuits_open == 1
    assert 9 <= found.timer_lag < 30
    assert found.queues["engine"].heard_seconds is not None
    assert found.queues["script"].heard_seconds is None


@pytest.mark.django_db(transaction=True)
def test_what_no_sealer_has_sealed_is_late_until_one_has() -> None:
    with an_office().open() as office:
        floor = a_floor(office)
        floor.deploy(line(user_task()))
        floor.start()
        assert 0 < metrics.measure().sealer_lag < 60

        with signed_in_as("audit"):
            sealing.Sealer().seal_all()

        with signed_in_as("app"):
            assert metrics.measure().sealer_lag == 0


@pytest.mark.django_db(transaction=True)
def test_whoever_leads_is_seen_by_their_lock() -> None:
    assert metrics.measure().sweepers == 0
    with signed_in_as("engine") as other:
        other.cursor().execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        with signed_in_as("app"):
            assert metrics.measure().sweepers == 1
    assert metrics.measure().sealers == 0
    with signed_in_as("audit"):
        assert sealing.take_turn()
        with signed_in_as("app"):
            assert metrics.measure().sealers == 1


def test_a_scraper_shows_the_token_and_reads_numbers_alone(scraper: Client, floor: Floor) -> None:
    floor.deploy(line(user_task()))
    floor.start(title="About a person", business_key="CHG-7")

    text = scraper.get("/metrics")
    answer = scraper.get("/api/v1/metrics")

    assert text.status_code == answer.status_code == 200
    assert text.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    told = text.content.decode()
    assert 'interlock_queue_ready{queue="internal",zone="internal",kind="JOB"} 0\n' in told
    assert 'interlock_runs{state="WAITING"} 1\n' in told
    assert 'interlock_queue_heard_seconds{queue="script"} +Inf\n' in told
    assert answer.json()["queues"]["connector"]["ready"] == 0
    for word in ("About", "CHG-7", floor.process.name, floor.office.unit.key, "Ola"):
        assert word not in told
        assert word not in answer.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_the_token_the_door_is_shut(address: str, settings: Any, floor: Floor) -> None:
    refused = {302, 401}
    for shown in ("", "Bearer ", f"Bearer {TOKEN}"):
        assert Client(headers={"authorization": shown}).get(address).status_code in refused
    settings.METRICS_TOKEN = TOKEN
    for shown in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN):
        assert Client(headers={"authorization": shown}).get(address).status_code in refused


def test_the_token_opens_nothing_else(scraper: Client, floor: Floor) -> None:
    for address in ("/runs", "/governance", "/api/v1/runs", "/api/v1/limits", "/api/v1/ping"):
        assert scraper.get(address).status_code in {302, 401}
    assert scraper.post("/metrics").status_code in {403, 405}


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OPERATOR, 200), (Role.ADMIN, 200), (Role.AUDITOR, 403)]
)
def test_operators_and_admins_read_them_signed_in(role: Role, status: int, floor: Floor) -> None:
    floor.office.person("Somebody", role)
    client = Client()
    client.force_login(floor.office.people["Somebody"].accounts.get())

    assert [client.get(address).status_code for address in ADDRESSES] == [status, status]


def test_a_scrape_reads_the_front_of_a_long_line_and_says_so_many(floor: Floor) -> None:
    fill(floor.office.unit.pk, metrics.MOST + 5, age=1)

    line_of_calls = metrics.measure().queues["connector"].whole

    assert line_of_calls.ready == metrics.MOST
    assert line_of_calls.oldest_seconds > 0
