"""diff: what changed between two versions of a model, by element, in words a reviewer acts on.

A review is only worth as much as what it shows: every difference that is not normalised away in
`facts` is told, also one nobody foresaw.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from common.phrases import Phrase
from engine.bpmn import sentences, vocabulary
from engine.bpmn.facts import BOUNDS, LABEL, LINE, MODEL_ID, Facts, Item, facts
from engine.bpmn.problems import by_kind
from engine.bpmn.sentences import Group, Risk
from engine.bpmn.vocabulary import kind_words

Kind = Literal["added", "removed", "changed", "moved"]

_GROUPS: Final[tuple[Group, ...]] = ("behaviour", "data", "text", "layout")
_RISKS: Final[tuple[Risk, ...]] = ("none", "low", "medium", "high")
_ARTIFACTS: Final = frozenset(
    {"textAnnotation", "association", "group", "category", "laneSet", "lane", "collaboration"}
    | {"participant", "dataObject", "dataObjectReference", "dataStore", "dataStoreReference"}
)
_HEAVY: Final = (vocabulary.ACTIVITIES | vocabulary.GATEWAYS | {"process"}) - {
    "task",
    "manualTask",
    "parallelGateway",
}
# What does something, or decides what is done.
_MOST_TEXT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a changed element, before and after as they are shown.

    `aspect` is its path in the file, and `sentence` tells this one alone.
    """

    label: str
    before: str
    after: str
    aspect: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what kind, in which group of the list, on which element, and how risky."""

    kind: Kind
    group: Group
    element: str
    name: str
    type: str
    sentence: str
    risk: Risk
    properties: tuple[Property, ...] = ()


def diff(before: bytes, after: bytes) -> list[Change]:
    """Return the differences of two files, behaviour first and the riskiest of it on top.

    Raises:
        UnreadableModel: when one of the files is no XML that is safe to read.
    """
    old, new = facts(before), facts(after)
    changes = list(_Comparison(old, new).changes())
    changes.sort(key=lambda one: (_GROUPS.index(one.group), -_RISKS.index(one.risk)))
    return changes


class _Comparison:
    def __init__(self, old: Facts, new: Facts) -> None:
        self._old = old
        self._new = new

    def changes(self) -> Iterator[Change]:
        """Yield every difference, in the order of the newer file."""
        for identity, item in self._new.items.items():
            earlier = self._old.items.get(identity)
            if earlier is None:
                yield self._added(identity, item)
            else:
                yield from self._changed(identity, earlier, item)
        for identity, item in self._old.items.items():
            if identity not in self._new.items:
                yield self._removed(identity, item)
        yield from self._moved()

    def _added(self, identity: str, item: Item) -> Change:
        name = _name(self._new, identity)
        noun = Phrase(kind_words(item.kind))
        condition = item.facts.get("conditionExpression")
        properties = self._properties(name, {path: (None, item.facts[path]) for path in item.facts})
        told = Phrase("{name} is a new {kind}.", name=name, kind=noun)
        if condition:
            when = sentences.quoted(condition)
            words = "{name} is a new {kind}, taken when {condition}."
            told = Phrase(words, name=name, kind=noun, condition=when)
        return _whole("added", identity, item, name, told, properties)

    def _removed(self, identity: str, item: Item) -> Change:
        name = _name(self._old, identity)
        properties = self._properties(name, {path: (item.facts[path], None) for path in item.facts})
        noun = Phrase(kind_words(item.kind))
        told = Phrase("{name} ({kind}) is removed.", name=name, kind=noun)
        return _whole("removed", identity, item, name, told, properties)

    def _changed(self, identity: str, old: Item, new: Item) -> Iterator[Change]:
        pairs = _differences(_told_of(old), _told_of(new))
        for path in [path for path in pairs if self._is_told_at_its_declaration(path, old, new)]:
            del pairs[path]
        for group in _GROUPS:
            paths = [path for path in pairs if sentences.words(path).group == group]
            if paths:
                yield self._grouped(identity, group, {path: pairs[path] for path in paths})

    def _grouped(self, identity: str, group: Group, pairs: Mapping[str, _Pair]) -> Change:
        item = self._new.items[identity]
        # What is called otherwise now is introduced by the name its readers know.
        renamed = not _NAMING.isdisjoint(pairs)
        known = _name(self._old if renamed else self._new, identity)
        clauses = [sentences.clause(path, *pair, self._called) for path, pair in pairs.items()]
        return Change(
            kind="changed",
            group=group,
            element=identity,
            name=_name(self._new, identity),
            type=item.kind,
            sentence=_said(known, clauses),
            risk=_worst(sentences.words(path).risk for path in pairs),
            properties=self._properties(known, pairs),
        )

    def _is_told_at_its_declaration(self, path: str, old: Item, new: Item) -> bool:
        """Tell whether a message has another name, rather than somebody another message."""
        before, after = old.declared.get(path), new.declared.get(path)
        known = self._old.items.keys() & self._new.items.keys()
        return before is not None and before == after and before in known

    def _properties(self, name: str, pairs: Mapping[str, _Pair]) -> tuple[Property, ...]:
        return tuple(
            Property(
                sentences.words(path).spoken,
                _full(before),
                _full(after),
                path,
                _said(name, [sentences.clause(path, before, after, self._called)]),
            )
            for path, (before, after) in pairs.items()
        )

    def _moved(self) -> Iterator[Change]:
        for identity in dict.fromkeys((*self._new.places, *self._old.places)):
            item = self._new.items.get(identity)
            if (item is None) != (identity not in self._old.items):
                continue  # What is new is drawn as well; with what is gone goes its shape.
            earlier, place = (file.places.get(identity, {}) for file in (self._old, self._new))
            pairs = _differences(earlier, place)
            if pairs and (item or (earlier and place)):
                name = _name(self._new, identity)
                told = Phrase(_drawn_otherwise(identity, earlier, place, pairs), name=name)
                properties = tuple(
                    Property(Phrase(label), before or "", after or "", label, told)
                    for label, (before, after) in pairs.items()
                )
                kind = item.kind if item else ""
                yield Change("moved", "layout", identity, name, kind, told, "none", properties)

    def _called(self, identity: str) -> str:
        newer = identity in self._new.items
        return _name(self._new if newer else self._old, identity)


_Pair = tuple[str | None, str | None]
_NAMING: Final = frozenset({"name", "known as", "sourceRef", "targetRef"})
# By its name a run knows a message or a signal; an error or an escalation has a code for that.
_NAMED: Final = {"message": "known as", "signal": "known as"}
_SEEN: Final = (
    (frozenset(BOUNDS[:2]), "{name} moved in the drawing."),
    (frozenset(BOUNDS[2:]), "{name} changed its size."),
    (frozenset({LINE}), "{name} runs another way in the drawing."),
    (frozenset({LABEL}), "{name} has its label elsewhere."),
)


def _told_of(item: Item) -> dict[str, str]:
    named = {_NAMED.get(item.kind, "name"): item.name} if item.name else {}
    return {"kind": item.kind, **named, **item.facts}


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, _Pair]:
    """Return the paths whose values differ, in the order of the newer file."""
    pairs = {
        path: (old.get(path), new.get(path))
        for path in dict.fromkeys((*new, *old))
        if old.get(path) != new.get(path)
    }
    return _renamed(pairs)


def _renamed(pairs: dict[str, _Pair]) -> dict[str, _Pair]:
    """Return the pairs with a row of a table that has the same value under another key as one."""
    gone = {
        (path.partition(" ")[0], before): path
        for path, (before, after) in pairs.items()
        if after is None and sentences.is_row(path)
    }
    found = dict(pairs)
    for path, (before, after) in pairs.items():
        family, _, key = path.partition(" ")
        earlier = gone.pop((family, after), None) if before is None else None
        if earlier is not None:
            del found[earlier], found[path]
            found[f"{family}: {key}"] = (earlier.partition(" ")[2], key)
    return found


def _drawn_otherwise(
    identity: str, earlier: Mapping[str, str], place: Mapping[str, str], pairs: Collection[str]
) -> str:
    """Return the words for what differs in the drawing, what is seen first."""
    if identity == MODEL_ID:
        return "The drawing as a whole has other settings."
    if not (earlier and place):
        return "{name} is now drawn." if place else "{name} is no longer drawn."
    seen = (words for labels, words in _SEEN if not labels.isdisjoint(pairs))
    return next(seen, "{name} looks different in the drawing.")


def _whole(
    kind: Kind,
    identity: str,
    item: Item,
    name: str,
    sentence: str,
    properties: tuple[Property, ...],
) -> Change:
    drawn = item.kind in _ARTIFACTS
    risk: Risk = "none" if drawn else "high" if item.kind in _HEAVY else "medium"
    group: Group = "text" if drawn else "behaviour"
    return Change(kind, group, identity, name, item.kind, sentence, risk, properties)


def _said(name: str, clauses: list[str]) -> str:
    return Phrase("{name} {clauses}.", name=name, clauses=sentences.joined(clauses))


def _worst(risks: Iterable[Risk]) -> Risk:
    return max(risks, key=_RISKS.index)


def _full(value: str | None) -> str:
    text = "" if value is None else value
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…"


def _name(file: Facts, identity: str) -> str:
    """Return what people call an element: its name, From → To for a flow, or its kind."""
    item = file.items.get(identity)
    if item is None:
        return identity or Phrase("nothing")
    if item.id == MODEL_ID:
        return Phrase("The model")
    if item.name:
        return item.name
    if {"sourceRef", "targetRef"} <= item.facts.keys():
        ends = (_end(file, item.facts[end]) for end in ("sourceRef", "targetRef"))
        return Phrase("{source} → {target}", **dict(zip(("source", "target"), ends, strict=True)))
    return _unnamed(item)


def _end(file: Facts, identity: str) -> str:
    item = file.items.get(identity)
    if item is None:
        return identity or Phrase("nothing")
    return item.name or _unnamed(item)


def _unnamed(item: Item) -> str:
    return by_kind(item.kind).leading
