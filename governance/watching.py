"""A websocket through which one browser watches one thing, for as long as its person may see it.

Who may see the thing is asked at the beginning, every few seconds after, and before anything is
said on an answer that is no longer fresh; so a lost role or a session that ended ends the view. An
app says by a subclass what is looked at, and what is told of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any, ClassVar, Generic, TypeVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.exceptions import ObjectDoesNotExist

from common import live
from common.context import Actor
from common.errors import Forbidden, Missing
from common.live import SCHEMA, Frame, group_name
from governance import sessions
from governance.gatekeeper import actor_of, in_sight_of

BAD_REQUEST, SIGNED_OUT, REFUSED, UNKNOWN = 4400, 4401, 4403, 4404
#: How often the right to see is asked for again, in seconds.
LOOKS_EVERY = 5.0
#: How long the answer counts, in seconds: a busy thing must not ask with every frame.
FRESH_FOR = 1.0
#: What a browser may say at once; a ping is shorter.
LONGEST_MESSAGE = 1_024

Seen = TypeVar("Seen")


class Closed(Exception):
    """The view ends; `code` tells the browser why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Watcher(AsyncWebsocketConsumer, Generic[Seen]):
    """Forwards what happens to one thing to one browser. `act` is what it takes to see it."""

    act: ClassVar[str]
    topic: str

    def begin(self) -> None:
        """Read the address into `topic` and what `look` needs.

        Raises:
            Closed: it says something that cannot be.
        """
        raise NotImplementedError

    def look(self, actor: Actor) -> Seen:
        """Return what there is to see now; runs in a thread, with the person's units in sight.

        Raises:
            Missing, ObjectDoesNotExist, Forbidden: the person may not see it.
        """
        raise NotImplementedError

    async def greet(self, seen: Seen) -> None:
        """Say that the view is open."""
        raise NotImplementedError

    async def show(self, seen: Seen) -> None:
        """Say what the browser does not know yet."""
        raise NotImplementedError

    async def take(self, frame: Frame) -> None:
        """Pass a frame on that was published, or look again."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Accept, authorise, subscribe, and send what was missed, in this order.

        The subscription comes before the look that is told: what happens between the two arrives
        twice, which `take` must bear, and nothing falls into a gap.
        """
        await self.accept()
        self.group = ""
        self.watch: asyncio.Task[None] | None = None
        self.looked_at = 0.0
        try:
            self.begin()
            await self._look()
            self.group = group_name(self.topic)
            await live.attend(self.topic)
            await self.channel_layer.group_add(self.group, self.channel_name)
            seen = await self._look()
            await self.greet(seen)
            await self.show(seen)
        except Closed as closed:
            await self.close(closed.code)
            return
        self.watch = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        """Leave the topic."""
        if self.watch is not None:
            self.watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.watch
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer a ping; anything else is not spoken here."""
        if text_data is None or len(text_data) > LONGEST_MESSAGE or not _is_ping(text_data):
            await self.close(BAD_REQUEST)
        elif await self._goes_on():
            await self.tell({"type": "pong"})

    async def forward(self, message: dict[str, Any]) -> None:
        """Hear a frame of the topic."""
        if await self._goes_on():
            await self.take(message["frame"])

    async def catch_up(self) -> bool:
        """Look, and say what the browser lacks; answers whether the view goes on."""
        try:
            await self.show(await self._look())
        except Closed as closed:
            # Whoever has seen the thing knows that it is there: their right to it is gone.
            await self.close(REFUSED if closed.code == UNKNOWN else closed.code)
            return False
        return True

    async def tell(self, frame: Frame) -> None:
        """Send a frame to the browser."""
        await self.send(text_data=json.dumps({"schema": SCHEMA, **frame}))

    async def _watch(self) -> None:
        """Look again and again: may they still see it, and did a frame get lost?"""
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            await live.attend(self.topic)
            await self.catch_up()

    async def _goes_on(self) -> bool:
        """Tell whether they may still see it; asks again once the last answer is old."""
        if time.monotonic() - self.looked_at < FRESH_FOR:
            return True
        return await self.catch_up()

    @database_sync_to_async
    def _look(self) -> Seen:
        session: Any = self.scope["session"]
        account = sessions.account_of(session.session_key)
        if account is None:
            raise Closed(SIGNED_OUT)
        # Counted from before the look: what is taken away meanwhile is found by the next one.
        self.looked_at = time.monotonic()
        with in_sight_of(account.person_id):
            try:
                return self.look(actor_of(account))
            except (Missing, ObjectDoesNotExist):
                raise Closed(UNKNOWN) from None
            except Forbidden:
                raise Closed(REFUSED) from None


def _is_ping(text: str) -> bool:
    try:
        return bool(json.loads(text) == {"type": "ping"})
    except (ValueError, RecursionError):
        return False
