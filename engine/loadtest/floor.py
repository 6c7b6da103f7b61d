"""Where runs are measured: one unit with one process, short words for acts, and checks.

What a scenario did is looked at in the tables: a figure of something that did not happen is none.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from common import tenancy
from common.context import Actor, automation
from common.ids import new_id
from engine import runtime
from engine.actions import drains, rollups
from engine.held import Opening
from engine.loadtest import at_once, models
from engine.loadtest.errors import NotAsItShouldBe
from engine.models.deployments import Deployment
from engine.models.instances import Instance, Variable
from engine.models.journal import JournalRow
from engine.models.queue import JOB_QUEUES, Kind, QueueEntry
from engine.models.timers import Timer
from engine.models.user_tasks import UserTask
from engine.queries import clock
from engine.runtime import Ask
from engine.semantics.commands import CompleteUserTask, StartInstance
from engine.workers import jobs
from governance.models.boards import Board
from governance.models.people import Account, Person
from governance.models.processes import Process
from governance.models.units import Role, RoleAssignment, Team, TeamMember, Unit

#: A model placed in the engine, for whoever measures and knows no table.
Deployed: TypeAlias = Deployment

_WORKER = automation("load test")
_MANY = 5_000
_READ = """
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)
FROM pg_stat_xact_user_tables WHERE relname LIKE 'engine_%%' AND relname <> 'engine_instance'
"""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signs in to the web."""

    email: str
    password: str


@dataclass
class Floor:
    """One unit with one process, and somebody who does its work."""

    process: Process
    person: Actor
    sign_in: SignIn
    version: int = 0

    @property
    def unit_id(self) -> UUID:
        """Return the unit."""
        return self.process.unit_id

    def deploy(self, xml: bytes) -> Deployment:
        """Place a model as the next version, whatever validation says of its connectors."""
        self.version += 1
        return Deployment.objects.create(
            unit_id=self.unit_id,
            process=self.process,
            number=self.version,
            digest=hashlib.sha256(xml).hexdigest(),
            xml=xml,
            model_id="load",
            released_at=clock.engine_now(),
        )

    def start(self, deployment: Deployment, values: Mapping[str, Any] | None = None) -> UUID:
        """Start a run, as its person, and return its id."""
        return start(deployment, self.person, values or {})

    def settle(self) -> None:
        """Carry on what is due and asks neither a person nor a connector."""
        while drains.drain(actor=_WORKER):
            pass

    def do_jobs(self) -> None:
        """Do the jobs that wait, in this process."""
        at_once.install()
        while jobs.drain(JOB_QUEUES):
            pass

    def runs_of(self, deployment: Deployment) -> list[UUID]:
        """Return the runs of a version."""
        found = Instance.objects.filter(deployment=deployment)
        return list(found.values_list("pk", flat=True))

    def open_tasks(self, *run_ids: UUID) -> list[tuple[UUID, UUID]]:
        """Return the open user tasks of runs: run and task, in the order of offering."""
        found = UserTask.objects.filter(instance_id__in=run_ids, state="OPEN").order_by("pk")
        return list(found.values_list("instance_id", "pk"))

    def complete(
        self, run_id: UUID, task_id: UUID, deployment: Deployment, answer: int = 0
    ) -> float:
        """Complete a user task as the web does, and return the seconds that took."""
        person = str(self.person.person_id)
        command = CompleteUserTask(str(task_id), person, {"answer": answer})
        began = time.perf_counter()
        with transaction.atomic():
            runtime.advance_one(Ask(run_id, command, self.person, deployment_id=deployment.pk))
        return time.perf_counter() - began

    def rows_read(self, run_id: UUID, task_id: UUID, deployment: Deployment) -> int:
        """Complete a user task and return how many rows of the engine were read for it."""
        with transaction.atomic(), connection.cursor() as cursor:
            # A table of ten rows is read whole; indexes are what is compared.
            cursor.execute("SET LOCAL enable_seqscan = off; ANALYZE; DISCARD PLANS")
            cursor.execute(_READ)
            before = int(cursor.fetchone()[0])
            self.complete(run_id, task_id, deployment)
            cursor.execute(_READ)
            return int(cursor.fetchone()[0]) - before

    def events_of(self, run_id: UUID) -> int:
        """Return how many events a run has behind it."""
        return Instance.objects.values_list("seq", flat=True).get(pk=run_id)

    def let_all_be_due(self) -> None:
        """Have every timer that waits be due at this instant."""
        now = clock.engine_now()
        Timer.objects.filter(unit_id=self.unit_id).update(due_at=now)
        QueueEntry.objects.filter(unit_id=self.unit_id, kind=Kind.TIMER).update(due_at=now)

    def count_ended_runs(self) -> None:
        """Fold the runs that have ended into the counts of reports, as the sweeper does."""
        while rollups.fold():
            pass

    def has_jobs(self) -> bool:
        """Tell whether jobs are left to do."""
        return self._has(Kind.JOB)

    def has_timers(self) -> bool:
        """Tell whether timers are still to come."""
        return self._has(Kind.TIMER)

    def _has(self, kind: Kind) -> bool:
        return QueueEntry.objects.filter(unit_id=self.unit_id, kind=kind).exists()

    def check(
        self,
        run_ids: Sequence[UUID],
        journal_rows: int | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        """Be sure that runs are over, their journals whole, and no work of them is left.

        `journal_rows` is how many there are of all of them together; `values` is what a variable
        is at the end of each, as JSON.

        Raises:
            NotAsItShouldBe: it is not so.
        """
        instances = Instance.objects.filter(state="COMPLETED")
        ended = _count(instances, "pk", run_ids)
        written = _count(JournalRow.objects.all(), "instance_id", run_ids)
        left = _count(QueueEntry.objects.all(), "instance_id", run_ids)
        expected = (len(run_ids), written if journal_rows is None else journal_rows, 0)
        _require("runs ended, rows of journals, work left", (ended, written, left), expected)
        for name, value in (values or {}).items():
            kept = _count(Variable.objects.filter(name=name, value=value), "scope_id", run_ids)
            _require(f"runs that end with {name} = {value}", kept, len(run_ids))


def start(deployment: Deployment, person: Actor, values: Mapping[str, Any]) -> UUID:
    """Start a run of a deployment in a transaction of its own, and return its id."""
    run_id = new_id()

    def opening(number: int) -> Opening:
        return Opening(number, "Load", "", person.person_id, person.account_id)

    with transaction.atomic():
        runtime.start(Ask(run_id, StartInstance(dict(values)), person), deployment, opening)
    return run_id


@contextmanager
def a_floor() -> Iterator[Floor]:
    """Give a unit of its own, and let the block see it."""
    unit = Unit.objects.create(key="load", name="Load")
    with tenancy.units_in_scope([unit.pk]):
        person = Person.objects.create(name="Somebody")
        sign_in = SignIn("somebody@load.example", secrets.token_urlsafe(24))
        account = Account(person=person, email=sign_in.email)
        account.set_password(sign_in.password)
        account.save()
        RoleAssignment.objects.create(unit=unit, person=person, role=Role.VIEWER)
        team = Team.objects.create(unit=unit, key=models.TEAM, name="Load")
        TeamMember.objects.create(unit=unit, team=team, person=person)
        board = Board.objects.create(unit=unit, key="board", name="Board")
        process = Process.objects.create(
            unit=unit, key="load", name="Load", owner=person, board=board
        )
        actor = Actor(name=person.name, person_id=person.pk, account_id=account.pk)
        yield Floor(process, actor, sign_in)


def _count(rows: QuerySet[Any], column: str, ids: Sequence[UUID]) -> int:
    """Count the rows of these ids, of so many at a time that a statement stays of a size."""
    return sum(
        rows.filter(**{f"{column}__in": ids[first : first + _MANY]}).count()
        for first in range(0, len(ids), _MANY)
    )


def _require(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise NotAsItShouldBe(f"{what}: {found}, and not {expected}")
