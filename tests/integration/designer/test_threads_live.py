"""The websocket of a process's threads: two people at one draft hear each other at once."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from common import live, tenancy
from designer.actions import threads
from designer.actions.threads import Words
from designer.models.drafts import Draft
from designer.models.threads import Place
from designer.queries.threads import Where
from governance import watching
from governance.models.units import Role, RoleAssignment
from tests.integration.designer.conftest import Desk
from tests.support.office import an_office
from tests.support.sockets import Socket, played, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

START = "StartEvent_1"


def socket(desk: Desk, cookie: bytes) -> Socket:
    path = f"/ws/processes/{desk.process.pk}/threads"
    return Socket(path, cookie=cookie, origin=settings.PUBLIC_URL)


def say(desk: Desk, draft: Draft) -> None:
    with desk.office.open():
        where = Where(Place.DRAFT, draft.pk)
        threads.open_thread(actor=desk.ana, where=where, element=START, words=Words("When?"))


def test_who_watches_hears_at_once_and_only_that_something_was_said(desk: Desk) -> None:
    draft, cookie = desk.draft(), signed_in(desk.office, "Gita Olsen")

    async def listen() -> list[Any]:
        listener = socket(desk, cookie)
        assert await listener.connect()
        heard: list[Any] = [await listener.hear()]
        await sync_to_async(say)(desk, draft)
        heard.append(await listener.hear())
        heard.append(await listener.is_silent())
        await listener.leave()
        return heard

    hello, rung, is_silent = played(listen())
    assert (hello.keys(), hello["type"]) == ({"schema", "type", "stamp"}, "hello")
    assert (rung.keys(), rung["type"]) == (hello.keys(), "threads.changed")
    assert rung["stamp"] != hello["stamp"]
    assert is_silent


def test_a_ring_that_was_lost_is_made_up_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY", 0.1)
    draft, cookie = desk.draft(), signed_in(desk.office, "Gita Olsen")

    def say_unheard() -> None:
        with monkeypatch.context() as deaf:
            deaf.setattr(live, "tell_on_commit", lambda *_: None)
            say(desk, draft)

    async def listen() -> Any:
        listener = socket(desk, cookie)
        await listener.connect()
        await listener.hear()
        await sync_to_async(say_unheard)()
        heard = (await listener.hear())["type"]
        await listener.leave()
        return heard

    assert played(listen()) == "threads.changed"


def test_a_stranger_hears_nothing_and_a_lost_role_ends_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY", 0.1)
    other = an_office("retail")
    with tenancy.units_in_scope([other.unit.pk]):
        other.person("Stella", *Role)
    stella, gita = signed_in(other, "Stella"), signed_in(desk.office, "Gita Olsen")

    def take_role() -> None:
        with desk.office.open():
            RoleAssignment.objects.filter(person_id=desk.gita.person).delete()

    async def refused(cookie: bytes) -> Any:
        listener = socket(desk, cookie)
        assert await listener.connect()
        code = (await listener.hear())["code"]
        await listener.leave()
        return code

    async def listen() -> Any:
        listener = socket(desk, gita)
        await listener.connect()
        await listener.hear()
        await sync_to_async(take_role)()
        code = (await listener.hear())["code"]
        await listener.leave()
        return code

    assert played(refused(b"")) == watching.SIGNED_OUT
    assert played(refused(stella)) == watching.UNKNOWN
    assert played(listen()) == watching.REFUSED
