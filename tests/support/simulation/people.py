"""The people outside of a simulation: they do their tasks, send messages, and look after troubles.

They read what is committed and act on it through the same step as everybody; what failed they see
again, and do again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.semantics.commands import (
    Cancel,
    Command,
    CompleteUserTask,
    Pause,
    Resume,
    RetryIncident,
    StartInstance,
)
from engine.semantics.rows import Awaited, Status
from engine.semantics.state import InstanceState
from tests.support.oracle.blocks import Hear
from tests.support.oracle.trials import START
from tests.support.simulation.crew import Ask, Crew, Doing, Interrupted
from tests.support.simulation.faults import Fault

ROOT = "run"


@dataclass
class People:
    """All of them as one who does one thing at a time. `due` is how often each message is sent."""

    crew: Crew
    messages: dict[str, Hear]
    due: Counter[str]
    sent: Counter[str] = field(default_factory=Counter)

    def wish(self) -> Doing | None:
        """Return what they do next, or None where there is nothing to do for them."""
        root = self.crew.watcher.folded.get(ROOT)
        if root is None:
            return self._begins()
        return self._meddles(root) or self._works()

    def _begins(self) -> Doing:
        process = self.crew.models[""]
        return self._asks(Ask(ROOT, StartInstance(dict(START)), process=process))

    def _meddles(self, root: InstanceState) -> Doing | None:
        """Cancel or pause the run, or let a paused one go on."""
        faults = self.crew.faults
        command: Command | None = None
        if root.status is Status.PAUSED and (faults.is_over or not self.crew.pick(6)):
            command = Resume()
        elif root.status is Status.RUNNING and faults.happens(Fault.HALT, 30):
            command = Pause()
        elif not root.is_finished and faults.happens(Fault.CANCEL, 60):
            command = Cancel()
        return self._asks(Ask(ROOT, command)) if command else None

    def _works(self) -> Doing | None:
        choices: list[Ask | Hear] = [*self._asked(), *self._unsent()]
        if not choices:
            return None
        choice = choices[self.crew.pick(len(choices))]
        return self._sends(choice) if isinstance(choice, Hear) else self._asks(choice)

    def _asked(self) -> Iterator[Ask]:
        for run, state in self.crew.watcher.folded.items():
            if state.status is not Status.RUNNING:
                continue
            for task in state.user_tasks.values():
                work = self.crew.answers[task.element]
                given = {work.target: work.value} if work.target else {}
                yield Ask(run, CompleteUserTask(task.activity, "ada", given))
            for incident in state.incidents.values():
                yield Ask(run, RetryIncident(incident.id))

    def _unsent(self) -> Iterator[Hear]:
        """Yield the messages that will be waited for, and those that are and are not on the way."""
        yield from (one for name, one in self.messages.items() if self.sent[name] < self.due[name])
        under_way = {one.name for one in self.crew.database.deliveries.values()}
        for state in self.crew.watcher.folded.values():
            for awaited in state.subscriptions.values():
                if awaited.kind is Awaited.MESSAGE and awaited.name not in under_way:
                    yield self.messages[awaited.name]

    def _sends(self, message: Hear) -> Doing:
        given = {message.target: message.value} if message.target else {}
        delivery = self.crew.database.publish(message.id, given)
        self.sent[message.id] += 1
        yield "after-commit"
        self.crew.ring([delivery])

    def _asks(self, ask: Ask) -> Doing:
        try:
            yield from self.crew.advance(ask)
        except Interrupted:
            return
