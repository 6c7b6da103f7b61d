"""A runbook as a table to steps: comma, semicolon or tab between the cells. See docs/import.md.

One row is one step. `next` says what follows: labels of rows, each with the condition under which
it is taken; an empty cell means the row below.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.bpmn.runbooks.runbook import Kind, Runbook, UnreadableRunbook, duration
from engine.bpmn.runbooks.writing import variable

_NAMES: Final[Mapping[str, str]] = {
    "step": "step", "no": "step", "number": "step", "id": "step",
    "activity": "activity", "action": "activity", "name": "activity", "task": "activity",
    "owner": "owner", "who": "owner", "responsible": "owner", "team": "owner",
    "type": "type", "kind": "type",
    "next": "next", "then": "next",
    "wait": "wait", "duration": "wait",
    "note": "note", "notes": "note", "comment": "note", "description": "note",
}  # fmt: skip
_KINDS: Final[Mapping[str, Kind]] = {
    "": "person", "person": "person", "task": "person", "manual": "person",
    "system": "system", "automatic": "system", "auto": "system", "script": "system",
    "approval": "approval", "gate": "approval",
    "wait": "wait", "timer": "wait",
    "message": "message", "event": "message",
    "choice": "person", "decision": "person",
    "parallel": "parallel", "join": "join",
    "end": "end", "stop": "end",
}  # fmt: skip
_WAY: Final = re.compile(
    r"(?P<label>[\w.-]{1,20})(?:\s+(?:if|when)\s+(?P<condition>.+)|\s+(?P<other>otherwise|else))?",
    re.IGNORECASE,
)
_NEEDED: Final = ("step", "activity")


@dataclass(frozen=True, slots=True)
class _Way:
    label: str
    condition: str = ""
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def is_heading(line: str) -> bool:
    """Tell whether a line is the heading of such a table."""
    cells = next((line.split(sign) for sign in "\t;," if sign in line), [])
    names = {_NAMES.get(cell.strip().strip('"').lower(), "") for cell in cells}
    return set(_NEEDED) <= names


def read(data: str) -> Runbook:
    """Return the runbook that a table describes.

    Raises:
        UnreadableRunbook: columns are missing, a label comes twice or is named and not there.
    """
    rows = _rows(data)
    if not rows:
        raise UnreadableRunbook(
            "The table has a heading and no rows.", "Write one row for each step."
        )
    return _Reader(rows).read()


def _rows(data: str) -> list[_Row]:
    lines = data.splitlines()
    heading = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(data.splitlines(keepends=True), delimiter=delimiter, strict=True)
    found: list[_Row] = []
    names: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = _columns(cells)
                continue
            pairs = zip(names, (cell.strip() for cell in cells), strict=False)
            found.append(_Row(reader.line_num, {name: cell for name, cell in pairs if name}))
    except csv.Error as error:
        raise UnreadableRunbook(
            "The table cannot be read on line {line}: {reason}.",
            "Close every quotation mark, and save it as CSV again.",
            line=reader.line_num,
            reason=str(error),
        ) from None
    return found


def _columns(cells: Sequence[str]) -> list[str]:
    names = [_NAMES.get(cell.strip().lower(), "") for cell in cells]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise UnreadableRunbook(
            "The first line does not name the column {missing}.",
            "Begin with a heading such as `step,activity,owner,type,next,wait,note`.",
            missing=missing[0],
        )
    return names


class _Reader:
    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = rows
        self._runbook = Runbook()
        self._steps: dict[str, str] = {}

    def read(self) -> Runbook:
        start = self._runbook.add("start", "Started")
        for row in self._rows:
            self._add(row)
        self._runbook.connect(start, self._steps[self._rows[0]["step"]])
        done = self._runbook.add("end", "Done")
        for place, row in enumerate(self._rows):
            following = self._rows[place + 1 : place + 2]
            after = self._steps[following[0]["step"]] if following else done
            self._lead_on(row, after)
        self._drop_unused(done)
        return self._runbook

    def _add(self, row: _Row) -> None:
        label = row["step"]
        if not label or label in self._steps:
            raise UnreadableRunbook(
                "The row on line {line} has {what}.",
                "Give each row a label of its own in the column `step`.",
                line=row.line,
                what=f"the label {label[:20]} of another row" if label else "no label",
            )
        written = row["type"].lower()
        kind = _KINDS.get(written)
        if kind is None:
            raise UnreadableRunbook(
                "The type “{written}” on line {line} is not known.",
                "Use one of: {known}.",
                written=written[:40],
                line=row.line,
                known=", ".join(sorted(filter(None, _KINDS))),
            )
        facts = {"owner": row["owner"], "note": row["note"]}
        step = self._runbook.add(kind, row["activity"], line=row.line, **facts)
        self._steps[label] = step
        if kind == "wait":
            self._wait(step, row)
        if kind == "person" and not row["owner"]:
            told = "“{name}” names nobody: the owners of the process are asked."
            self._runbook.assume(step, row.line, told, name=row["activity"] or label)

    def _wait(self, step: str, row: _Row) -> None:
        span = duration(row["wait"]) or duration(row["activity"])
        if not span:
            told = "“{name}” does not say how long: one hour."
            self._runbook.assume(step, row.line, told, name=row["activity"])
        self._runbook.change(step, wait=span or "PT1H")

    def _lead_on(self, row: _Row, after: str) -> None:
        step = self._steps[row["step"]]
        kind = self._runbook.steps[step].kind
        if kind == "end":
            return
        ways = self._ways(row)
        if kind == "approval":
            self._approval(step, row, self._target(ways[0], row) if ways else after)
        elif not ways:
            self._runbook.connect(step, after)
        elif len(ways) == 1:
            self._runbook.connect(step, self._target(ways[0], row))
        elif any(way.condition for way in ways):
            self._choice(step, row, ways)
        else:
            self._all_of(step, row, ways)

    def _ways(self, row: _Row) -> list[_Way]:
        found = []
        for written in filter(None, (part.strip() for part in re.split(r"[;|]", row["next"]))):
            way = _WAY.fullmatch(written)
            if way is None:
                raise UnreadableRunbook(
                    "The way “{written}” on line {line} cannot be read.",
                    "Write a label, or `label if condition`, with `|` between two of them.",
                    written=written[:60],
                    line=row.line,
                )
            found.append(_Way(way["label"], way["condition"] or "", bool(way["other"])))
        return found

    def _target(self, way: _Way, row: _Row) -> str:
        if way.label.lower() == "end" and way.label not in self._steps:
            return self._runbook.add("end", "Done", line=row.line)
        if way.label not in self._steps:
            raise UnreadableRunbook(
                "Line {line} leads to the step {label}, which is not there.",
                "Name the label of a row, or `end`.",
                line=row.line,
                label=way.label,
            )
        return self._steps[way.label]

    def _approval(self, step: str, row: _Row, after: str) -> None:
        choice = self._runbook.add("choice", "Approved?", line=row.line)
        refused = self._runbook.add("end", "Not approved", line=row.line)
        self._runbook.connect(step, choice)
        approved = f'{step}_decision = "approve"'
        self._runbook.connect(choice, after, name="Yes", condition=approved)
        self._runbook.connect(choice, refused, name="No", otherwise=True)
        told = "Where “{name}” is rejected, the run ends. One approval is enough."
        self._runbook.assume(step, row.line, told, name=row["activity"])

    def _choice(self, step: str, row: _Row, ways: Sequence[_Way]) -> None:
        """Ask whoever does the step which way it is; the last way is the one otherwise taken."""
        asked = step
        if self._runbook.steps[step].kind != "person":
            asked = self._runbook.add("person", f"Decide after {row['activity']}", line=row.line)
            self._runbook.connect(step, asked)
        other = next((way for way in ways if way.otherwise or not way.condition), ways[-1])
        options = [way.condition or "otherwise" for way in ways]
        question = row["activity"] or "Which way?"
        self._runbook.change(asked, asks=question, options=tuple(options))
        choice = self._runbook.add("choice", "Which way?", line=row.line)
        self._runbook.connect(asked, choice)
        for way, option in zip(ways, options, strict=True):
            facts = {"otherwise": True} if way is other else {"condition": _is(asked, option)}
            self._runbook.connect(choice, self._target(way, row), name=option, **facts)
        told = "Whoever does “{name}” chooses the way; where nothing else holds it is “{other}”."
        self._runbook.assume(asked, row.line, told, name=question, other=options[ways.index(other)])

    def _all_of(self, step: str, row: _Row, ways: Sequence[_Way]) -> None:
        fork = step
        if self._runbook.steps[step].kind != "parallel":
            fork = self._runbook.add("parallel", line=row.line)
            self._runbook.connect(step, fork)
            told = "“{name}” has several next steps without a condition: all of them are done."
            self._runbook.assume(step, row.line, told, name=row["activity"])
        for way in ways:
            self._runbook.connect(fork, self._target(way, row))

    def _drop_unused(self, done: str) -> None:
        if all(flow.target != done for flow in self._runbook.flows):
            del self._runbook.steps[done]


def _is(step: str, option: str) -> str:
    """Return the condition that an answer was given, with the text as FEEL quotes it."""
    text = option.replace("\\", "\\\\").replace('"', '\\"')
    return f'{variable(step)} = "{text}"'
