"""Scripts that loop and scripts that take all memory end in a real worker, which goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.models.instances import Instance
from engine.models.jobs import Job
from tests.integration.engine.scripts.test_script_tasks import SPIN, script
from tests.support.crew import CHILDREN, Crew, until
from tests.support.drawings import line
from tests.support.floor import Floor

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

GROWS = "s = [1]\nfor i in range(40):\n  s = s + s\nlen(s)"
_SLACK = 64 * 1024
"""KiB by which a worker process may have grown."""


def run_of(floor: Floor, source: str) -> Instance:
    floor.deploy(line(script(source)))
    return floor.start()


def ends_as(run: Instance, state: str, crew: Crew) -> None:
    try:
        until(lambda: Instance.objects.get(pk=run.pk).state == state, f"the run is {state}", 30)
    except TimeoutError as error:
        raise AssertionError(f"{error}\n{crew.words()}") from error


def largest(processes: list[int]) -> int:
    """Return the resident KiB of the largest of some processes."""
    return max(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4 for pid in processes)


def children(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_worker_outlives_what_its_scripts_do(floor: Floor, crew: Crew) -> None:
    crew.hire_worker()
    ends_as(run_of(floor, "1 + 1"), "COMPLETED", crew)
    worker = crew.running["worker"].pid
    # One of them may have done the first run before the last of them was there.
    until(lambda: len(children(worker)) == CHILDREN, "all children of the worker are there", 30)
    processes = children(worker)
    before = largest(processes)

    for source, code in ((SPIN, "script_slow"), (GROWS, "script_memory")):
        ends_as(run_of(floor, source), "FAILED", crew)
        assert Job.objects.latest("created_at").code == code
    ends_as(run_of(floor, "1 + 1"), "COMPLETED", crew)

    assert children(worker) == processes, "no process of the worker was lost"
    assert largest(processes) < before + _SLACK
