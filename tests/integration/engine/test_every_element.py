"""Every scenario of our own on the real tables: after each step the rows say what the journal says.

What goes from run to run is left to the world in memory here, so that a difference is one of rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from common.context import Actor
from common.ids import new_id
from engine import runtime, store
from engine.bpmn import parser
from engine.bpmn.process import Process
from engine.conformance import instances, scenario
from engine.conformance.errors import Differs
from engine.conformance.stubs import Stubs, stubbed
from engine.conformance.world import World
from engine.held import Caller, Opening
from engine.models.deployments import Deployment
from engine.queries import journals
from engine.runtime import BACKGROUND, Ask
from engine.semantics.commands import Command, CompleteUserTask, StartInstance
from engine.semantics.events import Event
from engine.semantics.state import InstanceState
from tests.support.floor import Floor

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parents[2] / "conformance" / "scenarios"
FILES = sorted(FOLDER.glob("*.json"))

#: Time stands still but for what a scenario says.
STILL = """
CREATE OR REPLACE FUNCTION engine_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT current_setting('interlock.still')::timestamptz $$
"""


@dataclass
class StoredInstance(instances.Instance):
    """A run whose every command goes through the tables."""

    floor: Floor | None = None
    deployment: Deployment | None = None

    def do(self, command: Command, _ids: Callable[[], str], now: datetime) -> list[Event]:
        assert self.floor is not None
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('interlock.still', %s, false)", [now.isoformat()])
        ola = self.floor.ola
        if isinstance(command, CompleteUserTask):
            command = replace(command, person=str(ola.person_id))
        ask = Ask(UUID(self.state.instance), command, ola)
        if isinstance(command, StartInstance):
            happened = self._start(ask, ola)
        else:
            happened = runtime.advance_one(ask, BACKGROUND).happened
        differences = list(journals.differences(ask.instance_id))
        if differences:
            raise Differs("; ".join(differences))
        self.state = store.lock([ask.instance_id])[ask.instance_id].state
        return happened

    def _start(self, ask: Ask, by: Actor) -> list[Event]:
        assert self.deployment is not None
        caller = None
        if self.parent is not None:
            above, activity = self.parent
            caller = Caller(UUID(above.state.instance), UUID(activity), self.depth)
        facts = ("a scenario", "", by.person_id, by.account_id, caller)
        return runtime.start(ask, self.deployment, lambda number: Opening(number, *facts)).happened


@dataclass
class StoredWorld(World):
    """The world of a scenario, its runs in the database."""

    floor: Floor | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.floor is not None
        self._deployments = {
            key: a_deployment(self.floor, number, process)
            for number, (key, process) in enumerate(self.processes.items(), start=1)
        }

    def _new(
        self,
        process: Process,
        identity: str = "",
        parent: tuple[instances.Instance, str] | None = None,
    ) -> instances.Instance:
        instance = StoredInstance(
            process,
            InstanceState(identity or str(new_id())),
            parent,
            floor=self.floor,
            deployment=self._deployments[process.id],
        )
        self.instances.append(instance)
        return instance


def a_deployment(floor: Floor, number: int, process: Process) -> Deployment:
    """Return a deployment of a model that was read already, its jobs those of the scenario."""
    deployment = Deployment.objects.create(
        unit=floor.office.unit,
        process=floor.process,
        number=number,
        digest=f"{number}",
        xml=b"",
        released_at="2030-01-01T00:00:00Z",
    )
    store._models[deployment.pk] = store._Read(process, calls=False)
    return deployment


def read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rows_say_at_every_step_what_the_journal_says(file: Path, floor: Floor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STILL)
    played = scenario.read(read(file))
    processes = {
        process.id: stubbed(process, played.jobs)
        for process in parser.read(file.with_suffix(".bpmn").read_bytes()).processes
    }

    played.play(StoredWorld(processes, Stubs(played.jobs), floor=floor))
