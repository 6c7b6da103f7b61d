"""What a newer version of a template means for a step, as sentences, before it is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from common.phrases import Phrase
from designer.steps import filling
from designer.steps.elements import Binding, Field, Template
from designer.steps.filling import Filling
from engine.bpmn.vocabulary import kind_words

_SHOWN: Final = 60

Op = Literal["added", "removed", "changed", "lost", "asked"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that changes. `lost` takes a value away, `asked` wants one from a person."""

    op: Op
    sentence: Phrase


def between(before: Template, after: Template, said: Mapping[Binding, str] | None) -> list[Effect]:
    """Return what changes from one version to another, what a person must look at first.

    `said` is what a step says at each place; without it only the templates are compared.
    """
    told = list(_between(before, after, said or {}))
    order = {"lost": 0, "asked": 1, "changed": 2, "removed": 3, "added": 4}
    return sorted(told, key=lambda one: order[one.op])


def _between(before: Template, after: Template, said: Mapping[Binding, str]) -> Iterator[Effect]:
    if before.element != after.element:
        kind = Phrase(kind_words(after.element.removeprefix("bpmn:")))
        yield Effect("changed", Phrase("The step becomes a {kind}.", kind=kind))
    old, new = _by_place(before), _by_place(after)
    filled_in = Filling(after, said.get)
    for place, each in new.items():
        earlier = old.get(place)
        if earlier is None:
            yield from _added(each, said)
        else:
            yield from _changed(earlier, each, filled_in)
    for place in old.keys() - new.keys():
        yield _removed(old[place], said.get(place, ""))


def _by_place(template: Template) -> dict[Binding, Field]:
    """Return the fields by where they are written; of those with one place the first."""
    found: dict[Binding, Field] = {}
    for each in template.fields:
        found.setdefault(each.binding, each)
    return found


def _added(new: Field, said: Mapping[Binding, str]) -> Iterator[Effect]:
    name, value = new.name, _short(filling.written(new))
    earlier = said.get(new.binding, "")
    if new.is_fixed:
        if earlier and earlier != filling.written(new):
            yield Effect("lost", Phrase("{name} is “{value}” now; “{earlier}” is lost.", name=name,
                                        value=value, earlier=_short(earlier)))  # fmt: skip
        elif value:
            yield Effect("added", Phrase("It sets {name} to “{value}”.", name=name, value=value))
    elif new.constraints.not_empty and not value and not earlier:
        yield Effect("asked", Phrase("It asks for “{name}”, which is empty.", name=name))
    else:
        yield Effect("added", Phrase("“{name}” can be filled in.", name=name))


def _removed(old: Field, said: str) -> Effect:
    if said and not old.is_fixed:
        words = Phrase("“{name}” is gone; “{value}” is lost.", name=old.name, value=_short(said))
        return Effect("lost", words)
    return Effect("removed", Phrase("“{name}” is gone.", name=old.name))


def _changed(old: Field, new: Field, filled_in: Filling) -> Iterator[Effect]:
    said = filled_in.said(new.binding) or ""
    if new.is_fixed:
        yield from _fixed(old, new, said)
        return
    if old.name != new.name:
        yield Effect(
            "changed", Phrase("“{old}” is called “{new}” now.", old=old.name, new=new.name)
        )
    sentence = filling.fault(new, filled_in)
    if sentence is not None:
        words = Phrase("“{name}” says “{value}”, which does not fit any more. {sentence}",
                       name=new.name, value=_short(said), sentence=sentence)  # fmt: skip
        yield Effect("asked", words)
    elif new.constraints.not_empty and not old.constraints.not_empty and not said:
        yield Effect("asked", Phrase("“{name}” must be filled in now.", name=new.name))
    elif (old.kind, old.choices, old.constraints) != (new.kind, new.choices, new.constraints):
        yield Effect("changed", Phrase("What “{name}” may be has changed.", name=new.name))


def _fixed(old: Field, new: Field, said: str) -> Iterator[Effect]:
    value, before = filling.written(new), filling.written(old)
    if not old.is_fixed and said and said != value:
        words = Phrase("“{name}” is “{value}” now; “{earlier}” is lost.", name=old.name,
                       value=_short(value), earlier=_short(said))  # fmt: skip
        yield Effect("lost", words)
    elif value != before:
        words = Phrase("{name} changes from “{before}” to “{value}”.", name=new.name,
                       before=_short(before), value=_short(value))  # fmt: skip
        yield Effect("changed", words)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
