"""The file that two states make together: theirs, with the edits of mine taken into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Final

from lxml import etree

from engine.bpmn import vocabulary
from engine.bpmn.merging.judging import Choice, Judgement
from engine.bpmn.merging.parts import (
    DERIVED,
    LINE,
    OWNER,
    ROOT,
    TEXT,
    WAYPOINT,
    WHOLE,
    Part,
    Parts,
    inside,
    is_foreign,
)
from engine.bpmn.references import local_name
from engine.bpmn.vocabulary import model

Wins = Callable[[str | None], Choice]
"""Says whose word counts in a clash, by its key."""

_ENDS: Final = ("sourceRef", "targetRef")
_REFERS: Final[Mapping[str, tuple[str | None, ...]]] = {
    model(vocabulary.SEQUENCE_FLOW): _ENDS,
    model("messageFlow"): _ENDS,
    model("association"): _ENDS,
    model(vocabulary.BOUNDARY_EVENT): ("attachedToRef",),
    model("flowNodeRef"): (None,),
    f"{{{vocabulary.DI}}}BPMNShape": ("bpmnElement",),
    f"{{{vocabulary.DI}}}BPMNEdge": ("bpmnElement",),
}
"""What means nothing without what it refers to, and where it does: None is its text."""

_BEFORE_FLOWS: Final = tuple(map(model, ("documentation", "extensionElements", "incoming")))


def assembled(base: Parts, judgement: Judgement, wins: Wins, root: etree._Element) -> None:
    """Take the edits of mine into the root of theirs, in place."""
    _Assembly(base, judgement, wins).run()
    _mend(root)


class _Assembly:
    def __init__(self, base: Parts, judgement: Judgement, wins: Wins) -> None:
        self._base = base
        self._judgement = judgement
        self._mine = judgement.mine.own
        self._theirs = judgement.theirs.own
        self._wins = wins
        # Elements of the result, by key; it begins as theirs.
        self._made: dict[str, etree._Element] = {
            key: part.element for key, part in self._theirs.items()
        }

    def run(self) -> None:
        """Add, move and change first, remove last: what is kept may have hung in what goes."""
        for key, part in self._mine.items():
            if key in self._theirs:
                self._change(part)
            elif self._is_wanted(part):
                self._add(part)
        for key, part in self._theirs.items():
            if key in self._base and key not in self._mine and self._is_unwanted(part):
                _detach(self._made[key])

    def _is_wanted(self, part: Part) -> bool:
        if part.key not in self._base:
            return True
        where = self._judgement.where_removed(self._base[part.key], "theirs")
        return where in self._judgement.clashes and self._wins(where) == "mine"

    def _is_unwanted(self, part: Part) -> bool:
        where = self._judgement.where_removed(self._base[part.key], "mine")
        return where not in self._judgement.clashes or self._wins(where) == "mine"

    def _add(self, part: Part) -> None:
        owner = self._made.get(part.owner)
        if owner is None:
            return  # What it hung in was removed, and that was chosen.
        made = deepcopy(part.element)
        if not is_foreign(made):
            for child in list(inside(made)):
                made.remove(child)
        self._made[part.key] = made
        self._put(made, part, owner)

    def _put(self, made: etree._Element, part: Part, owner: etree._Element) -> None:
        """Hang an element in its owner, after the nearest of those before it that is there too."""
        keys = {id(one.element): key for key, one in self._mine.items() if one.owner == part.owner}
        for sibling in part.element.itersiblings("*", preceding=True):
            before = self._made.get(keys.get(id(sibling), ROOT))
            if before is not None and before.getparent() is owner and before is not made:
                before.addnext(made)
                return
        owner.insert(0, made)

    def _change(self, part: Part) -> None:
        theirs, before = self._theirs[part.key], self._base.get(part.key)
        for name in dict.fromkeys((*part.says, *theirs.says)):
            value = self._value(part, theirs, before, name)
            if value is part:
                self._say(part, name)

    def _value(self, mine: Part, theirs: Part, before: Part | None, name: str) -> Part:
        said = before.says.get(name) if before else None
        here, there = mine.says.get(name), theirs.says.get(name)
        if here in (there, said):
            return theirs
        if there == said:
            return mine
        return mine if self._wins(self._judgement.where_changed(mine)) == "mine" else theirs

    def _say(self, part: Part, name: str) -> None:
        made = self._made[part.key]
        if name == OWNER:
            self._move(part, made)
        elif name == TEXT:
            made.text = part.element.text
        elif name == WHOLE:
            _replace(made, part.element)
        elif name == LINE:
            _redraw(made, part.element)
        elif name in part.says:
            made.set(name, part.says[name])
        else:
            made.attrib.pop(name, None)

    def _move(self, part: Part, made: etree._Element) -> None:
        owner = self._made.get(part.owner)
        if owner is not None and made not in owner.iterancestors() and owner is not made:
            _detach(made)
            self._put(made, part, owner)


def _detach(element: etree._Element) -> None:
    owner = element.getparent()
    if owner is not None:
        owner.remove(element)


def _replace(made: etree._Element, by: etree._Element) -> None:
    made.clear()
    made.text = by.text
    made.attrib.update({str(name): str(value) for name, value in by.attrib.items()})
    made.extend(deepcopy(child) for child in by)


def _redraw(made: etree._Element, by: etree._Element) -> None:
    for point in made.findall(WAYPOINT):
        made.remove(point)
    for place, point in enumerate(by.findall(WAYPOINT)):
        made.insert(place, deepcopy(point))


def _mend(root: etree._Element) -> None:
    """Take away what refers to something that is not there, and list the flows at each node."""
    while dangling := _dangling(root):
        for one in dangling:
            _detach(one)
    ids = _ids(root)
    for element in root.iter("*"):
        if "default" in element.attrib and local_name(element.get("default")) not in ids:
            del element.attrib["default"]
    if next(root.iter(*DERIVED), None) is not None:
        _list_flows(root)


def _dangling(root: etree._Element) -> list[etree._Element]:
    ids = _ids(root)
    return [one for one in root.iter(*_REFERS) if not _named_by(one) <= ids]


def _ids(root: etree._Element) -> frozenset[str]:
    return frozenset(str(one.get("id")) for one in root.iter("*") if one.get("id"))


def _named_by(element: etree._Element) -> frozenset[str]:
    """Return the ids without which an element means nothing."""
    references = _REFERS[str(element.tag)]
    return frozenset(local_name(element.get(one) if one else element.text) for one in references)


def _list_flows(root: etree._Element) -> None:
    wanted = dict(_ends(root))
    for listed in list(root.iter(*DERIVED)):
        owner = listed.getparent()
        node = "" if owner is None else owner.get("id", "")
        if wanted.pop((node, str(listed.tag), local_name(listed.text)), None) is None:
            _detach(listed)
    nodes: Mapping[str, etree._Element] = {
        str(one.get("id")): one for one in root.iter(f"{{{vocabulary.MODEL}}}*") if one.get("id")
    }
    for node, tag, flow in wanted:
        _list(nodes[node], tag, flow)


def _ends(root: etree._Element) -> Iterator[tuple[tuple[str, str, str], bool]]:
    for flow in root.iter(model(vocabulary.SEQUENCE_FLOW)):
        for end, tag in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            yield (local_name(flow.get(end)), model(tag), flow.get("id", "")), True


def _list(node: etree._Element, tag: str, flow: str) -> None:
    before = [*node.iterchildren(*_BEFORE_FLOWS, tag)]
    made = etree.Element(tag)
    made.text = flow
    if before:
        before[-1].addnext(made)
    else:
        node.insert(0, made)
