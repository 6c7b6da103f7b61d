"""One load test from beginning to end: every scenario between two measurements of the limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from config.loadtest import crew, profiling
from config.loadtest.bench import Bench, Scenario
from config.loadtest.drawing import chart
from config.loadtest.figures import Row
from config.loadtest.ground import Ground
from config.loadtest.others import WORKERS, Others
from config.loadtest.scenarios.broker import Broker
from config.loadtest.scenarios.completion import Completion
from config.loadtest.scenarios.crowd import Crowd
from config.loadtest.scenarios.growth import LOOP, SEVERAL
from config.loadtest.scenarios.past import Past
from config.loadtest.scenarios.steps import Steps
from config.loadtest.scenarios.timers import Timers
from config.loadtest.scenarios.web import Web
from config.loadtest.sizes import Size
from engine.loadtest.floor import a_floor

#: In the order of running: what leaves very many rows behind comes last.
SCENARIOS: Sequence[Scenario] = (
    Steps(),
    Completion(),
    Web(),
    Broker(),
    LOOP,
    SEVERAL,
    Past(),
    Timers(),
    Crowd(),
)


@dataclass(frozen=True)
class Wish:
    """What is asked for: how much, with peers, and which scenarios (parts of titles; none: all)."""

    size: Size
    wants_peers: bool = False
    only: Sequence[str] = ()


def rows(ground: Ground, wish: Wish, say: Callable[[str], None]) -> list[Row]:
    """Measure scenario by scenario, saying what comes of each; return all rows.

    Only then is it looked where the time goes in those that miss their goal: a profiler between
    two scenarios would stand between the second and the limit that was measured before it.
    """
    chosen = [one for one in SCENARIOS if _is_wanted(one.title, wish.only)]
    found = []
    with a_floor() as floor, crew.workers(WORKERS, ground) as workers:
        bench = Bench(wish.size, ground, floor, Others(ground, wish.wants_peers), workers)
        for number, scenario in enumerate(chosen, start=1):
            say(f"  {number} of {len(chosen)}: {scenario.title}")
            found.append((scenario, _measured(bench, scenario)))
            say(chart(found[-1][1]))
        say("  Where the time goes")
        return [row for scenario, measured in found for row in _told(bench, scenario, measured)]


def _is_wanted(title: str, only: Sequence[str]) -> bool:
    return not only or any(text.lower() in title.lower() for text in only)


def _measured(bench: Bench, scenario: Scenario) -> list[Row]:
    bench.begin()
    found = scenario.measure(bench)
    bench.limit()
    return [replace(row, limits=tuple(bench.limits)) for row in found]


def _told(bench: Bench, scenario: Scenario, found: list[Row]) -> list[Row]:
    """Return the rows, those that miss their goal with a profile."""
    if not any(row.misses_goal for row in found):
        return found
    lines = profiling.profile(scenario.again(bench))
    return [replace(row, profile=lines) if row.misses_goal else row for row in found]
