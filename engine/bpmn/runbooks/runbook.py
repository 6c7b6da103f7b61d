"""A runbook as read: steps, what follows what, and what was assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from common.errors import Invalid
from common.phrases import Phrase

# fmt: off
Kind = Literal[
    "start", "end", "person", "system", "approval", "wait", "message",
    "choice", "merge", "parallel", "join",
]
# fmt: on
MOST_STEPS: Final = 500
MOST_LINES: Final = 20_000
LONGEST_NAME: Final = 200
_LETTERS: Final = re.compile(r"[^a-z0-9]+")


class UnreadableRunbook(Invalid):
    """The text is no runbook: it says why, and on which line where there is one."""

    code = "engine.runbook_unreadable"
    title = "{sentence} {remedy}"

    def __init__(self, sentence: str, remedy: str, **fields: Any) -> None:
        self.sentence = Phrase(sentence, **fields)
        self.remedy = Phrase(remedy, **fields)
        super().__init__(sentence=self.sentence, remedy=self.remedy)


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the draft. `wait` is an ISO 8601 duration; `owner` names people as written."""

    id: str
    kind: Kind
    name: str = ""
    owner: str = ""
    note: str = ""
    wait: str = ""
    asks: str = ""
    """The question that the people of this step answer, for the choice after it."""
    options: tuple[str, ...] = ()
    """What they choose from; without any, whether it holds."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One step after another; `condition` is FEEL, `otherwise` marks the default of a choice."""

    source: str
    target: str
    name: str = ""
    condition: str = ""
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the text does not say: on which element of the draft, and on which of its lines."""

    element: str
    sentence: str
    line: int


@dataclass(slots=True)
class Runbook:
    """What a text says, under construction."""

    name: str = ""
    note: str = ""
    steps: dict[str, Step] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)

    def add(self, kind: Kind, name: str = "", *, line: int = 0, **facts: Any) -> str:
        """Add a step and return its id, which is made of its name.

        Raises:
            UnreadableRunbook: there are too many.
        """
        if len(self.steps) >= MOST_STEPS:
            raise UnreadableRunbook(
                "The runbook has more than {most} steps; line {line} begins one more.",
                "Split it into several runbooks.",
                most=MOST_STEPS,
                line=line,
            )
        identity = self._fresh(kind, name)
        self.steps[identity] = Step(identity, kind, name[:LONGEST_NAME], **facts)
        return identity

    def change(self, identity: str, **facts: Any) -> None:
        """Change what is known of a step."""
        self.steps[identity] = replace(self.steps[identity], **facts)

    def connect(self, source: str, target: str, **facts: Any) -> None:
        """Let one step follow another."""
        self.flows.append(Flow(source, target, **facts))

    def assume(self, element: str, line: int, sentence: str, /, **fields: Any) -> None:
        """Note what was assumed."""
        self.assumptions.append(Assumption(element, Phrase(sentence, **fields), line))

    def _fresh(self, kind: str, name: str) -> str:
        words = _LETTERS.sub("_", name.lower()).strip("_")[:40].rstrip("_") or kind
        stem = words if words[0].isalpha() else f"step_{words}"
        found, number = stem, 2
        while found in self.steps:
            found, number = f"{stem}_{number}", number + 1
        return found


def key_of(owner: str) -> str:
    """Return an owner's name as the key of a group: `Network team` is `network-team`."""
    return _LETTERS.sub("-", owner.lower()).strip("-")[:40]


_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_WAIT: Final = re.compile(
    r"(?P<number>\d{1,4}(?:[.,]\d)?)\s*"
    r"(?P<unit>s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|weeks?)\b",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"P(?=.)(\d+[YMWD])*(T(\d+[HMS])+)?")


def duration(text: str) -> str:
    """Return the first span that a text names as an ISO 8601 duration, "" where it names none."""
    if _ISO.fullmatch(text.strip()):
        return text.strip()
    found = _WAIT.search(text)
    if found is None:
        return ""
    number = float(found["number"].replace(",", "."))
    seconds = round(number * _SECONDS[found["unit"][0].lower()])
    for unit, length in (("D", 86_400), ("TH", 3600), ("TM", 60)):
        if seconds and seconds % length == 0:
            return f"P{unit[:-1]}{seconds // length}{unit[-1]}"
    return f"PT{seconds}S"
