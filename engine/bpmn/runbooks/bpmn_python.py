"""bpmn-python's own CSV format to steps: Order, Activity, Condition, Who, Subprocess, Terminated.

bpmn-python reads what follows what (through `engine.bridge`); who does a step is read here, for it
keeps no such thing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any, Final

from engine.bpmn.runbooks.runbook import Kind, Runbook, UnreadableRunbook
from engine.bpmn.runbooks.writing import variable

HEADING: Final = ("order", "activity", "condition", "who", "subprocess", "terminated")
_KINDS: Final[Mapping[str, Kind]] = {
    "startEvent": "start",
    "endEvent": "end",
    "task": "person",
    "subProcess": "person",
    "parallelGateway": "parallel",
    "exclusiveGateway": "choice",
    "inclusiveGateway": "choice",
}


def is_heading(line: str) -> bool:
    """Tell whether a line is the heading of such a file."""
    names = {cell.strip().strip('"').lower() for cell in line.split(",")}
    return set(HEADING) <= names


def read(data: str, graph: Mapping[str, Any]) -> Runbook:
    """Return the runbook of a file, with the graph that bpmn-python made of it.

    Raises:
        UnreadableRunbook: the graph has no start, or a kind of node that is not known.
    """
    reading = _Reading(_rows(data), graph)
    return reading.runbook()


def _rows(data: str) -> Mapping[str, tuple[int, Mapping[str, str]]]:
    """Return line and cells of each row, by its order."""
    reader = csv.reader(data.splitlines())
    names: list[str] = []
    found = {}
    for cells in reader:
        if not names:
            names = [cell.strip().lower() for cell in cells]
        elif cells:
            row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
            found[row.get("order", "")] = (reader.line_num, row)
    return found


class _Reading:
    def __init__(
        self, rows: Mapping[str, tuple[int, Mapping[str, str]]], graph: Mapping[str, Any]
    ) -> None:
        self._rows = rows
        self._graph = graph
        self._runbook = Runbook()
        self._steps: dict[str, str] = {}
        self._flows = [(flow["source"], flow["target"]) for flow in graph["flows"]]

    def runbook(self) -> Runbook:
        order = list(self._rows)
        nodes = sorted(
            self._graph["nodes"],
            key=lambda node: order.index(node["id"]) if node["id"] in order else len(order),
        )
        for node in nodes:
            self._node(node)
        if all(step.kind != "start" for step in self._runbook.steps.values()):
            raise UnreadableRunbook(
                "The file has no row with the order 0.", "Begin with the start event: order 0."
            )
        for node in nodes:
            self._ways(node["id"])
        return self._runbook

    def _node(self, node: Mapping[str, str]) -> None:
        kind = _KINDS.get(node["type"])
        if kind is None:
            raise UnreadableRunbook(
                "bpmn-python made a {type} of the row {id}, which is not known here.",
                "Use the columns as its documentation tells.",
                type=node["type"][:40],
                id=node["id"][:20],
            )
        line, row = self._rows.get(node["id"], (0, {}))
        if kind == "choice" and self._count(node["id"], out=True) < 2:  # noqa: PLR2004
            kind = "merge"
        name = node["name"] or ("Done" if kind == "end" else "")
        owner = row.get("who", "") if kind == "person" else ""
        step = self._runbook.add(kind, name, line=line, owner=owner)
        self._steps[node["id"]] = step
        if node["type"] == "subProcess":
            told = "“{name}” is a process of its own: it is one step until you draw it."
            self._runbook.assume(step, line, told, name=name)

    def _count(self, node: str, *, out: bool) -> int:
        return sum((source if out else target) == node for source, target in self._flows)

    def _ways(self, node: str) -> None:
        step = self._steps[node]
        ways = [flow for flow in self._graph["flows"] if flow["source"] == node]
        if self._runbook.steps[step].kind == "choice":
            self._choice(step, node, ways)
            return
        for way in ways:
            self._runbook.connect(step, self._steps[way["target"]])

    def _choice(self, step: str, node: str, ways: list[Mapping[str, str]]) -> None:
        """Let whoever did the step before say which way it goes on."""
        before = next((self._steps[one] for one, other in self._flows if other == node), step)
        options = [way["condition"] or "otherwise" for way in ways]
        line = self._rows.get(ways[0]["target"], (0, {}))[0]
        asked = before
        if self._runbook.steps[before].kind != "person":
            raise UnreadableRunbook(
                "The choice before line {line} follows no activity.",
                "Put an activity before the rows with conditions.",
                line=line,
            )
        name = self._runbook.steps[asked].name
        self._runbook.change(asked, asks=name, options=tuple(options))
        self._runbook.change(step, name="Which way?")
        for place, (way, option) in enumerate(zip(ways, options, strict=True)):
            last = place == len(ways) - 1
            text = option.replace("\\", "\\\\").replace('"', '\\"')
            facts = {"otherwise": True} if last else {"condition": f'{variable(asked)} = "{text}"'}
            self._runbook.connect(step, self._steps[way["target"]], name=option, **facts)
        told = "Whoever does “{name}” chooses one way; where nothing else holds it is “{other}”."
        self._runbook.assume(asked, line, told, name=name, other=options[-1])
