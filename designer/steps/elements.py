"""A step template as frozen values: its fields, where each is written, and when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Value: TypeAlias = str | int | float | bool | None
"""What a field can hold in the JSON of a template. In a model everything is text."""


class Kind(StrEnum):
    """How a field is filled."""

    STRING = "String"
    TEXT = "Text"
    HIDDEN = "Hidden"
    DROPDOWN = "Dropdown"
    BOOLEAN = "Boolean"
    NUMBER = "Number"


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a value stands in the model: a kind of place, and its name there.

    `name` is what the schema calls name, key, source or property, whichever the kind has. Two
    fields with equal bindings are the same setting, and so is one in the next version.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one field must say: be one of `values`, or be shown where `is_active` is not None."""

    field: str
    values: tuple[Value, ...] = ()
    is_active: bool | None = None


Condition: TypeAlias = tuple[Requirement, ...]
"""All of them must hold; none at all holds always."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a dropdown."""

    name: str
    value: str
    condition: Condition = ()


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a value must be. `pattern` is a regular expression that it holds somewhere."""

    not_empty: bool = False
    min_length: int = 0
    max_length: int | None = None
    pattern: str = ""
    pattern_words: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting of a step. `value` is what it begins with; `generated` makes it a new UUID."""

    kind: Kind
    binding: Binding
    id: str = ""
    label: str = ""
    description: str = ""
    value: Value = None
    group: str = ""
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    editable: bool = True
    feel: str = ""
    constraints: Constraints = field(default_factory=Constraints)
    condition: Condition = ()
    generated: bool = False

    @property
    def name(self) -> str:
        """Return what people call the field."""
        return self.label or self.binding.name or self.binding.kind

    @property
    def is_fixed(self) -> bool:
        """Tell whether the template decides the value and the process owner does not."""
        return (self.kind is Kind.HIDDEN or not self.editable) and not self.generated


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are shown together."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a step template.

    `element` is what a step becomes (`bpmn:ServiceTask`), `event` what triggers it where it is an
    event; `applies_to` are the elements it can be chosen for. `content` is the file as it came.
    """

    id: str
    name: str
    version: int
    element: str
    event: str = ""
    applies_to: tuple[str, ...] = ()
    description: str = ""
    category: str = ""
    keywords: tuple[str, ...] = ()
    documentation: str = ""
    groups: tuple[Group, ...] = ()
    fields: tuple[Field, ...] = ()
    content: Mapping[str, Any] = field(default_factory=dict, compare=False)
