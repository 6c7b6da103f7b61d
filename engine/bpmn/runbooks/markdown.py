"""A runbook in Markdown to steps. docs/import.md tells every form that is understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from engine.bpmn.runbooks.items import Item, outline
from engine.bpmn.runbooks.runbook import (
    LONGEST_NAME,
    Runbook,
    UnreadableRunbook,
    duration,
)
from engine.bpmn.runbooks.steps import Thread, said_of
from engine.bpmn.runbooks.writing import variable

_IF: Final = re.compile(
    r"if\s+(?P<condition>.+?)\s*(?:,\s*(?:then\s+)?|\s+then\s+|:\s*|$)(?P<then>.*)", re.IGNORECASE
)
_ELSE_INLINE: Final = re.compile(r"[;,.]?\s*\b(?:else|otherwise)\b[,:]?\s*", re.IGNORECASE)
_ELSE: Final = re.compile(
    r"(?:else|otherwise|if not|in any other case)\b[,:]?\s*(.*)", re.IGNORECASE
)
_PARALLEL: Final = re.compile(
    r"(?:in parallel|at the same time|simultaneously|meanwhile)\b[^:]*:?\s*", re.IGNORECASE
)
_GO_TO: Final = re.compile(
    r"(?:go\s+(?:back\s+)?to|return\s+to|repeat\s+from|continue\s+(?:at|with))\s+step\s+"
    r"(?P<step>[\w.]{1,8}?)\.?",
    re.IGNORECASE,
)


def read(data: str) -> Runbook:
    """Return the runbook that a Markdown text describes.

    Raises:
        UnreadableRunbook: it has no steps, too many, or is nested too deeply.
    """
    found = outline(data)
    if not found.items:
        raise UnreadableRunbook(
            "The file has no list of steps.",
            "Write each step as an item of a numbered list: `1. Check the alarm [On call]`.",
        )
    runbook = Runbook(found.title[:LONGEST_NAME], "\n".join(found.intro)[:4000])
    _Reader(runbook).read(found.items)
    return runbook


class _Reader:
    def __init__(self, runbook: Runbook) -> None:
        self._runbook = runbook
        self._numbered: dict[str, str] = {}
        self._jumps: list[tuple[Thread, str, int, str]] = []

    def read(self, items: Sequence[Item]) -> None:
        start = self._runbook.add("start", "Started")
        thread = Thread(self._runbook, start)
        self._sequence(thread, items)
        for jump, step, line, said in self._jumps:
            self._go_to(jump, step, line, said)
        thread.end("Done")

    def _sequence(self, thread: Thread, items: Sequence[Item]) -> None:
        place = 0
        while place < len(items):
            item = items[place]
            other = items[place + 1] if place + 1 < len(items) else None
            place += 1
            if thread.is_over:
                self._beyond(thread, item)
            if _IF.match(item.text):
                takes = other is not None and _ELSE.match(other.text) is not None
                self._choice(thread, item, other if takes else _taken_out(item))
                place += takes
            elif (all_of := _PARALLEL.match(item.text)) and item.items:
                self._parallel(thread, item, item.text[all_of.end() :])
            else:
                self._step(thread, item.text, item)

    def _beyond(self, thread: Thread, item: Item) -> None:
        """Note a step that nothing leads to: the text ended, or went elsewhere, before it."""
        thread.begin_apart(item.line)

    def _step(self, thread: Thread, text: str, item: Item) -> None:
        """Add one step, or what its words stand for, and what is indented under it."""
        before = set(self._runbook.steps)
        if jump := _GO_TO.match(text):
            self._jumps.append((thread.split_off(), jump["step"], item.line, text))
            thread.close()
        else:
            thread.add(said_of(text, item.line), note=_note(item))
        new = [identity for identity in self._runbook.steps if identity not in before]
        if item.number and new:
            self._numbered.setdefault(item.number, new[0])
        if item.items:
            self._sequence(thread, item.items)

    def _choice(self, thread: Thread, item: Item, other: Item | None) -> None:
        found = _IF.match(item.text)
        assert found is not None  # noqa: S101  (whoever calls has looked)
        condition = found["condition"].strip()
        then, *rest = _ELSE_INLINE.split(found["then"], maxsplit=1)
        gateway = thread.ask(condition, item.line)
        if item.number:
            self._numbered.setdefault(item.number, gateway.asked)
        holds = thread.branch(gateway.id, name="Yes", condition=f"{variable(gateway.asked)} = true")
        self._branch(holds, then, item)
        otherwise = thread.branch(gateway.id, name="No", otherwise=True)
        if rest:
            self._branch(otherwise, rest[0], None, line=item.line)
        elif other is not None:
            said = _ELSE.match(other.text)
            self._branch(otherwise, said[1] if said else "", other)
        else:
            thread.assume_of(
                gateway.id,
                item.line,
                "Where “{condition}” does not hold, the runbook goes on with the next step.",
                condition=condition,
            )
        thread.meet([holds, otherwise])

    def _branch(self, branch: Thread, text: str, item: Item | None, *, line: int = 0) -> None:
        if text.strip(" ."):
            only = Item(text.strip(" ."), item.line if item else line)
            self._sequence(branch, [only])
        if item is not None and item.items:
            self._sequence(branch, item.items)

    def _parallel(self, thread: Thread, item: Item, name: str) -> None:
        fork = thread.fork(name.strip(" ."))
        if item.number:
            self._numbered.setdefault(item.number, fork)
        branches = []
        for each in item.items:
            branch = thread.branch(fork)
            self._sequence(branch, [each])
            branches.append(branch)
        thread.join(branches)

    def _go_to(self, jump: Thread, step: str, line: int, said: str) -> None:
        target = self._numbered.get(step)
        if target is None:
            raise UnreadableRunbook(
                "Line {line} says “{said}”, and there is no step {step}.",
                "Number the steps, and name one of them.",
                line=line,
                said=said[:80],
                step=step,
            )
        jump.lead_to(target)


def _taken_out(item: Item) -> Item | None:
    """Take the other way out of what is indented under a choice, where it is written there."""
    places = [place for place, each in enumerate(item.items) if _ELSE.match(each.text)]
    if not places:
        return None
    other, *rest = item.items[places[0] :]
    other.items += rest
    del item.items[places[0] :]
    return other


def _note(item: Item) -> str:
    section = [item.section] if item.section else []
    return "\n".join([*section, *item.notes])[:4000]


__all__ = ["duration", "read"]
