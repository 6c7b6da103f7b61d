"""What changed from one form to another, by field, in sentences a reviewer acts on.

A part is known again by its key or its path, words by their text. Where the files differ and no
sentence below says how, the form is told as changed: nothing may change unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from common.phrases import Phrase
from engine.forms.errors import FormUnreadable
from engine.forms.reading import loaded

Group = Literal["behaviour", "data", "text", "layout"]
_NAMES: Final[Mapping[str, tuple[Group, str]]] = {
    "label": ("text", "the label"),
    "description": ("text", "the help"),
    "dateLabel": ("text", "the label"),
    "text": ("text", "the words"),
    "type": ("behaviour", "the kind of field"),
    "validate.required": ("behaviour", "whether an answer is needed"),
    "validate.minLength": ("behaviour", "the shortest text"),
    "validate.maxLength": ("behaviour", "the longest text"),
    "validate.min": ("behaviour", "the least number"),
    "validate.max": ("behaviour", "the greatest number"),
    "validate.pattern": ("behaviour", "the pattern"),
    "validate.validationType": ("behaviour", "what it must look like"),
    "conditional.hide": ("behaviour", "when it is hidden"),
    "readonly": ("behaviour", "when it is only shown"),
    "disabled": ("behaviour", "when it is only shown"),
    "values": ("data", "the choices"),
    "valuesKey": ("data", "where the choices come from"),
    "valuesExpression": ("data", "where the choices come from"),
    "defaultValue": ("data", "the value at first"),
    "expression": ("behaviour", "what is computed"),
    "dataSource": ("data", "which rows are shown"),
    "columns": ("data", "the columns"),
    "subtype": ("behaviour", "what it asks for"),
    "allowAddRemove": ("behaviour", "whether rows are added"),
    "layout.row": ("layout", "its place"),
    "layout.columns": ("layout", "its width"),
    "id": ("behaviour", "the id that steps ask for it by"),
}
_NOTHING: Final = ""
_MOST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of two forms; `aspect` is its path in the JSON, empty for a whole part."""

    op: Literal["added", "removed", "changed", "moved"]
    group: Group
    part: str
    aspect: str
    old: str
    new: str
    sentence: Phrase


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    facts: Mapping[str, str]
    place: tuple[str, int]


def differences(before: str | None, after: str | None) -> list[Difference]:
    """Return what changed from the JSON text of one form to another; None where there is none."""
    if before is None or after is None:
        return [_whole("added" if before is None else "removed")]
    try:
        old, new = _parts(before), _parts(after)
    except FormUnreadable:
        return [_somehow()]
    found = [*_changes(old, new), *_moves(old, new)]
    if not found and before.strip() != after.strip() and loaded(before) != loaded(after):
        found.append(_somehow())
    return found


def _changes(old: Mapping[str, _Part], new: Mapping[str, _Part]) -> Iterator[Difference]:
    for key, part in new.items():
        if key not in old:
            words = Phrase("Asks for {field} now.", field=part.name)
            yield Difference("added", "behaviour", key, "", "", part.name, words)
    for key, part in old.items():
        if key not in new:
            words = Phrase("Does not ask for {field} any more.", field=part.name)
            yield Difference("removed", "behaviour", key, "", part.name, "", words)
            continue
        for aspect in sorted(part.facts.keys() | new[key].facts.keys()):
            was, now = part.facts.get(aspect, _NOTHING), new[key].facts.get(aspect, _NOTHING)
            if was != now:
                yield _changed(key, new[key].name, aspect, was, now)


def _changed(key: str, name: str, aspect: str, was: str, now: str) -> Difference:
    group, words = _NAMES.get(aspect, ("behaviour", aspect))
    what = Phrase(words) if aspect in _NAMES else Phrase("“{name}”", name=aspect)
    if not was:
        sentence = Phrase("{field}: {what}, now {new}.", field=name, what=what, new=_shown(now))
    elif not now:
        sentence = Phrase(
            "{field}: {what}, no longer {old}.", field=name, what=what, old=_shown(was)
        )
    else:
        sentence = Phrase(
            "{field}: {what}, from {old} to {new}.",
            field=name,
            what=what,
            old=_shown(was),
            new=_shown(now),
        )
    return Difference("changed", group, key, aspect, was, now, sentence)


def _moves(old: Mapping[str, _Part], new: Mapping[str, _Part]) -> Iterator[Difference]:
    """Yield the parts that stand elsewhere among those that both forms have."""
    kept = [key for key in old if key in new]
    before = {key: (old[key].place[0], place) for place, key in enumerate(kept)}
    after_order = [key for key in new if key in old]
    after = {key: (new[key].place[0], place) for place, key in enumerate(after_order)}
    still = _in_order([before[key][1] for key in after_order])
    for key in after_order:
        if before[key][0] != after[key][0] or before[key][1] not in still:
            words = Phrase("{field} stands elsewhere.", field=new[key].name)
            yield Difference("moved", "layout", key, "place", "", "", words)


def _in_order(places: list[int]) -> set[int]:
    """Return a longest run of places that keep their order: the others are those that moved."""
    best: list[list[int]] = [[]]
    for place in places:
        shorter = [run for run in best if not run or run[-1] < place]
        best.append([*_longest(shorter), place])
    return set(_longest(best))


def _longest(runs: list[list[int]]) -> list[int]:
    return max((len(run), run) for run in runs)[1]


def _parts(text: str) -> dict[str, _Part]:
    schema = loaded(text)
    found: dict[str, _Part] = {}
    found[""] = _Part(Phrase("The form"), dict(_facts({"id": schema.get("id")}, "")), ("", 0))
    _collect(schema["components"], "", found)
    return found


def _collect(components: list[Any], above: str, found: dict[str, _Part]) -> None:
    for index, component in enumerate(components):
        if not isinstance(component, dict):
            continue
        plain = {name: component[name] for name in component if name not in _NOT_TOLD}
        key = _key(component, above)
        while key in found:
            key += "'"
        found[key] = _Part(_name(component), dict(_facts(plain, "")), (above, index))
        inner = component.get("components")
        if isinstance(inner, list):
            _collect(inner, f"{above}{key}/", found)


_NOT_TOLD: Final = frozenset({"components", "id", "schemaVersion"})


def _key(component: Mapping[str, Any], above: str) -> str:
    for name in ("key", "path", "id", "label", "text", "type"):
        if component.get(name):
            return f"{above}{str(component[name])[:_MOST_SHOWN]}"
    return f"{above}?"


def _name(component: Mapping[str, Any]) -> str:
    for name in ("label", "dateLabel", "text", "key", "path", "type"):
        words = component.get(name)
        if isinstance(words, str) and words.strip():
            return Phrase("“{name}”", name=" ".join(words.split())[:_MOST_SHOWN])
    return Phrase("A part without a name")


def _facts(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        where = f"{path}{name}"
        if isinstance(inner, dict):
            yield from _facts(inner, f"{where}.")
        elif isinstance(inner, list):
            yield where, ", ".join(map(_told, inner))
        elif inner not in (None, "", False):
            yield where, _told(inner)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        label, own = value.get("label"), value.get("value", value.get("key"))
        return f"{label} = {own}" if label and label != own else str(own)
    return "yes" if value is True else str(value)


def _shown(value: str) -> Phrase:
    line = " ".join(value.split())
    shortened = line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"
    return Phrase("“{value}”", value=shortened)


def _whole(op: Literal["added", "removed"]) -> Difference:
    words = "It is a new form." if op == "added" else "The form is removed."
    return Difference(op, "behaviour", "", "", "", "", Phrase(words))


def _somehow() -> Difference:
    words = Phrase("The file of the form is written differently.")
    return Difference("changed", "behaviour", "", "file", "", "", words)
