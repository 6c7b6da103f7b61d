"""The sandbox goes the way of the real tables: the same scenario, the same path and variables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from engine.conformance import scenario
from engine.conformance.stubs import Stubs
from engine.rehearsal import clock
from engine.rehearsal.world import DurableWorld, here
from engine.sandbox import trial
from tests.support.floor import Floor
from tests.unit.engine.sandbox.models import DECISION, MODEL, SAMPLE, a_scenario, parts

pytestmark = pytest.mark.django_db

#: What the real tables need no system's address for: they are given none.
PLAIN = MODEL.replace("=connection.itsm + &quot;/api&quot;", "=&quot;https://itsm.example&quot;")
FAILS = {"fails": {"kind": "TRANSIENT", "cause": "It answers 503."}}
SCENARIOS: dict[str, dict[str, Any]] = {
    "all goes well": {},
    "a failure is tried again": {
        "jobs": {"ticket": [{**FAILS, "times": 2}, SAMPLE]},
        "steps": [{"advance": "PT1H"}, *a_scenario()["steps"]],
    },
    "an error goes where it is drawn": {
        "jobs": {"ticket": {"throws": {"error": "GONE"}}},
        "steps": [],
    },
    "nobody answers": {"steps": [{"advance": "PT12H"}]},
    "an operator is asked": {
        "jobs": {"ticket": [{"fails": {"kind": "PERMANENT", "cause": "400"}}, SAMPLE]},
        "steps": [],
    },
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_goes_the_same_way_on_the_real_tables(name: str, floor: Floor) -> None:
    content = a_scenario(**SCENARIOS[name])
    report = trial.play(content, parts(PLAIN), {})
    assert report["refused"] is None
    expect = {part: report[part] for part in ("state", "waiting", "visited", "variables")}
    # The real tables judge forms in an action, before the machine: here values come judged.
    judged = {**content, "name": name, "model": "", "variables": {"minutes": 90}, "expect": expect}
    clock.stop_at(datetime.fromisoformat(content["at"]))

    played = scenario.read(judged)
    files = {"urgency.dmn": DECISION.encode()}
    stubs = Stubs(played.jobs)
    played.play(DurableWorld(floor.process, floor.ola, PLAIN.encode(), stubs, here, files))
