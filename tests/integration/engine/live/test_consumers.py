"""The run's websocket: who may listen, what one hears, and that nothing is missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from common import clock, live, tenancy
from engine.actions import deployments, instances
from engine.models.instances import Instance
from governance import watching
from governance.models.units import Role, RoleAssignment
from tests.integration.engine.test_pages import MODEL
from tests.support.office import Office, an_office
from tests.support.sockets import Socket, played, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        ana = office.person("Ana", Role.REVIEWER)
        process = office.process(board=office.board("cab"))
        office.person("Ben", Role.OPERATOR)
        office.person("Nora", Role.VIEWER)
        for right in ("start_run", "operate_run"):
            office.grant("Ben", right, process)
        deployments.deploy(
            actor=ana, process=process, number=1, digest="d" * 64, xml=MODEL, authors=[]
        )
        instances.start_instance(
            actor=office.person("Ben"),
            process_id=process.pk,
            title="Upgrade",
            variables={"service": "ledger", "minutes": 6},
        )
        yield office


def socket(cookie: bytes, run: Instance, since: int = 0, origin: str = "") -> Socket:
    path = f"/ws/runs/{run.pk}?since={since}"
    return Socket(path, cookie=cookie, origin=origin or settings.PUBLIC_URL)


def test_a_viewer_hears_what_was_and_what_comes(office: Office) -> None:
    run, cookie = Instance.objects.get(), signed_in(office, "Nora")

    def pause() -> None:
        with office.open():
            instances.pause_instance(
                actor=office.person("Ben"), instance_id=run.pk, reason="window closed"
            )

    async def listen() -> list[Any]:
        listener = socket(cookie, run)
        assert await listener.connect()
        frames = [await listener.hear(), await listener.hear()]
        await sync_to_async(pause)()
        frames.append(await listener.hear())
        await listener.leave()
        return frames

    hello, gap, live = played(listen())
    assert hello == {"schema": 1, "type": "hello", "seq": run.seq}
    assert (gap["seq_from"], gap["seq"]) == (1, run.seq)
    assert [step["element"] for step in gap["steps"] if step["type"] == "activated"] == [
        "start",
        "gate",
    ]
    assert live["seq_from"] == run.seq + 1
    assert live["steps"][-1]["state"] == "paused"


def test_one_resumes_by_number_without_hearing_twice(office: Office) -> None:
    run, cookie = Instance.objects.get(), signed_in(office, "Nora")

    async def listen() -> list[Any]:
        listener = socket(cookie, run, since=run.seq)
        await listener.connect()
        frames = [await listener.hear(), {"silent": await listener.is_silent()}]
        await listener.leave()
        return frames

    hello, nothing = played(listen())
    assert hello["seq"] == run.seq
    assert nothing == {"silent": True}


@pytest.mark.parametrize(
    ("who", "code"),
    [("nobody", watching.SIGNED_OUT), ("stranger", watching.UNKNOWN), ("foreign page", None)],
)
def test_the_door_is_shut(office: Office, who: str, code: int | None) -> None:
    run = Instance.objects.get()
    other = an_office("retail")
    with tenancy.units_in_scope([other.unit.pk]):
        other.person("Stella", *Role)
    cookie = {
        "nobody": b"",
        "stranger": signed_in(other, "Stella"),
        "foreign page": signed_in(office, "Nora"),
    }[who]
    origin = "https://attacker.test" if who == "foreign page" else ""

    async def listen() -> Any:
        listener = socket(cookie, run, origin=origin)
        # A browser learns why it was closed only when it was let in before.
        return (await listener.hear())["code"] if await listener.connect() else None

    assert played(listen()) == code


def test_anything_but_a_ping_ends_the_connection(office: Office) -> None:
    run, cookie = Instance.objects.get(), signed_in(office, "Nora")

    async def say(text: str) -> Any:
        listener = socket(cookie, run, since=run.seq)
        await listener.connect()
        await listener.hear()
        await listener.say(text)
        return await listener.hear()

    assert played(say('{"type": "ping"}')) == {"schema": 1, "type": "pong"}
    for odd in ('{"type": "subscribe"}', "{", "[" * 900, "x" * 2000):
        assert played(say(odd))["code"] == watching.BAD_REQUEST


LOSSES = [
    ("role", 4403), ("session", 4401), ("account", 4401), ("idle", 4401), ("too long", 4401),
    ("password", 4401),
]  # fmt: skip


@pytest.mark.parametrize(("loss", "code"), LOSSES)
def test_a_right_taken_away_ends_the_watching(
    office: Office, loss: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY", 0.1)
    run, cookie = Instance.objects.get(), signed_in(office, "Nora")

    async def listen() -> Any:
        listener = socket(cookie, run, since=run.seq)
        await listener.connect()
        await listener.hear()
        await sync_to_async(take_away)(office, loss)
        return await listener.hear()

    assert played(listen())["code"] == code


@pytest.mark.parametrize(("loss", "code"), LOSSES)
def test_nothing_is_said_to_who_has_lost_the_right(
    office: Office, loss: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY", 60)
    monkeypatch.setattr(watching, "FRESH_FOR", 0)
    run, cookie = Instance.objects.get(), signed_in(office, "Nora")

    def pause() -> None:
        take_away(office, loss)
        with office.open():
            instances.pause_instance(
                actor=office.person("Ben"), instance_id=run.pk, reason="window closed"
            )

    async def listen() -> Any:
        listener = socket(cookie, run, since=run.seq)
        await listener.connect()
        await listener.hear()
        await sync_to_async(pause)()
        return [await listener.hear(), await listener.is_silent()]

    assert played(listen()) == [{"code": code}, True]


def test_a_ping_is_no_use_of_the_session(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "FRESH_FOR", 0)
    run, cookie = Instance.objects.get(), signed_in(office, "Nora")
    take_away(office, "nearly idle")

    async def listen() -> Any:
        listener = socket(cookie, run, since=run.seq)
        await listener.connect()
        await listener.hear()
        await listener.say('{"type": "ping"}')
        first = await listener.hear()
        await sync_to_async(take_away)(office, "idle")
        await listener.say('{"type": "ping"}')
        return [first["type"], await listener.hear()]

    assert played(listen()) == ["pong", {"code": watching.SIGNED_OUT}]


def take_away(office: Office, loss: str) -> None:
    """Take from Nora, as the database has her, what she needs to see the run."""
    nora = office.people["Nora"]
    with office.open():
        if loss == "role":
            RoleAssignment.objects.filter(person=nora).delete()
        elif loss == "session":
            Session.objects.all().delete()
        elif loss == "account":
            nora.accounts.update(is_active=False)
        elif loss == "password":
            account = nora.accounts.get()
            account.set_password("another long phrase")
            account.save()
        else:
            _age(loss)


def _age(loss: str) -> None:
    """Make the one session as old as the loss says."""
    now = clock.now()
    began, seen = {
        "nearly idle": (timedelta(hours=1), timedelta(minutes=29)),
        "idle": (timedelta(hours=1), timedelta(minutes=30)),
        "too long": (timedelta(hours=12), timedelta(minutes=1)),
    }[loss]
    store = SessionStore(Session.objects.get().session_key)
    store.update({"began": (now - began).isoformat(), "seen": (now - seen).isoformat()})
    store.save()


def test_a_frame_that_was_lost_is_made_up_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY", 0.1)
    run, cookie = Instance.objects.get(), signed_in(office, "Nora")

    def pause_unheard() -> None:
        with office.open(), monkeypatch.context() as deaf:
            deaf.setattr(live, "tell_on_commit", lambda *_: None)
            instances.pause_instance(
                actor=office.person("Ben"), instance_id=run.pk, reason="window closed"
            )

    async def listen() -> Any:
        listener = socket(cookie, run, since=run.seq)
        await listener.connect()
        await listener.hear()
        await sync_to_async(pause_unheard)()
        return await listener.hear()

    assert played(listen())["seq_from"] == run.seq + 1
