"""Plain sentences for what changed between two versions, and how much each change weighs.

A sentence is a phrase, which whoever shows it puts into the reader's language; what is said of
each property stands in `property_words`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from common.phrases import Phrase, enumerated
from engine.bpmn.property_words import Group, Name, Risk, Words, quoted, shortened
from engine.bpmn.words_of_flow import FLOW
from engine.bpmn.words_of_work import FAMILIES, RENAMED, WORK

_MOST_CLAUSES = 5
# Where a connector sends its call is more than a value.
_RISKY_INPUTS: Final = frozenset({"url", "method", "connection", "host"})


def words(path: str) -> Words:
    """Return how the property at a path is told; one nobody thought of is still told."""
    known = FLOW.get(path) or WORK.get(path)
    if known is not None:
        return known
    family, _, key = path.partition(" ")
    if family.endswith(":") and family[:-1] in FAMILIES:
        return RENAMED
    if family in FAMILIES and key:
        usual = replace(FAMILIES[family], key=shortened(key))
        risky = family == "input" and key in _RISKY_INPUTS
        return replace(usual, risk="high") if risky else usual
    if path.startswith("{"):
        # Another tool's note to itself: kept in the file, and nothing here acts on it.
        return Words("Extension {key}", "data", "low", key=shortened(path.rpartition("}")[2]))
    return Words("{key}", "behaviour", "medium", key=_spaced(path))


def is_row(path: str) -> bool:
    """Return whether a path is one row of a table: an input by its name, a header by its key."""
    family, _, key = path.partition(" ")
    return bool(key) and family in FAMILIES


def clause(path: str, before: str | None, after: str | None, name: Name) -> str:
    """Return the change of one property as a clause that follows the element's name."""
    told = words(path)
    fields = {"key": told.key, "label": told.within}
    if before is None:
        template = told.added or "sets {label} to {a}"
    elif after is None:
        template = told.removed or "no longer sets {label} (it was {b})"
    else:
        template = told.changed or "changes {label} from {b} to {a}"
    if before is not None:
        fields["b"] = told.show(before, name)
    if after is not None:
        fields["a"] = told.show(after, name)
    return Phrase(template, **fields)


def joined(clauses: list[str]) -> str:
    """Return clauses as one enumeration; the rest of a long one is only counted."""
    if len(clauses) > _MOST_CLAUSES:
        rest = len(clauses) - _MOST_CLAUSES + 1
        counted = Phrase("changes {count} more settings", count=rest)
        clauses = [*clauses[: _MOST_CLAUSES - 1], counted]
    if len(clauses) == 1:
        return clauses[0]
    return Phrase("{clauses} and {last}", clauses=enumerated(clauses[:-1]), last=clauses[-1])


def _spaced(path: str) -> str:
    words = re.sub(r"[.:]", " ", path)
    words = re.sub(r"(?<=[a-z])([A-Z])", lambda match: " " + match.group(1).lower(), words)
    return shortened(words)


__all__ = ["Group", "Name", "Risk", "Words", "clause", "joined", "quoted", "shortened", "words"]
