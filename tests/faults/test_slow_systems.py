"""A system that never answers holds whoever calls it, and another system's jobs go on."""

from __future__ import annotations

import pytest

from engine.models.instances import Instance
from engine.models.jobs import Job
from governance.models.connections import EgressDestination
from tests.support import bad_services as bad
from tests.support.bad_services import BadService, a_bad_service
from tests.support.crew import Crew, until
from tests.support.drawings import line
from tests.support.floor import Floor, call

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

SLOW_RUNS, QUICK_RUNS = 8, 5


def start(floor: Floor, url: str, runs: int) -> list[Instance]:
    port = int(url.split(":")[2].partition("/")[0])
    EgressDestination.objects.create(
        unit=floor.office.unit, host="127.0.0.1", port=port, reason="A test's."
    )
    floor.deploy(line(call(url=f"{url.rstrip('/')}/api/tickets")))
    return [floor.start() for _ in range(runs)]


def all_done(runs: list[Instance]) -> bool:
    done = Instance.objects.filter(pk__in=[run.pk for run in runs], state="COMPLETED")
    return done.count() == len(runs)


def test_another_system_is_called_while_one_holds_whoever_calls_it(
    floor: Floor, crew: Crew
) -> None:
    with a_bad_service(bad.silent) as slow:
        held = start(floor, slow.url, SLOW_RUNS)
        crew.hire_worker()
        until(lambda: _is_held(slow), "a call hangs at the slow system")
        quick = start(floor, crew.itsm, QUICK_RUNS)

        until(lambda: all_done(quick), f"the quick ones are done\n{crew.words()}")

        assert not Job.objects.filter(instance__in=held, state="COMPLETED").exists()


def _is_held(slow: BadService) -> bool:
    return slow.asked > 0
