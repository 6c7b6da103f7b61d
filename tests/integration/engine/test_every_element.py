"""Every scenario of our own on the real tables, from run to run through the queue.

After each step of a worker the rows of every run say what its journal says.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.conformance import models, scenario
from engine.conformance.scenario import Scenario
from engine.conformance.stubs import Stubs
from engine.conformance.world import T0
from engine.models.deliveries import Delivery
from engine.models.queue import QueueEntry
from engine.rehearsal import clock
from engine.rehearsal.world import DurableWorld, here
from tests.support.floor import Floor

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parents[2] / "conformance" / "scenarios"
FILES = sorted(FOLDER.glob("*.json"))


def read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def staged(file: Path) -> tuple[Scenario, bytes]:
    """Return a scenario with its decisions and its model with its jobs; its clock stands."""
    played = scenario.read(read(file)).with_decisions(
        lambda name: file.with_name(name).read_bytes()
    )
    drawn, decides = file.with_suffix(".bpmn").read_bytes(), bool(played.decisions)
    model = models.with_jobs(drawn, played.jobs, decides=decides)
    clock.stop_at(T0)
    return played, model


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_run_goes_as_the_scenario_says(file: Path, floor: Floor) -> None:
    played, model = staged(file)

    stubs = Stubs(played.jobs)
    played.play(DurableWorld(floor.process, floor.ola, model, stubs, here, played.decisions))

    left = Delivery.objects.values_list("kind", flat=True)
    assert set(left) <= {"MESSAGE"}
    said = QueueEntry.objects.filter(kind="DELIVER")
    assert not said.exclude(pk__in=Delivery.objects.values("pk")).exists()
