"""What the words of a step say, and the thread that steps are strung on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.bpmn.runbooks.runbook import Kind, Runbook, duration

_OWNER: Final = re.compile(
    r"\s*(?:\[(?P<square>[^\]]{1,80})\]|\((?:by|owner:?)\s+(?P<round>[^)]{1,80})\)"
    r"|@(?P<at>[\w-]{1,40}))\s*$",
    re.IGNORECASE,
)
_WAIT_FOR: Final = re.compile(r"wait\s+(?:for\s+|until\s+)(?P<what>.+)", re.IGNORECASE)
_WAIT: Final = re.compile(r"(?:wait|pause|sleep)\b", re.IGNORECASE)
_APPROVAL: Final = re.compile(
    r"(?:(?:get|obtain|request|ask for|await)\s+(?:the\s+|an?\s+)?)?approval\b"
    r"(?:\s+(?:of|by|from)\s+(?:the\s+)?(?P<who>[^,;.]{1,60}))?.*|approve\b.*"
    r"|(?P<group>[\w -]{1,60}?)\s+approves\b.*",
    re.IGNORECASE,
)
_SYSTEM: Final = re.compile(
    r"(?:automatically|\[auto(?:matic)?\]|run\s+(?:the\s+)?script)\b", re.IGNORECASE
)
_END: Final = re.compile(
    r"(?:end|stop|done|finish|close)(?:\s+(?:here|the (?:runbook|process)))?\.?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one line says: a kind of step, its name, who does it, how long it waits."""

    kind: Kind
    name: str
    line: int
    owner: str = ""
    wait: str = ""
    because: str = ""
    """The sentence of the assumption behind the kind, where the words only suggest it."""


def said_of(text: str, line: int) -> Said:
    """Return what a line says, without its owner in brackets."""
    owner, words = _owner(text)
    name = words.strip().rstrip(".:;") or words
    name = f"{name[:1].upper()}{name[1:]}"
    if _END.fullmatch(name):
        return Said("end", name, line)
    if owner.lower() in {"auto", "automatic", "system"} or _SYSTEM.match(name):
        told = "“{name}” is done by a system: choose what it calls."
        return Said("system", name, line, because=told)
    if approval := _APPROVAL.fullmatch(name):
        who = owner or approval["who"] or approval["group"] or ""
        return Said("approval", name, line, owner=who.strip())
    if _WAIT.match(name):
        return _waiting(name, line)
    return Said("person", name, line, owner=owner)


def _waiting(name: str, line: int) -> Said:
    span = duration(name)
    if span:
        return Said("wait", name, line, wait=span)
    found = _WAIT_FOR.match(name)
    if found:
        told = "“{name}” waits for a message of that name; a timer may be meant."
        return Said("message", found["what"].strip(), line, because=told)
    return Said(
        "wait", name, line, wait="PT1H", because="“{name}” does not say how long: one hour."
    )


def _owner(text: str) -> tuple[str, str]:
    found = _OWNER.search(text)
    if found is None:
        return "", text
    owner = found["square"] or found["round"] or found["at"] or ""
    return owner.strip(), text[: found.start()]


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice, and the step at which somebody answers it."""

    id: str
    asked: str


@dataclass(slots=True)
class _Open:
    """A loose end: a step that the next one follows, and what its flow says."""

    step: str
    facts: dict[str, Any] = field(default_factory=dict)


class Thread:
    """A way through the runbook: where the next step is to be tied to."""

    def __init__(self, runbook: Runbook, step: str | None = None, **facts: Any) -> None:
        self._runbook = runbook
        self._open = [] if step is None else [_Open(step, facts)]
        self._last_person: str | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether nothing goes on from here."""
        return not self._open

    def tie(self, step: str) -> None:
        """Let a step follow all loose ends, and be the only one."""
        self.lead_to(step)
        self._open = [_Open(step)]

    def lead_to(self, step: str) -> None:
        """Let a step that is there follow all loose ends."""
        for end in self._open:
            self._runbook.connect(end.step, step, **end.facts)
        self._open = []

    def close(self) -> None:
        """Leave the loose ends to somebody else."""
        self._open = []

    def split_off(self) -> Thread:
        """Return a thread with the loose ends of this one."""
        other = Thread(self._runbook)
        other._open = list(self._open)
        return other

    def add(self, said: Said, note: str = "") -> None:
        """Add a step, and what belongs to it: an approval is followed by its outcome."""
        facts = {"owner": said.owner, "wait": said.wait, "note": note}
        step = self._runbook.add(said.kind, said.name, line=said.line, **facts)
        if said.because:
            self._runbook.assume(step, said.line, said.because, name=said.name)
        self.tie(step)
        self._last_person = step if said.kind == "person" else None
        if said.kind == "person" and not said.owner:
            told = "“{name}” names nobody: the owners of the process are asked."
            self._runbook.assume(step, said.line, told, name=said.name)
        if said.kind == "approval":
            self._decide(step, said)
        if said.kind == "end":
            self.close()

    def _decide(self, gate: str, said: Said) -> None:
        choice = self._runbook.add("choice", "Approved?", line=said.line)
        self.tie(choice)
        self._open = [_Open(choice, {"name": "Yes", "condition": f'{gate}_decision = "approve"'})]
        refused = self._runbook.add("end", "Not approved", line=said.line)
        self._runbook.connect(choice, refused, name="No", otherwise=True)
        told = "Where “{name}” is rejected, the run ends. One approval is enough."
        self._runbook.assume(gate, said.line, told, name=said.name)

    def ask(self, question: str, line: int) -> Asked:
        """Add a choice; whoever did the step before answers it, else somebody is asked."""
        steps = self._runbook.steps
        asked = self._last_person
        if asked is None or steps[asked].asks:
            asked = self._runbook.add("person", f"Check whether {question}", line=line)
            self.tie(asked)
        self._runbook.change(asked, asks=question)
        self._runbook.assume(
            asked, line, "Whoever does “{name}” says whether “{question}”.",
            name=steps[asked].name, question=question,
        )  # fmt: skip
        choice = self._runbook.add("choice", f"{question[:1].upper()}{question[1:]}?", line=line)
        self.tie(choice)
        self._last_person = None
        return Asked(choice, asked)

    def fork(self, name: str) -> str:
        """Add a gateway behind which everything happens at once."""
        fork = self._runbook.add("parallel", name)
        self.tie(fork)
        return fork

    def branch(self, gateway: str, **facts: Any) -> Thread:
        """Return a thread that begins at a gateway."""
        return Thread(self._runbook, gateway, **facts)

    def meet(self, branches: Sequence[Thread]) -> None:
        """Go on where any of the branches ends."""
        self._open = [end for branch in branches for end in branch._open]
        self._last_person = None

    def join(self, branches: Sequence[Thread]) -> None:
        """Go on when all branches have ended."""
        self.meet(branches)
        if len(self._open) > 1:
            self.tie(self._runbook.add("join"))

    def begin_apart(self, line: int) -> None:
        """Begin again where the runbook goes on behind its end: nothing leads here."""
        start = self._runbook.add("start", "Begins apart", line=line)
        told = "Nothing leads to line {line}: the way before it ends, or goes elsewhere."
        self._runbook.assume(start, line, told, line=line)
        self._open = [_Open(start)]

    def assume_of(self, element: str, line: int, sentence: str, /, **fields: Any) -> None:
        """Note what was assumed."""
        self._runbook.assume(element, line, sentence, **fields)

    def end(self, name: str) -> None:
        """Let the run end where nothing else goes on."""
        if self._open:
            self.tie(self._runbook.add("end", name))
            self._open = []
