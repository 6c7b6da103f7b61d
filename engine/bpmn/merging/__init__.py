"""Two states of a model that began from one, made into one. Pure.

Edits of different things are both kept. Where both touch the same, nobody is overruled in silence:
a conflict names what either did, and is decided by who is asked. `merge` is called again with the
answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from engine import xml
from engine.bpmn.diff import Change, diff
from engine.bpmn.merging.assembly import assembled
from engine.bpmn.merging.judging import Choice, Clash, judge
from engine.bpmn.merging.parts import parts_of

__all__ = ["Choice", "Conflict", "Merged", "merge"]

_NOTHING_CHOSEN: Mapping[str, Choice] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both touched. `key` names it in a choice; either side is told in sentences.

    `elements` are all that it is about: of a removal also what went with it.
    """

    key: str
    element: str
    name: str
    elements: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The file that two states make, where they met, and what came of theirs.

    `redrawn` are flows whose ends both moved: their way is to be laid anew.
    """

    file: bytes
    conflicts: tuple[Conflict, ...]
    redrawn: tuple[str, ...]
    taken: tuple[str, ...]


def merge(
    base: bytes, mine: bytes, theirs: bytes, choices: Mapping[str, Choice] = _NOTHING_CHOSEN
) -> Merged:
    """Make one file of two that began from `base`; where nothing is chosen, theirs counts.

    Raises:
        UnreadableModel: one of the three is no XML that is safe to read.
    """
    root = xml.load(theirs)
    before = parts_of(xml.load(base))
    judgement = judge(before, parts_of(xml.load(mine)), parts_of(root))
    did, done = diff(base, mine), diff(base, theirs)
    told = [_told(clash, did, done) for clash in judgement.clashes.values()]
    conflicts = tuple(one for one in told if one.mine and one.theirs)
    asked = {one.key for one in conflicts}
    # What one side did without changing anything a person could tell gives way to the other.
    unasked: Mapping[str, Choice] = {
        one.key: "mine" if one.mine else "theirs" for one in told if one.key not in asked
    }

    def wins(key: str | None) -> Choice:
        return unasked.get(key or "") or choices.get(key or "", "theirs")

    assembled(before, judgement, wins, root)
    met = {element for clash in judgement.clashes.values() for element in clash.about}
    return Merged(
        file=etree.tostring(root, xml_declaration=True, encoding="UTF-8"),
        conflicts=conflicts,
        redrawn=tuple(judgement.redrawn),
        taken=tuple(
            one.sentence for one in done if one.group != "layout" and one.element not in met
        ),
    )


def _told(clash: Clash, did: Sequence[Change], done: Sequence[Change]) -> Conflict:
    mine, theirs = (_about(clash, changes) for changes in (did, done))
    return Conflict(
        key=clash.key,
        element=clash.element,
        name=next((one.name for one in (*theirs, *mine) if one.element == clash.element), ""),
        elements=tuple(sorted(clash.about)),
        mine=_sentences(mine, theirs, clash),
        theirs=_sentences(theirs, mine, clash),
    )


def _about(clash: Clash, changes: Sequence[Change]) -> list[Change]:
    """Return the changes that a clash is about; of a removal also how things are drawn."""
    return [
        one
        for one in changes
        if one.element in clash.about
        and (clash.remover is not None or (one.group == "layout") == clash.is_drawing)
    ]


def _sentences(own: Sequence[Change], other: Sequence[Change], clash: Clash) -> tuple[str, ...]:
    """Return what one side did: only what the other did otherwise, where that can be told."""
    theirs = {part.aspect: part.after for one in other for part in one.properties}
    met = [
        part.sentence
        for one in own
        if one.kind == "changed"
        for part in one.properties
        if part.aspect in theirs and theirs[part.aspect] != part.after
    ]
    if met and clash.remover is None:
        return tuple(met)
    return tuple(dict.fromkeys(one.sentence for one in own))
