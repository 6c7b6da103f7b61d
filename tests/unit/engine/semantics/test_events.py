"""Events are kept for ever: their names are unique, their fields are JSON, each is applied."""

from __future__ import annotations

import dataclasses
import re
import typing

import pytest

from engine import codec
from engine.semantics import events
from engine.semantics.appliers import APPLIERS

ALL = sorted(events.BY_TYPE.values(), key=lambda kind: kind.type)


def test_every_class_is_in_the_list_under_a_name_of_its_own() -> None:
    defined = {
        kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, events.Fact) and kind is not events.Fact
    }
    assert set(ALL) == defined


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.type)
class TestEach:
    def test_is_named_after_its_class_and_numbered(self, kind: type[events.Fact]) -> None:
        assert kind.type == re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
        assert kind.schema >= 1

    def test_has_fields_that_json_can_say_or_moments(self, kind: type[events.Fact]) -> None:
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            assert ("datetime" in str(hints[field.name])) == field.name.endswith("_at")

    def test_is_applied(self, kind: type[events.Fact]) -> None:
        assert kind in APPLIERS


def test_values_travel_only_in_fields_that_are_sealed() -> None:
    """A journal's text is kept when the values of a person are erased: it must hold none."""
    for kind in ALL:
        values = {
            field.name
            for field in dataclasses.fields(kind)
            if re.search(r"dict|list|Any", str(field.type))
        }
        sealed = {*codec.SEALED.get(kind, ()), codec.SEALED_EACH.get(kind)}
        assert values <= sealed, kind
