"""The websocket of one run: what was missed since a sequence number, then what happens.

Frames that get lost on the way are made up for from the journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from common.context import Actor
from common.live import Frame
from engine.models.instances import Instance
from engine.queries import instances
from engine.queries.instances import Telling
from engine.steps import Step
from governance.watching import BAD_REQUEST, Closed, Watcher

#: A gap of more advances than this is loaded by the page itself.
LONGEST_GAP = 500
_STEPS_PER_FRAME = 100
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class View:
    """What a look at the run gave: its newest number, and what came after the last one known."""

    seq: int
    tellings: list[Telling] = field(default_factory=list)
    is_far: bool = False


class RunConsumer(Watcher[View]):
    """Forwards the frames of one run to one browser."""

    act = "run.view"

    def begin(self) -> None:
        """Read which run it is, and up to where the browser knows it."""
        self.run_id: UUID = self.scope["url_route"]["kwargs"]["run_id"]
        self.topic = f"run.{self.run_id}"
        self.seq = self._since()

    def look(self, actor: Actor) -> View:
        """Return what came after the last number known."""
        return _view(instances.get_run(actor=actor, run_id=self.run_id), self.seq)

    async def greet(self, seen: View) -> None:
        """Say up to where the journal goes."""
        await self.tell({"type": "hello", "seq": seen.seq})

    async def show(self, seen: View) -> None:
        """Send what came since, in order."""
        if seen.is_far:
            await self.tell({"type": "reload"})
        for telling in seen.tellings:
            if telling.seq > self.seq:
                for frame in _frames(telling):
                    await self.tell(frame)
        self.seq = max(self.seq, seen.seq)

    async def take(self, frame: Frame) -> None:
        """Pass a frame on, unless the browser has it, or lacks what came before."""
        if frame["seq"] <= self.seq:
            return
        if frame["type"] != "advance" or frame["seq_from"] != self.seq + 1:
            await self.catch_up()
            return
        self.seq = frame["seq"]
        await self.tell(frame)

    def _since(self) -> int:
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        text = query.get("since", ["0"])[0]
        if not text.isdecimal() or len(text) > _DIGITS:
            raise Closed(BAD_REQUEST)
        return int(text)


def _view(run: Instance, since: int) -> View:
    if run.seq <= since:
        return View(run.seq)
    tellings = []
    for telling in instances.tellings_of(run, since):
        tellings.append(telling)
        if len(tellings) > LONGEST_GAP:
            return View(run.seq, is_far=True)
    return View(run.seq, tellings)


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
