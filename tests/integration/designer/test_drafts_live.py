"""The websocket of a draft: who may enter, who is seen, what is held, and word of a save."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session

from designer.models.drafts import Draft
from governance import watching
from governance.models.units import Role
from tests.integration.designer.conftest import Desk, a_desk
from tests.support.office import an_office
from tests.support.sockets import Socket, played, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with an_office().open() as office:
        yield a_desk(office)


def socket(desk: Desk, name: str, draft: Draft) -> Socket:
    cookie = signed_in(desk.office, name)
    return Socket(f"/ws/drafts/{draft.pk}", cookie=cookie, origin=settings.PUBLIC_URL)


async def heard(listener: Socket, kind: str) -> dict[str, Any]:
    """Return the next frame of a kind."""
    while True:
        frame = await listener.hear()
        if frame.get("type") == kind or "code" in frame:
            return frame


def select(element: str) -> str:
    return json.dumps({"type": "select", "element": element})


async def until(listener: Socket, *seats: tuple[str, str | None, bool]) -> bool:
    """Return once the others are seen so: by name, element, and whether they hold it."""
    while True:
        frame = await heard(listener, "seats")
        if [(one["name"], one["element"], one["holds"]) for one in frame["seats"]] == list(seats):
            return True


def test_two_see_each_other_and_what_the_first_holds_the_second_does_not(desk: Desk) -> None:
    draft = desk.draft()
    first, second = (socket(desk, "Ana Ruiz", draft) for _ in range(2))

    async def scene() -> bool:
        await first.connect()
        await first.say(select("task"))
        await second.connect()
        seen = await until(second, ("Ana Ruiz", "task", True))
        seen &= await until(first, ("Ana Ruiz", None, False))
        await second.say(select("task"))
        seen &= await until(first, ("Ana Ruiz", "task", False))
        await first.leave()
        seen &= await until(second)
        await second.leave()
        return seen

    assert played(scene())


def test_whoever_may_only_look_is_seen_and_holds_nothing(desk: Desk) -> None:
    draft = desk.draft()
    editor, looker = socket(desk, "Ana Ruiz", draft), socket(desk, "Ben Carter", draft)

    async def scene() -> Any:
        await editor.connect()
        await looker.connect()
        await looker.say(select("task"))
        seen = await until(editor, ("Ben Carter", "task", False))
        await editor.leave()
        await looker.leave()
        return seen

    assert played(scene())


def test_a_save_is_told(desk: Desk) -> None:
    draft = desk.draft()
    listener = socket(desk, "Ana Ruiz", draft)

    def save() -> None:
        with desk.office.open():
            desk.edit(draft, "Second")

    async def scene() -> list[Any]:
        await listener.connect()
        hello = await listener.hear()
        await sync_to_async(save)()
        changed = await heard(listener, "draft.changed")
        await listener.leave()
        return [hello["revision"], changed["revision"], changed["who"]]

    assert played(scene()) == [1, 2, "Ana Ruiz"]


def test_nobody_without_a_session_or_of_another_unit_enters(desk: Desk) -> None:
    draft = desk.draft()
    other = an_office("retail")
    with other.open():
        other.person("Stella", Role.MODELLER)
        stranger = signed_in(other, "Stella")
    path, origin = f"/ws/drafts/{draft.pk}", settings.PUBLIC_URL

    async def scene() -> list[Any]:
        codes = []
        for cookie in (b"", stranger):
            knocker = Socket(path, cookie=cookie, origin=origin)
            await knocker.connect()
            codes.append((await knocker.hear()).get("code"))
        return codes

    assert played(scene()) == [watching.SIGNED_OUT, watching.UNKNOWN]


def test_a_session_that_ends_ends_the_view(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY", 0.1)
    monkeypatch.setattr(watching, "FRESH_FOR", 0.0)
    draft = desk.draft()
    listener = socket(desk, "Ana Ruiz", draft)

    async def scene() -> Any:
        await listener.connect()
        await heard(listener, "hello")
        await sync_to_async(Session.objects.all().delete)()
        return await heard(listener, "never")

    assert played(scene()) == {"code": watching.SIGNED_OUT}


@pytest.mark.parametrize("text", ["{", '{"type":"select","element":"' + "a" * 2_000 + '"}'])
def test_what_is_not_spoken_here_ends_the_view(desk: Desk, text: str) -> None:
    draft = desk.draft()
    listener = socket(desk, "Ana Ruiz", draft)

    async def scene() -> Any:
        await listener.connect()
        await heard(listener, "hello")
        await listener.say(text)
        return await heard(listener, "never")

    assert played(scene()) == {"code": watching.BAD_REQUEST}
