"""Measures the pure core, and SpiffWorkflow beside it, turn by turn on the same models.

Goals, as ratios of ours to theirs in transitions a second: row of 10 scripts 30, split of 10 100,
loop of 100 100, multi-instance of 100 40; reading a model of 1,000 nodes, checks and compiled
expressions included, no longer than SpiffWorkflow's parser alone. Of ours alone: total time grows
with the exponent 1.05 at most, reading 5,000 nodes takes 6 times as long as 1,000 at most, and a
waiting instance of 10 tasks is 2 KB at most.

The program of comparison, its models included, is one that is given (INTERLOCK_SHARED, folder
bench) and runs unchanged in an environment of its own. Without `--peers` it is left out.
"""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from config.setup import beside
from engine.bpmn import parser, validation
from engine.bpmn.elements import MultiInstance
from engine.bpmn.process import Process
from engine.codec import state_text
from engine.expressions import expression
from engine.semantics.commands import Continue, StartInstance
from engine.semantics.environment import Environment, Limits
from engine.semantics.machine import handle, is_unfinished
from engine.semantics.state import InstanceState
from tests.support.processes import a_process
from tests.support.proof import ROOT, write
from tests.support.runs import T0, Run
from tests.support.shared import SHARED

_PROGRAM = SHARED / "bench" / "spiff_memory.py"
_PYTHON = beside.home(ROOT, beside.CORE_PEERS) / "bin" / "python"
_PARSER = ROOT / "tests" / "support" / "spiff_parser.py"

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_ZEEBE = "http://camunda.org/schema/zeebe/1.0"

_TURNS = 5
_SECONDS = 1.2
"""How long each program measures each model in each turn."""

_GOALS = {"row": 30, "split": 100, "loop": 100, "multi": 40}
_TRANSITIONS = {"row": 12, "split": 14, "loop": 303, "multi": 102}
"""Completions of elements, counted as the other program counts them."""
_RESULTS: Mapping[str, tuple[str, int]] = {
    "row": ("x9", 9),
    "split": ("x9", 9),
    "loop": ("i", 100),
    "multi": ("x", 1),
}
_TIMES = 2
"""How often a large model runs; a small one as much oftener as it is smaller."""
_GROWTH = {"loop": (100, 10_000), "multi": (100, 5_000)}
_SIZES = (1_000, 5_000)


def main(*, peers: bool) -> None:
    """Measure, with the other program beside it or alone, and write the figures."""
    if peers and not (_PROGRAM.exists() and _PYTHON.exists()):
        sys.exit(f"{_PROGRAM} or {_PYTHON} is missing. Without --peers neither is needed.")
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, Any] = {
            "what": "transitions/s in memory, best of each turn; ratios are medians over the turns",
            "transitions": _compared(Path(folder)) if peers else {},
            "exponents": {name: _exponent(name) for name in _GROWTH},
            "reading": _reading(Path(folder), peers=peers),
            "waiting_instance_bytes": _waiting_bytes(),
        }
    sys.stdout.write(f"{write('core', figures)}: {json.dumps(figures, indent=2)}\n")


def _compared(folder: Path) -> dict[str, Any]:
    """Return what both programs do a second on each model, and the ratios."""
    _theirs(folder)
    models = {name: _with_feel(folder / f"{name}.bpmn") for name in _GOALS}
    turns = [
        (_theirs(folder), {name: _ours(name, model) for name, model in models.items()})
        for _ in range(_TURNS)
    ]
    return {
        name: {
            "ours": max(ours[name] for _, ours in turns),
            "spiffworkflow": max(theirs[name] for theirs, _ in turns),
            "ratio": round(statistics.median(b[name] / a[name] for a, b in turns), 1),
            "goal": goal,
        }
        for name, goal in _GOALS.items()
    }


def _theirs(folder: Path) -> dict[str, int]:
    """Return the transitions a second of the other program, which leaves its models in a folder."""
    said = _said(_PROGRAM, "--seconds", str(_SECONDS), "--write", str(folder))
    rates: dict[str, int] = said["transitions_per_s"]
    return rates


def _said(program: Path, *arguments: str) -> dict[str, Any]:
    """Return what a program says in the environment of the other engine."""
    command = [str(_PYTHON), str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _ours(name: str, process: Process) -> int:
    variable, value = _RESULTS[name]
    best, stop = math.inf, time.perf_counter() + _SECONDS
    while time.perf_counter() < stop:
        began = time.perf_counter()
        state = _run(process)
        best = min(best, time.perf_counter() - began)
        assert state.status == "COMPLETED"
        assert state.scopes["run"].variables[variable] == value
    return round(_TRANSITIONS[name] / best)


def _run(process: Process) -> InstanceState:
    """Run an instance from its start to its end and return its state."""
    ids = map(str, count(1))
    env = Environment(T0, ids.__next__, lambda: 0.0, Limits())
    state, happened = handle(process, InstanceState("run"), StartInstance(), env)
    while is_unfinished(happened):
        state, happened = handle(process, state, Continue(), env)
    return state


def _with_feel(model: Path) -> Process:
    """Return a model with its Python assignments as FEEL expressions and result variables."""
    root = etree.parse(model).getroot()
    for task in root.iter(f"{{{_BPMN}}}scriptTask"):
        script = task.find(f"{{{_BPMN}}}script")
        assert script is not None
        target, _, value = (script.text or "").partition(" = ")
        del task.attrib["scriptFormat"]
        task.remove(script)
        extensions = etree.Element(f"{{{_BPMN}}}extensionElements")
        written = {"expression": f"={value}", "resultVariable": target}
        extensions.append(etree.Element(f"{{{_ZEEBE}}}script", written))
        task.insert(0, extensions)
    (process,) = parser.read(etree.tostring(root)).executable
    return process


# How cost grows


def _exponent(name: str) -> dict[str, float]:
    """Return the exponent of total time over the number of rounds or items: 1 is linear."""
    small, large = _GROWTH[name]
    models = {size: _SIZED[name](size) for size in (small, large)}
    seconds = {
        size: _best(partial(_run, model), times=_TIMES * large // size)
        for size, model in models.items()
    }
    exponent = math.log(seconds[large] / seconds[small]) / math.log(large / small)
    return {
        "exponent": round(exponent, 3),
        **{f"seconds_{size}": round(spent, 4) for size, spent in seconds.items()},
    }


def _loop(rounds: int) -> Process:
    builder = a_process().script_task("init", "0", "i").exclusive("merge")
    builder.script_task("t", "i + 1", "i").exclusive("more").when(f"i < {rounds}").to("merge")
    return builder.otherwise().end()


def _multi(items: int) -> Process:
    loop = MultiInstance(cardinality=str(items))
    return a_process().script_task("t", "1", "x", loop=loop).end()


_SIZED: Mapping[str, Callable[[int], Process]] = {"loop": _loop, "multi": _multi}


def _best(work: Callable[[], object], times: int) -> float:
    """Return the least processor time: it depends on other programs less than the clock does."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


# Reading models, and what an instance weighs


def _reading(folder: Path, *, peers: bool) -> dict[str, Any]:
    """Return how long a model takes from its bytes to a process that is checked and compiled."""
    small, large = _SIZES
    models = {size: _model(size) for size in _SIZES}
    written = folder / "sized.bpmn"
    written.write_bytes(models[small])
    ours: list[dict[int, float]] = []
    theirs: list[float] = []
    for _ in range(_TURNS):
        ours.append({size: _best(partial(_compiled, models[size]), times=1) for size in _SIZES})
        if peers:
            theirs += _said(_PARSER, str(written)).values()
    best = {size: min(turn[size] for turn in ours) for size in _SIZES}
    found = {f"seconds_{size}": round(spent, 4) for size, spent in best.items()}
    compared = {
        "spiffworkflow_seconds": round(min(theirs, default=0.0), 4),
        "ratio_to_spiffworkflow": round(best[small] / min(theirs), 2) if theirs else None,
    }
    return {**found, "ratio_of_sizes": round(best[large] / best[small], 2), **compared}


def _compiled(data: bytes) -> Process:
    expression._cached.cache_clear()
    return validation.executable(data)


def _model(nodes: int) -> bytes:
    """Return a model of a fork, branches of ten script tasks with a text each, and a join.

    It is not one long row because the other parser recurs from node to node and gives up there.
    For our reader the expression stands in an extension element, which the other passes over.
    """
    tasks = [f"t{number}" for number in range(nodes - 4)]
    branches = [["fork", *tasks[first : first + 10], "join"] for first in range(0, nodes - 4, 10)]
    ways = [["start", "fork"], *branches, ["join", "end"]]
    kinds = {"start": "startEvent", "fork": "parallelGateway"}
    kinds |= {"join": "parallelGateway", "end": "endEvent", **dict.fromkeys(tasks, "scriptTask")}
    ends: dict[str, str] = dict.fromkeys(kinds, "")
    flows = ""
    for source, target in (step for way in ways for step in pairwise(way)):
        flow = f"{source}-{target}"
        ends[source] += f"<outgoing>{flow}</outgoing>"
        ends[target] += f"<incoming>{flow}</incoming>"
        flows += f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}"/>'
    elements = "".join(
        f'<{kind} id="{name}" name="{name}">{_expression(name) if kind == "scriptTask" else ""}'
        f"{ends[name]}{'<script>x = 1</script>' if kind == 'scriptTask' else ''}</{kind}>"
        for name, kind in kinds.items()
    )
    return (
        f'<definitions xmlns="{_BPMN}" xmlns:zeebe="{_ZEEBE}" id="d" targetNamespace="urn:size">'
        f'<process id="p" isExecutable="true">{elements}{flows}</process></definitions>'
    ).encode()


def _expression(task: str) -> str:
    written = f'expression="={task.removeprefix("t")}" resultVariable="x"'
    return f"<extensionElements><zeebe:script {written}/></extensionElements>"


def _waiting_bytes() -> dict[str, int]:
    """Return what an instance of ten user tasks weighs: in a row, and with all waiting at once."""
    row = a_process()
    for number in range(10):
        row.user_task(f"task{number}")
    wide = a_process().parallel("fork").parallel("join")
    for number in range(10):
        wide.at("fork").user_task(f"task{number}").to("join")
    processes = {"in_a_row": row.end(), "all_at_once": wide.at("join").end()}
    return {
        name: len(state_text(Run(process).start().state).encode())
        for name, process in processes.items()
    }


if __name__ == "__main__":
    main(peers="--peers" in sys.argv)
