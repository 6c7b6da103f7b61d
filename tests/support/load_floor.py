"""Where the durable core is measured: one unit, models of a few lines, and what is timed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from common import tenancy
from common.context import Actor, automation
from common.ids import new_id
from engine import runtime
from engine.actions import drains
from engine.held import Opening
from engine.models.deployments import Deployment
from engine.models.instances import Instance
from engine.models.journal import JournalRow
from engine.models.queue import QueueEntry
from engine.models.user_tasks import UserTask
from engine.queries import clock
from engine.runtime import Ask
from engine.semantics.commands import CompleteUserTask, StartInstance
from governance.models.boards import Board
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit
from tests.support.drawings import drawing, line

_WORKER = automation("worker")
_PATIENCE = 600.0
_READ = """
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)
FROM pg_stat_xact_user_tables WHERE relname LIKE 'engine_%' AND relname <> 'engine_instance'
"""


def in_a_row(steps: int) -> str:
    """Return a model of so many service tasks, each of which is a job."""
    return line(
        *(
            f'<serviceTask id="s{number}" name="Step"><extensionElements>'
            '<zeebe:taskDefinition type="at-once:1"/></extensionElements></serviceTask>'
            for number in range(steps)
        )
    )


def several(count: int) -> str:
    """Return a model with a user task for so many people at once."""
    return line(
        '<userTask id="work" name="Work"><multiInstanceLoopCharacteristics>'
        f"<loopCardinality>{count}</loopCardinality>"
        "</multiInstanceLoopCharacteristics></userTask>"
    )


def again_and_again(count: int) -> str:
    """Return a model in which one script runs so often."""
    return line(
        '<scriptTask id="step" name="Step"><extensionElements>'
        '<zeebe:script expression="=loopCounter" resultVariable="n"/></extensionElements>'
        f'<standardLoopCharacteristics loopMaximum="{count}"/></scriptTask>'
    )


@dataclass
class LoadFloor:
    """One unit with one process, and somebody who does its work."""

    process: Process
    person: Actor
    version: int = 0

    def deploy(self, body: str) -> Deployment:
        """Place a model, whatever validation says of its connectors."""
        self.version += 1
        xml = drawing(body)
        return Deployment.objects.create(
            unit_id=self.process.unit_id,
            process=self.process,
            number=self.version,
            digest=hashlib.sha256(xml).hexdigest(),
            xml=xml,
            model_id="change",
            released_at=clock.engine_now(),
        )

    def start(self, deployment: Deployment) -> UUID:
        """Start a run."""
        instance_id, person = new_id(), self.person

        def opening(number: int) -> Opening:
            return Opening(number, "Load", "", person.person_id, None)

        with transaction.atomic():
            runtime.start(Ask(instance_id, StartInstance(), person), deployment, opening)
        return instance_id

    def settle(self) -> None:
        """Carry on what was cut short."""
        while drains.drain(actor=_WORKER):
            pass

    def open_tasks(self, instance_id: UUID) -> list[UUID]:
        """Return the user tasks of a run."""
        found = UserTask.objects.filter(instance_id=instance_id, state="OPEN").order_by("pk")
        return list(found.values_list("pk", flat=True))

    def complete(self, instance_id: UUID, task: UUID, deployment: Deployment) -> float:
        """Complete a user task as the web does, and return the seconds that took."""
        command = CompleteUserTask(str(task), str(self.person.person_id))
        began = time.perf_counter()
        with transaction.atomic():
            ask = Ask(instance_id, command, self.person, deployment_id=deployment.pk)
            runtime.advance_one(ask)
        return time.perf_counter() - began

    def rows_read(self, instance_id: UUID, task: UUID, deployment: Deployment) -> int:
        """Complete a user task and return how many rows of the engine were read for it."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; ANALYZE; DISCARD PLANS")
            cursor.execute(_READ)
            before = int(cursor.fetchone()[0])
            self.complete(instance_id, task, deployment)
            cursor.execute(_READ)
            return int(cursor.fetchone()[0]) - before

    def check(self, runs: list[UUID], journal_rows: int) -> None:
        """Be sure that runs are over, all of them written down, and no work is left."""
        ended = Instance.objects.filter(pk__in=runs, state="COMPLETED").count()
        written = JournalRow.objects.filter(instance_id__in=runs).count()
        left = QueueEntry.objects.filter(instance_id__in=runs).count()
        assert (ended, written, left) == (len(runs), journal_rows, 0)

    def check_over(self, instance_id: UUID) -> None:
        """Be sure that a run is over and that no work of it is left."""
        assert Instance.objects.get(pk=instance_id).state == "COMPLETED"
        assert not QueueEntry.objects.filter(instance_id=instance_id).exists()


@contextmanager
def a_load_floor() -> Iterator[LoadFloor]:
    """Give a unit of its own."""
    unit = Unit.objects.create(key=f"u-{new_id().hex}"[:40], name="Load")
    with tenancy.units_in_scope([unit.pk]):
        person = Person.objects.create(name="Somebody")
        board = Board.objects.create(unit=unit, key="board", name="Board")
        process = Process.objects.create(
            unit=unit, key="load", name="Load", owner=person, board=board
        )
        yield LoadFloor(process, Actor(name=person.name, person_id=person.pk))


@contextmanager
def workers(count: int, environment: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Start workers signed in as such; they wait for a line before they work."""
    crew = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.load_worker"],
            cwd=settings.BASE_DIR,
            env={**environment, "INTERLOCK_ROLE": "engine"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        for worker in crew:
            assert worker.stdout is not None
            assert "ready" in worker.stdout.readline()
        yield crew
    finally:
        for worker in crew:
            worker.terminate()
            worker.communicate()


def seconds_until_done(crew: list[subprocess.Popen[str]], runs: list[UUID]) -> float:
    """Let the workers work, and return how long they took for these runs."""
    for worker in crew:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    began = time.perf_counter()
    unit_id = Instance.objects.values_list("unit_id", flat=True).get(pk=runs[0])
    while QueueEntry.objects.filter(unit_id=unit_id, kind="JOB").exists():
        assert time.perf_counter() - began < _PATIENCE, "The workers do not get done."
        time.sleep(0.01)
    return time.perf_counter() - began
