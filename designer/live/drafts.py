"""The websocket of a draft: who is here, what each has in hand, and that somebody saved.

Nothing is trusted from the browser but which element it means: who they are, and whether they may
hold what they select, is the server's to say. Nothing is kept: each connection tells the others
what it holds, again and again, and who falls silent is gone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any
from uuid import UUID

from common.context import Actor
from common.live import Frame
from designer import presence
from designer.presence import Seat, Seats
from designer.queries import drafts
from designer.queries.drafts import Glance
from governance.watching import BAD_REQUEST, LONGEST_MESSAGE, LOOKS_EVERY, Watcher

logger = logging.getLogger(__name__)


class DraftConsumer(Watcher[Glance]):
    """Tells one browser of the others at a draft, and them of it."""

    act = "draft.view"

    def begin(self) -> None:
        """Read which draft it is; nobody is known yet."""
        self.draft_id: UUID = self.scope["url_route"]["kwargs"]["draft_id"]
        self.topic = f"draft.{self.draft_id}"
        self.seats = Seats()
        self.shown: list[Seat] | None = None
        self.seat: Seat | None = None
        self.held: str | None = None
        self.said_at = 0.0

    def look(self, actor: Actor) -> Glance:
        """Return who they are to the draft, and who saved last."""
        return drafts.glance_at(actor=actor, draft_id=self.draft_id)

    async def greet(self, seen: Glance) -> None:
        """Say who they are here, and the others who came."""
        self.revision = seen.revision
        key = self.channel_name
        self.seat = Seat(key, str(seen.person_id), seen.name, may_edit=seen.may_edit)
        await self.tell({"type": "hello", "seat": key, "revision": seen.revision})
        await self._say("arrived")

    async def show(self, seen: Glance) -> None:
        """Say what was saved and who is here; to the others, now and then, that they still are."""
        self.seat = self.seat and self.seat.judged(may_edit=seen.may_edit)
        if seen.revision > self.revision:
            self.revision = seen.revision
            await self.tell({"type": "draft.changed", "revision": seen.revision, "who": seen.by})
        if time.monotonic() - self.said_at >= LOOKS_EVERY - 1:
            await self._say("here")
        await self._show_seats()

    async def take(self, frame: Frame) -> None:
        """Pass on that the draft was saved."""
        self.revision = max(self.revision, frame.get("revision", 0))
        await self.tell(frame)

    async def disconnect(self, code: int) -> None:
        """Leave, and say so: what was held is free at once."""
        await super().disconnect(code)
        if self.seat is not None:
            await self._say("left")

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take what somebody selected, or that they are still at it."""
        said = presence.heard(text_data) if len(text_data or "") <= LONGEST_MESSAGE else None
        if said is None or self.seat is None:
            await self.close(BAD_REQUEST)
        elif await self._goes_on():
            self.seat = self.seat.said(said, time.monotonic())
            await self._say("here")

    async def presence(self, message: dict[str, Any]) -> None:
        """Take what another connection says of itself; answer one that came or left."""
        other, what = Seat(**message["seat"]), message["what"]
        if self.seat is None or other.key == self.seat.key or not await self._goes_on():
            return
        if what == "left":
            self.seats.leave(other.key)
        else:
            self.seats.here(other, time.monotonic())
        if what != "here":
            await self._say("here")
        await self._show_seats()

    async def _say(self, what: str) -> None:
        """Tell the other connections of this one."""
        if self.seat is None:
            return
        self.said_at = time.monotonic()
        seat = self.seats.first(self.seat.at(self.said_at), self.held)
        self.held = seat.element if seat.holds else None
        message = {"type": "presence", "what": what, "seat": seat.plain()}
        try:
            async with asyncio.timeout(LOOKS_EVERY):
                await self.channel_layer.group_send(self.group, message)
        except Exception:  # noqa: BLE001  (a dead channel layer costs seeing each other, never an edit)
            logger.warning("live.publish_failed", extra={"topic": self.topic})

    async def _show_seats(self) -> None:
        """Say who else is here, where that is another answer than the last."""
        seats = self.seats.present(time.monotonic())
        if seats != self.shown:
            self.shown = seats
            await self.tell({"type": "seats", "seats": [seat.shown() for seat in seats]})
