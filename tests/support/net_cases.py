"""Random nets with what the soundness check says of them, for the token game to agree with.

`python -m tests.support.net_cases` writes them anew where the editor's tests read them.
"""

from __future__ import annotations

import json
from typing import Any, Final

from config.env import ROOT
from engine.bpmn.elements import (
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    ParallelGateway,
    StartEvent,
)
from engine.bpmn.process import Process
from engine.soundness import Flaw, judge
from tests.support.nets import broken, sound

CASES: Final = ROOT / "frontend" / "src" / "editor" / "tokens" / "net-cases.json"
_SEEDS: Final = range(30)
_SIZE: Final = 5
_KINDS: Final[dict[type[FlowNode], str]] = {
    StartEvent: "start",
    EndEvent: "end",
    BoundaryEvent: "boundary",
    ExclusiveGateway: "exclusive",
    ParallelGateway: "parallel",
    InclusiveGateway: "inclusive",
}


def cases() -> list[dict[str, Any]]:
    """Return nets as nodes and flows by id, each with the flaws that its tokens can show."""
    nets = [net for seed in _SEEDS for net in (sound(seed, _SIZE), broken(seed, _SIZE)[0])]
    return [_case(net.process()) for net in nets]


def _case(process: Process) -> dict[str, Any]:
    flaws = {finding.flaw for finding in judge(process).findings}
    return {
        "nodes": [_node(node) for node in process.nodes.values()],
        "flows": [[flow.id, flow.source, flow.target] for flow in process.flows.values()],
        "deadlock": Flaw.DEADLOCK in flaws,
        "doubled": Flaw.UNSYNCHRONISED in flaws,
    }


def _node(node: FlowNode) -> list[str]:
    host = [node.attached_to] if isinstance(node, BoundaryEvent) else []
    return [node.id, _KINDS.get(type(node), "activity"), *host]


def written() -> str:
    """Return the cases as they stand in the file: one to a line."""
    return "[\n" + ",\n".join(json.dumps(case) for case in cases()) + "\n]\n"


if __name__ == "__main__":
    CASES.write_text(written(), encoding="utf-8")
