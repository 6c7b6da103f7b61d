"""The websocket of one run: what was missed since a sequence number, then what happens.

Who may see the run is asked at the beginning, every few seconds after, and before anything is said
on an answer that is no longer fresh; so a lost role or a session that ended ends the view. Frames
that get lost on the way are made up for from the journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from common import live
from common.errors import Forbidden, Missing
from common.live import SCHEMA, group_name
from engine.models.instances import Instance
from engine.queries import instances
from engine.queries.instances import Telling
from engine.steps import Step
from governance import sessions
from governance.gatekeeper import actor_of, in_sight_of

BAD_REQUEST, SIGNED_OUT, REFUSED, UNKNOWN = 4400, 4401, 4403, 4404
#: How often the right to see is asked for again.
LOOKS_EVERY = 5.0
#: How long the answer counts, in seconds: a busy run must not ask with every frame.
FRESH_FOR = 1.0
#: A gap of more advances than this is loaded by the page itself.
LONGEST_GAP = 500
#: What a browser may say at once; a ping is shorter.
LONGEST_MESSAGE = 1_024
_STEPS_PER_FRAME = 100
_DIGITS = 18


class _Closed(Exception):
    """The view ends; `code` tells the browser why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _View:
    """What a look at the run gave: its newest number, and what came after the last one known."""

    seq: int
    tellings: list[Telling] = field(default_factory=list)
    is_far: bool = False


class RunConsumer(AsyncWebsocketConsumer):
    """Forwards the frames of one run to one browser."""

    act = "run.view"

    async def connect(self) -> None:
        """Accept, authorise, subscribe, and send what was missed, in this order.

        The subscription comes before the look at the journal: what happens between the two arrives
        twice and is dropped by its number, and nothing falls into a gap.
        """
        await self.accept()
        self.run_id: UUID = self.scope["url_route"]["kwargs"]["run_id"]
        self.topic = f"run.{self.run_id}"
        self.group = group_name(self.topic)
        self.watch: asyncio.Task[None] | None = None
        self.looked_at = 0.0
        try:
            self.seq = self._since()
            await self._look(self.seq)
            await live.attend(self.topic)
            await self.channel_layer.group_add(self.group, self.channel_name)
            view = await self._look(self.seq)
            await self._send({"type": "hello", "seq": view.seq})
            await self._show(view)
        except _Closed as closed:
            await self.close(closed.code)
            return
        self.watch = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        """Leave the topic."""
        if self.watch is not None:
            self.watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.watch
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer a ping; anything else is not spoken here."""
        if text_data is None or len(text_data) > LONGEST_MESSAGE or not _is_ping(text_data):
            await self.close(BAD_REQUEST)
        elif await self._goes_on():
            await self._send({"type": "pong"})

    async def forward(self, message: dict[str, Any]) -> None:
        """Pass a frame on, unless the browser has it, or lacks what came before."""
        frame = message["frame"]
        if not await self._goes_on() or frame["seq"] <= self.seq:
            return
        if frame["type"] != "advance" or frame["seq_from"] != self.seq + 1:
            await self._catch_up()
            return
        self.seq = frame["seq"]
        await self._send(frame)

    async def _watch(self) -> None:
        """Look again and again: may they still see it, and did a frame get lost?"""
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            await live.attend(self.topic)
            await self._catch_up()

    async def _goes_on(self) -> bool:
        """Tell whether they may still see it; asks again once the last answer is old."""
        if time.monotonic() - self.looked_at < FRESH_FOR:
            return True
        return await self._catch_up()

    async def _catch_up(self) -> bool:
        try:
            await self._show(await self._look(self.seq))
        except _Closed as closed:
            # Whoever has seen the run knows that it is there: their right to it is gone.
            await self.close(REFUSED if closed.code == UNKNOWN else closed.code)
            return False
        return True

    async def _show(self, view: _View) -> None:
        if view.is_far:
            await self._send({"type": "reload"})
        for telling in view.tellings:
            if telling.seq > self.seq:
                for frame in _frames(telling):
                    await self._send(frame)
        self.seq = max(self.seq, view.seq)

    async def _send(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"schema": SCHEMA, **frame}))

    def _since(self) -> int:
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        text = query.get("since", ["0"])[0]
        if not text.isdecimal() or len(text) > _DIGITS:
            raise _Closed(BAD_REQUEST)
        return int(text)

    @database_sync_to_async
    def _look(self, since: int) -> _View:
        session: Any = self.scope["session"]
        account = sessions.account_of(session.session_key)
        if account is None:
            raise _Closed(SIGNED_OUT)
        # Counted from before the look: what is taken away meanwhile is found by the next one.
        self.looked_at = time.monotonic()
        with in_sight_of(account.person_id):
            try:
                run = instances.get_run(actor=actor_of(account), run_id=self.run_id)
            except Missing:
                raise _Closed(UNKNOWN) from None
            except Forbidden:
                raise _Closed(REFUSED) from None
            return _view(run, since)


def _view(run: Instance, since: int) -> _View:
    if run.seq <= since:
        return _View(run.seq)
    tellings = []
    for telling in instances.tellings_of(run, since):
        tellings.append(telling)
        if len(tellings) > LONGEST_GAP:
            return _View(run.seq, is_far=True)
    return _View(run.seq, tellings)


def _frames(telling: Telling) -> Iterator[dict[str, Any]]:
    """Yield an advance as frames of a bounded size, cut where the sequence number changes."""
    seq_from, part = telling.seq_from, list[Step]()
    for step in telling.steps:
        if len(part) >= _STEPS_PER_FRAME and step["seq"] != part[-1]["seq"]:
            seq = part[-1]["seq"]
            yield {"type": "advance", "seq_from": seq_from, "seq": seq, "steps": part}
            seq_from, part = seq + 1, []
        part.append(step)
    yield {"type": "advance", "seq_from": seq_from, "seq": telling.seq, "steps": part}


def _is_ping(text: str) -> bool:
    try:
        return bool(json.loads(text) == {"type": "ping"})
    except (ValueError, RecursionError):
        return False
