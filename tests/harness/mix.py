"""What is run under fire: processes drawn at random, and those of an IT department.

Of a drawn process the oracle knows what it must come to, node by node, whatever befalls it. Those
in which timers race are left out: how such a race ends may honestly depend on who was killed. The
demo company's processes are taken as they are, but for their times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.happenings import HAPPENINGS
from demo.register import MODELS
from engine.bpmn import parser
from engine.forms.form import Form
from tests.harness import bpmn_file
from tests.support.oracle import driver, interpreter
from tests.support.oracle.blocks import VARIABLES, Block, Deadline, Race, Work, drawn
from tests.support.oracle.drawing import process_of
from tests.support.oracle.trials import START, picks

#: Of ten runs four are of drawn processes.
_DRAWN_SHARE = 4
_MOST_WORK = 5
_CROWD = 12
_WAITS = 3
VISITED = "visited"
_TIMES = (
    # Waits of hours and days become parts of a second; what counts is that time moves the run.
    (re.compile(r">(?:P(?:T\d+[HM]|\d+D)|=duration\(\w+\))<"), ">PT0.3S<"),
    (re.compile(r">R(\d+)/P\d+D<"), r">R\1/PT1S<"),
    (re.compile(r'firstDelay="[^"]*"'), 'firstDelay="PT0.2S"'),
    (re.compile(r'cap="[^"]*"'), 'cap="PT1S"'),
    (re.compile(r'attempts="4"'), 'attempts="12"'),
)


@dataclass(frozen=True, slots=True)
class Model:
    """A process as it is deployed, and what its start form is given.

    `effects` says how often each service task of a run acts outside, where that is known
    beforehand; `leaves` the variables that the run ends with. Its timers alone take `lasts`
    seconds.
    """

    key: str
    xml: bytes
    given: Mapping[str, Any]
    effects: Mapping[str, int] | None = None
    leaves: Mapping[str, Any] = field(default_factory=dict)
    lasts: float = 0.0


def models(seed: int, drawn_ones: int) -> list[Model]:
    """Return so many drawn processes, and all those of the demo company."""
    seeds = _seeds(seed)
    return [*(_drawn(next(seeds)) for _ in range(drawn_ones)), crowd(), waiting(), *_company()]


def choose(pick: Any, among: list[Model]) -> Model:
    """Return the model of the next run."""
    kind = pick(10) < _DRAWN_SHARE
    fitting = [one for one in among if (one.effects is not None) == kind]
    chosen: Model = fitting[pick(len(fitting))]
    return chosen


def _seeds(seed: int) -> Iterator[int]:
    """Yield seeds of processes that end one way only and call the outside, though not for ever."""
    number = seed * 1_000
    while True:
        number += 1
        block = drawn(picks(number))
        calls = sum(_calls(block).values())
        if 1 <= calls <= _MOST_WORK and not any(_races(block)):
            yield number


def _drawn(seed: int) -> Model:
    block = drawn(picks(seed))
    outcome = interpreter.outcome(block, START)
    answers = driver.answers_of(block)
    xml = bpmn_file.written(process_of(block), answers, START)
    leaves = {name: outcome.variables[name] for name in VARIABLES}
    return Model(f"drawn-{seed}", xml, START, _calls(block), leaves)


def _calls(block: Block) -> dict[str, int]:
    """Return how often each service task of a block is done."""
    visited = interpreter.outcome(block, START).visited
    work = driver.answers_of(block)
    return {name: visited[name] for name, one in work.items() if not one.by_person}


def _races(block: Block | Work) -> Iterator[bool]:
    yield isinstance(block, Race | Deadline)
    inner = [*getattr(block, "parts", ())]
    inner += [getattr(block, name) for name in ("body", "mend", "late") if hasattr(block, name)]
    for part in inner:
        yield from _races(part)


def _company() -> Iterator[Model]:
    seen: set[str] = set()
    for happening in HAPPENINGS:
        if happening.process in seen:
            continue
        seen.add(happening.process)
        xml = (MODELS / f"{happening.process}.bpmn").read_text()
        for pattern, instead in _TIMES:
            xml = pattern.sub(instead, xml)
        given = {"reference": happening.reference, **happening.values}
        yield Model(happening.process, xml.encode(), _asked_for(xml.encode(), given))


def _asked_for(xml: bytes, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the start form has a field for."""
    (process,) = parser.read(xml).executable
    start = process.none_start
    fields = Form.parse(start.form).fields if start and start.form else ()
    return {field.key: given[field.key] for field in fields if field.key in given}


def crowd() -> Model:
    """Return a process of which many branches come to one join at the same time."""
    return Model("crowd", bpmn_file.calling("crowd", "/crowd", _CROWD), {}, {"call": _CROWD})


def waiting() -> Model:
    """Return a process that time alone moves, again and again, before it calls the outside."""
    xml = bpmn_file.calling("waiting", "/waited", waits=_WAITS)
    return Model("waiting", xml, {}, {"call": 1}, lasts=_WAITS * bpmn_file.MINUTE)


def visited() -> Model:
    """Return a process with what a person does, a message and a call outside."""
    return Model(VISITED, bpmn_file.asking(VISITED, "/visited"), {}, {"call": 1})


def poison() -> Model:
    """Return a process whose work kills every worker that takes it up."""
    xml = bpmn_file.calling("poison", "/poison")
    return Model("poison", xml, {})
