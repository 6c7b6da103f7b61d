"""Websockets of the engine: one run, alive.

A browser says up to which event it knows the run and gets the rest from the journal; from then on
every frame that is published. Who may see the run is asked at the beginning and every few seconds
again, so that a right that was taken away ends the watching too.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.sessions.models import Session

from common import clock, live
from common.errors import DomainError
from engine.announce import LARGEST_FRAME
from engine.queries import instances
from governance.gatekeeper import actor_of, in_sight_of
from governance.models.people import Account

#: Why a connection is closed; the page says it in words.
SIGNED_OUT, REFUSED, ODD_MESSAGE = 4401, 4403, 4400
RECHECK = 5.0
_LONGEST_MESSAGE = 1_024

logger = logging.getLogger(__name__)


class RunConsumer(AsyncWebsocketConsumer):
    """Tells one run, from where the browser stands: `/ws/runs/<id>?since=<seq>`."""

    act = "run.view"

    async def connect(self) -> None:
        """Open the connection for those who may see the run; others are refused at the door."""
        self.run_id: UUID = self.scope["url_route"]["kwargs"]["run_id"]
        self.group = live.group_name(f"run.{self.run_id}")
        self.watch: asyncio.Task[None] | None = None
        if await self._standing():
            await self.close()
            return
        # Listened to before the journal is read: what happens in between comes twice, not never.
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        await self._catch_up(_since(self.scope))
        self.watch = asyncio.create_task(self._recheck())

    async def disconnect(self, code: int) -> None:
        """Stop listening."""
        if self.watch is not None:
            self.watch.cancel()
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer a ping; there is nothing else to say here."""
        if text_data and len(text_data) <= _LONGEST_MESSAGE:
            with suppress(ValueError):
                if json.loads(text_data) == {"type": "ping"}:
                    await self._say({"type": "pong"})
                    return
        await self.close(ODD_MESSAGE)

    async def forward(self, event: dict[str, Any]) -> None:
        """Pass a published frame on; one too large to be published is read from the journal."""
        frame = event["frame"]
        if frame["type"] == "behind":
            await self._catch_up(frame["seq_from"] - 1, greet=False)
        else:
            await self.send(json.dumps(frame))

    async def _catch_up(self, since: int, *, greet: bool = True) -> None:
        seq, steps = await self._story(since)
        if greet:
            await self._say({"type": "hello", "seq": seq})
        frame = {"type": "advance", "seq_from": since + 1, "seq": seq, "steps": steps}
        if len(json.dumps(frame)) > LARGEST_FRAME:
            await self._say({"type": "reload"})
        elif seq > since:
            await self._say(frame)

    async def _say(self, frame: dict[str, Any]) -> None:
        await self.send(json.dumps({"schema": live.SCHEMA, **frame}))

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            code = await self._standing()
            if code:
                await self.close(code)
                return

    @database_sync_to_async
    def _standing(self) -> int:
        """Return 0 while the person may watch, else the code to close with."""
        account = _account(self.scope)
        if account is None:
            return SIGNED_OUT
        with in_sight_of(account.person_id):
            try:
                instances.get_run(actor=actor_of(account), run_id=self.run_id)
            except DomainError:
                return REFUSED
        return 0

    @database_sync_to_async
    def _story(self, since: int) -> tuple[int, list[dict[str, Any]]]:
        account = _account(self.scope)
        if account is None:
            return since, []
        with in_sight_of(account.person_id):
            run = instances.get_run(actor=actor_of(account), run_id=self.run_id)
            return run.seq, instances.story_of(run, since)


def _account(scope: Any) -> Account | None:
    """Return the signed-in account, asked anew: a session can have ended meanwhile."""
    user, session = scope.get("user"), scope.get("session")
    if not isinstance(user, Account) or session is None:
        return None
    alive = Session.objects.filter(
        session_key=session.session_key, expire_date__gt=clock.now()
    ).exists()
    if not alive:
        return None
    return Account.objects.filter(pk=user.pk, is_active=True).select_related("person").first()


def _since(scope: Any) -> int:
    text = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("since", ["0"])
    return int(text[0]) if text[0].isdecimal() and len(text[0]) < 19 else 0  # noqa: PLR2004
