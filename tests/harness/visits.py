"""A trial in which people act through the web, and the web is killed in the middle of requests."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from uuid import UUID

from engine.crash_points import Point
from engine.models.subscriptions import MessageSubscription
from engine.models.user_tasks import UserTask
from tests.harness import mix
from tests.harness.nursery import Crowd
from tests.harness.play import AT_ONCE, MOST_EXTRA, TURN, Play
from tests.harness.staff import Started, persistently
from tests.harness.visitors import Visitors, Wish, cookies_of

_STARTER, _WORKER = "Ben Carter", "Ola Berg"
#: Where a request may be cut short.
POINTS = (Point.LOCKED, Point.JOURNAL, Point.AFTER_COMMIT)


class Visited(Play):
    """Starts, completions and messages through the web, and nothing else."""

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        assert self.stage.door is not None
        people = self.staff.office.people
        cookies = {name: cookies_of(people[name].accounts.get()) for name in (_STARTER, _WORKER)}
        self._visitors = Visitors(f"http://127.0.0.1:{self.stage.door.getsockname()[1]}", cookies)
        self._asked: set[str] = set()
        self._starts = 0
        self._web = replace(
            self.orders,
            database=self.stage.ground.url("app", self.stage.database),
            role="app",
            who="web",
            door=self.stage.door.fileno(),
        )

    def complaints(self) -> list[str]:
        """Return answers that nobody should get."""
        return [f"I7 {sentence}" for sentence in self._visitors.refused]

    def _rough(self) -> Crowd:
        trial = self.trial
        kill = dict.fromkeys((point.value for point in POINTS), trial.chance)
        web = replace(self._web, kill=kill, most=trial.kills)
        gentle = self._gentle()
        return replace(gentle, kills_per_second=4.0, most_random=trial.random_kills, web=web)

    def _gentle(self) -> Crowd:
        return replace(super()._gentle(), webs=self.trial.webs, web=self._web)

    def _is_through(self) -> bool:
        # Where everybody is turned away there is nothing left to find out.
        return len(self._visitors.refused) > AT_ONCE or super()._is_through()

    def _turn(self) -> None:
        under_way = self._unfinished()
        for _ in range(min(10, AT_ONCE - under_way)):
            if self._starts < MOST_EXTRA * self.trial.instances:
                self._start()
        self._tend()
        self._befall()
        self._tell("storm")
        time.sleep(TURN)

    def _start(self) -> None:
        self._starts += 1
        reference = f"visit-{self._starts}"
        body = {"process": mix.VISITED, "variables": {"reference": reference}}
        self._visitors.send(Wish(_STARTER, "/api/v1/runs", reference, body))

    def _tend(self) -> None:
        """Have done what waits for people, and take note of what was answered."""
        for task in persistently(lambda: list(UserTask.objects.filter(state="OPEN")[:AT_ONCE])):
            self._ask(_WORKER, f"/api/v1/user-tasks/{task.pk}/complete", str(task.pk), {})
        for one in persistently(lambda: list(MessageSubscription.objects.all()[:AT_ONCE])):
            body = {"process": mix.VISITED, "name": one.name, "correlation_key": one.key}
            self._ask(_STARTER, "/api/v1/messages", str(one.pk), body)
        (number,) = (
            number for number, one in self.staff.versions.items() if one.key == mix.VISITED
        )
        while not self._visitors.answers.empty():
            answer = self._visitors.answers.get()
            self.tally.note("request cut short", answer.broken)
            if answer.wish.path == "/api/v1/runs":
                made = UUID(answer.said["id"])
                self.staff.started.append(Started(answer.wish.key, made, number))

    def _ask(self, person: str, path: str, key: str, body: dict[str, Any]) -> None:
        if key not in self._asked:
            self._asked.add(key)
            self._visitors.send(Wish(person, path, key, body))

    def _missing(self) -> bool:
        counts, trial = self.tally.counts(), self.trial
        wanted = {f"kill web {point}": trial.kills for point in POINTS}
        wanted |= {"kill web at random": trial.random_kills}
        return any(counts[fault] < times for fault, times in wanted.items())

    def _unfinished(self) -> int:
        return super()._unfinished() + self._visitors.waiting
