"""The websocket of a process's threads: it rings when something was said; the page then asks."""

from __future__ import annotations

from uuid import UUID

from common.context import Actor
from common.live import Frame
from designer.models.threads import topic_of
from designer.queries import threads
from governance.watching import Watcher


class ThreadsConsumer(Watcher[str]):
    """Rings at one browser, and also where a ring was lost: what is seen is a stamp."""

    act = "thread.view"

    def begin(self) -> None:
        """Read which process it is."""
        self.process_id: UUID = self.scope["url_route"]["kwargs"]["process_id"]
        self.topic = topic_of(self.process_id)
        self.stamp = ""

    def look(self, actor: Actor) -> str:
        """Return the stamp of what is there."""
        return threads.stamp_of(actor=actor, process_id=self.process_id)

    async def greet(self, seen: str) -> None:
        """Say that it rings from now on; a page with another stamp asks for what it missed."""
        self.stamp = seen
        await self.tell({"type": "hello", "stamp": seen})

    async def show(self, seen: str) -> None:
        """Ring where something changed."""
        if seen != self.stamp:
            self.stamp = seen
            await self.tell({"type": "threads.changed", "stamp": seen})

    async def take(self, frame: Frame) -> None:
        """Look, and ring."""
        await self.catch_up()
