"""A database made for rehearsals, the people in it, and workers of their own.

The owner's sign-in makes the database and removes it; two processes signed in as workers carry on
what is due, as they do in production.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from common import context, tenancy
from common.context import Actor
from common.ids import new_id
from engine.conformance.errors import Differs
from engine.conformance.scenario import Scenario
from engine.conformance.stubs import Stubs
from engine.conformance.world import T0
from engine.errors import RehearsalRefused
from engine.leases import DRAINED
from engine.models.queue import QueueEntry
from engine.rehearsal import clock
from engine.rehearsal.world import DurableWorld
from governance.models.boards import Board
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit

WORKERS = 2
#: Under which a worker's process finds the name of the database.
DATABASE = "REHEARSAL_DATABASE"
_PATIENCE = 30.0
_PAUSE = 0.003


@contextmanager
def studio() -> Iterator[None]:
    """Run the block in a database of its own, with two worker processes at it.

    Raises:
        RehearsalRefused: these are production's settings.
    """
    if not settings.ALLOW_DEMO:
        raise RehearsalRefused
    usual = connection.settings_dict["NAME"]
    name = f"rehearsal_{os.getpid()}"
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    clock.stop_at(T0)
    crew: list[subprocess.Popen[bytes]] = []
    try:
        crew += [_worker(name) for _ in range(WORKERS)]
        yield
    finally:
        for worker in crew:
            worker.terminate()
            worker.wait()
        connection.creation.destroy_test_db(usual, verbosity=0)


def play(scenario: Scenario, model: bytes) -> None:
    """Play a scenario in a business unit of its own.

    Raises:
        Differs: something is not as the scenario says.
        ScenarioUnreadable: a step is of no kind that is known.
    """
    clock.stand_at(T0)
    unit = Unit.objects.create(key=f"u-{new_id().hex}"[:40], name=scenario.name[:100])
    scene = context.Scene(request_id="rehearsal", unit_id=unit.pk)
    with context.scene(scene), tenancy.units_in_scope([unit.pk]):
        person = Person.objects.create(name="Somebody")
        board = Board.objects.create(unit=unit, key="board", name="Board")
        process = Process.objects.create(
            unit=unit, key="scenario", name=scenario.name[:120], owner=person, board=board
        )
        actor = Actor(name=person.name, person_id=person.pk)
        try:
            stubs = Stubs(scenario.jobs)
            scenario.play(
                DurableWorld(process, actor, model, stubs, by_workers, scenario.decisions)
            )
        finally:
            QueueEntry.objects.filter(unit_id=unit.pk).delete()


def by_workers() -> bool:
    """Wait until the workers have done what is due; tell whether anything was.

    Raises:
        Differs: they do not get done.
    """
    waited = False
    until = time.monotonic() + _PATIENCE
    due = QueueEntry.objects.filter(kind__in=[kind.value for kind in DRAINED])
    while due.filter(due_at__lte=clock.now()).exists():
        if time.monotonic() > until:
            raise Differs(f"the workers have not come to rest in {_PATIENCE:.0f} s")
        waited = True
        time.sleep(_PAUSE)
    return waited


def _worker(database: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "conformance_worker"]
    told = {**os.environ, "INTERLOCK_ROLE": "engine", DATABASE: database}
    return subprocess.Popen(program, env=told, stdin=subprocess.DEVNULL)  # noqa: S603  (ours)
