"""The rules there are: what each is called, how much it weighs by itself, and what it can be told.

An admin changes the weight and the limit of a rule; `Setting` is what holds for one process then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from common.phrases import Phrase


class Level(StrEnum):
    """How much a rule weighs. An error blocks the review and the publication."""

    OFF = "off"
    HINT = "hint"
    WARNING = "warning"
    ERROR = "error"


class Group(StrEnum):
    """What a rule is about."""

    NAMES = "names"
    ACCOUNTABILITY = "accountability"
    GATES = "gates"
    FAILURES = "failures"
    TEXTS = "texts"
    FLOW = "flow"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that a rule compares with. `words` are what it is called."""

    words: Phrase
    usual: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `words` say what it looks for; `allows` that it can be told what is fine."""

    code: str
    group: Group
    words: Phrase
    level: Level
    limit: Limit | None = None
    allows: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for one process: the weight, the limit where there is one, and what is allowed."""

    level: Level
    limit: int | None = None
    allowed: tuple[str, ...] = ()

    @classmethod
    def usual(cls, rule: Rule) -> Setting:
        """Return what holds where nobody set anything."""
        return cls(rule.level, rule.limit.usual if rule.limit else None)


RULES: Final[tuple[Rule, ...]] = (
    Rule("step_unnamed", Group.NAMES, Phrase("Steps and decisions without a name"), Level.WARNING),
    Rule(
        "name_too_long",
        Group.NAMES,
        Phrase("Names that nobody reads to the end"),
        Level.HINT,
        Limit(Phrase("characters at most"), 60, 10, 200),
    ),
    Rule("name_twice", Group.NAMES, Phrase("Two steps of one name"), Level.HINT),
    Rule(
        "choice_unlabelled",
        Group.NAMES,
        Phrase("Ways out of a decision without a name"),
        Level.HINT,
    ),
    Rule("tags_missing", Group.ACCOUNTABILITY, Phrase("A process without a tag"), Level.HINT),
    Rule(
        "backup_owner_missing",
        Group.ACCOUNTABILITY,
        Phrase("A process without a backup owner"),
        Level.WARNING,
    ),
    Rule("owner_gone", Group.ACCOUNTABILITY, Phrase("An owner who has left"), Level.WARNING),
    Rule(
        "gate_timeout_approves",
        Group.GATES,
        Phrase("A gate whose time-out goes the way of an approval"),
        Level.ERROR,
    ),
    Rule(
        "gate_quorum_unreachable",
        Group.GATES,
        Phrase("A gate that too few people could decide"),
        Level.ERROR,
    ),
    Rule(
        "gate_escalation_missing",
        Group.GATES,
        Phrase("A gate that waits without telling anybody"),
        Level.HINT,
    ),
    Rule(
        "exception_path_missing",
        Group.FAILURES,
        Phrase("A step that calls outside, without a way to go when it fails"),
        Level.HINT,
    ),
    Rule("secret_written", Group.TEXTS, Phrase("A secret in the model"), Level.ERROR),
    Rule(
        "host_written",
        Group.TEXTS,
        Phrase("A host in the model instead of a connection"),
        Level.WARNING,
        allows=Phrase("hosts that may stand in a model"),
    ),
    Rule(
        "address_written",
        Group.TEXTS,
        Phrase("An IP or e-mail address in the model"),
        Level.WARNING,
        allows=Phrase("addresses and domains that may stand in a model"),
    ),
    Rule("deadlock", Group.FLOW, Phrase("A run that can get stuck at a join"), Level.WARNING),
    Rule(
        "synchronisation_missing",
        Group.FLOW,
        Phrase("Branches that come together without waiting for each other"),
        Level.WARNING,
    ),
    Rule("end_never_reached", Group.FLOW, Phrase("A run that can never end"), Level.WARNING),
    Rule("step_never_reached", Group.FLOW, Phrase("A step that no run comes to"), Level.WARNING),
    Rule("unreachable", Group.FLOW, Phrase("A step that no path leads to"), Level.WARNING),
    Rule(
        "soundness_unsettled",
        Group.FLOW,
        Phrase("More states than were looked at"),
        Level.HINT,
        Limit(Phrase("states of one level at most"), 20_000, 100, 200_000),
    ),
    Rule(
        "too_many_steps",
        Group.SIZE,
        Phrase("More on one level than a reader keeps in mind"),
        Level.HINT,
        Limit(Phrase("steps, events and gateways at most"), 50, 5, 1_000),
    ),
    Rule(
        "control_flow_complex",
        Group.SIZE,
        Phrase("More ways through one level than can be tested"),
        Level.HINT,
        Limit(Phrase("control-flow complexity (CFC) at most"), 30, 2, 1_000),
    ),
    Rule(
        "nested_deep",
        Group.SIZE,
        Phrase("Decisions within decisions"),
        Level.HINT,
        Limit(Phrase("splits around a step at most"), 4, 1, 20),
    ),
)

BY_CODE: Final[Mapping[str, Rule]] = {rule.code: rule for rule in RULES}
