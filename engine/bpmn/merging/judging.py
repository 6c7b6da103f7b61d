"""What two states made of one: where they meet, and whose word counts there.

They meet where both say something else of one part, and where one removes what the other changed,
added to, or newly refers to. Whatever follows from other edits by itself is left out: the lists of
flows at a node, and the way of a flow whose ends both moved, which is drawn anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from engine.bpmn import vocabulary
from engine.bpmn.merging.parts import DERIVED, Part, Parts, references
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model

Choice = Literal["mine", "theirs"]

_FOLLOWS: Final = DERIVED | {model("flowNodeRef")}
_EDGE: Final = f"{{{vocabulary.DI}}}BPMNEdge"


@dataclass(frozen=True)
class State:
    """One state beside the one that both began from."""

    base: Parts
    own: Parts

    @cached_property
    def removed(self) -> frozenset[str]:
        """Return the ids of elements that are gone."""
        return frozenset(
            part.about
            for key, part in self.base.items()
            if key == f"#{part.about}" and key not in self.own
        )

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """Return, for each element that is gone, the first of those that went with it."""
        links = defaultdict[str, set[str]](set)
        for part in self.base.values():
            owner = self.base.get(part.owner)
            for other in (*references(part), owner.about if owner else ""):
                if part.about in self.removed and other in self.removed:
                    links[part.about].add(other)
                    links[other].add(part.about)
        found: dict[str, str] = {}
        for first in self.base.values():
            if first.about in self.removed:
                _flood(first.about, first.about, links, found)
        return found

    def edited(self) -> Iterator[Part]:
        """Yield the parts that are new or say something else."""
        for key, part in self.own.items():
            before = self.base.get(key)
            if part.element.tag not in _FOLLOWS and (before is None or before.says != part.says):
                yield part

    def follows_its_ends(self, part: Part) -> bool:
        """Tell whether the way of a flow changed because what it connects did."""
        drawing = self.own.get(f"drawing of {part.about}")
        flow = self.own.get(f"#{part.about}")
        if not part.is_drawing or drawing is None or flow is None or drawing.element.tag != _EDGE:
            return False
        before = self.base.get(f"#{part.about}")
        ends = [local_name(flow.says.get(end)) for end in ("sourceRef", "targetRef")]
        led = before and [local_name(before.says.get(end)) for end in ("sourceRef", "targetRef")]
        return ends != led or any(self._moved(end) for end in ends)

    def _moved(self, element: str) -> bool:
        key = f"drawing of {element}/Bounds"
        before, after = self.base.get(key), self.own.get(key)
        return before is None or after is None or before.says != after.says


def _flood(first: str, at: str, links: Mapping[str, Set[str]], found: dict[str, str]) -> None:
    pending = [at]
    while pending:
        one = pending.pop()
        if one not in found:
            found[one] = first
            pending.extend(links.get(one, ()))


@dataclass
class Clash:
    """Where two states meet. `about` are the elements that it is about; the remover, if any."""

    key: str
    element: str
    about: set[str] = field(default_factory=set)
    is_drawing: bool = False
    remover: Choice | None = None


@dataclass(frozen=True)
class Judgement:
    """Two states, their clashes, and the flows that are to be drawn anew."""

    mine: State
    theirs: State
    clashes: dict[str, Clash] = field(default_factory=dict)
    redrawn: dict[str, None] = field(default_factory=dict)

    def state(self, side: Choice) -> State:
        """Return one of the two."""
        return self.mine if side == "mine" else self.theirs

    def where_removed(self, part: Part, remover: Choice) -> str:
        """Return the key of the clash that decides on a part which one of them removed."""
        first = self.state(remover).groups.get(part.about)
        return _key(part) if first is None else f"{first} removed by {remover}"

    def where_changed(self, part: Part) -> str | None:
        """Return the key of the clash that decides on what both made of a part; None: theirs."""
        return None if part.about in self.redrawn and part.is_drawing else _key(part)


def judge(base: Parts, mine: Parts, theirs: Parts) -> Judgement:
    """Find where two states meet."""
    found = Judgement(State(base, mine), State(base, theirs))
    for part in found.mine.edited():
        other = theirs.get(part.key)
        if other is not None and _differ(base.get(part.key), part, other):
            _both_changed(found, part, other)
    _removals(found, "mine", found.theirs)
    _removals(found, "theirs", found.mine)
    return found


def _both_changed(found: Judgement, part: Part, other: Part) -> None:
    if found.mine.follows_its_ends(part) and found.theirs.follows_its_ends(other):
        found.redrawn[part.about] = None
    else:
        _clash(found, _key(part), part.about, is_drawing=part.is_drawing)


def _differ(before: Part | None, one: Part, other: Part) -> bool:
    """Tell whether two changed the same saying of a part to different values."""
    said = before.says if before else {}
    return any(
        said.get(name) != one.says.get(name) != other.says.get(name) != said.get(name)
        for name in {**one.says, **other.says, **said}
    )


def _removals(found: Judgement, remover: Choice, other: State) -> None:
    """Find what one removed and the other edits still need."""
    gone = found.state(remover)
    for part in other.edited():
        before = other.base.get(part.key)
        if before is not None and part.key not in gone.own:
            if not other.follows_its_ends(part):
                _removal(found, remover, before, part)
        elif before is None:
            owner = other.base.get(part.owner)
            if owner is not None and owner.key not in gone.own:
                _removal(found, remover, owner, part)
        known = set(references(before)) if before else set()
        for named in references(part):
            if named in gone.removed and named not in known:
                _removal(found, remover, gone.base[f"#{named}"], part)


def _removal(found: Judgement, remover: Choice, gone: Part, needed_by: Part) -> None:
    key = found.where_removed(gone, remover)
    groups = found.state(remover).groups
    first = groups.get(gone.about)
    clash = _clash(found, key, first or gone.about, is_drawing=gone.is_drawing and first is None)
    clash.remover = remover if first is not None else None
    clash.about |= {needed_by.about, *(one for one, start in groups.items() if start == first)}


def _clash(found: Judgement, key: str, element: str, *, is_drawing: bool) -> Clash:
    clash = found.clashes.setdefault(key, Clash(key, element, is_drawing=is_drawing))
    clash.about.add(element)
    return clash


def _key(part: Part) -> str:
    return f"{part.about} drawn" if part.is_drawing else part.about
