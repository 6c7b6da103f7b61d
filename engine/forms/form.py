"""Form: the form-js schema of a step, and what it makes of the values somebody sent for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from engine.expressions import Value
from engine.forms import reading
from engine.forms.errors import FormUnreadable
from engine.forms.fields import Field
from engine.forms.filling import NOWHERE, Filled, Moment, fill
from engine.forms.flaws import Flaw
from engine.forms.parts import AnyPart, Computed, Group, Rows, formulas_of, walk
from engine.forms.placing import Path

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Form:
    """The parts of a form, in the order they are shown. `id` is what tasks ask for it by."""

    parts: tuple[AnyPart, ...]
    id: str = ""

    @classmethod
    def parse(cls, text: str) -> Form:
        """Return the form of a form-js JSON text.

        Raises:
            FormUnreadable: when it is none, or has parts that are not offered.
        """
        form, flaws = cls.judged(text)
        error = next((one for one in flaws if one.severity == "error"), None)
        if error is not None:
            raise FormUnreadable("{reason}", reason=error.sentence)
        return form

    @classmethod
    def judged(cls, text: str) -> tuple[Form, tuple[Flaw, ...]]:
        """Return what can be read of a form, and everything that is wrong with it.

        Raises:
            FormUnreadable: when the text is no JSON object with a list of components.
        """
        schema = reading.loaded(text)
        parts, flaws = reading.read(schema)
        identity = schema.get("id")
        return cls(parts, identity if isinstance(identity, str) else ""), flaws

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields outside of lists, in the order they are shown."""
        return tuple(field for _, field in self._placed(self.parts, ()))

    @cached_property
    def sets(self) -> frozenset[str]:
        """Return the variables that are written when the form is handed in."""
        return frozenset(path[0] for path in self._written(self.parts, ()))

    @cached_property
    def shows(self) -> frozenset[str]:
        """Return the variables whose values lie in fields of the form."""
        shown = {path[0] for path, _ in self._placed(self.parts, ())}
        return frozenset(shown | {path[0] for path in self._written(self.parts, ())})

    @cached_property
    def reads(self) -> frozenset[str]:
        """Return the variables that drawing and judging the form take into account."""
        return self.shows.union(*(formula.names for formula in formulas_of(self.parts)))

    @cached_property
    def changes_by_itself(self) -> bool:
        """Tell whether what is typed in one field may change what is shown of others."""
        computes = next(formulas_of(self.parts), None) is not None
        return computes or any(isinstance(part, Rows) for part in walk(self.parts))

    def filled(
        self, known: Mapping[str, Any], sent: Mapping[str, Any] | None, at: Moment
    ) -> Filled:
        """Return the form with values in it, as it is drawn and judged.

        `known` are the variables of the run; `sent` what somebody sent for the fields, nested as
        their paths are, None before anybody did. A field left empty gives null, so that an earlier
        value does not stay behind unseen; one that is hidden gives nothing.

        Raises:
            FeelBudgetExceeded: its expressions cost more than those of one form may.
        """
        return fill(self.parts, known, sent, at)

    def validate(
        self,
        values: Mapping[str, object],
        known: Mapping[str, Any] = NOTHING,
        at: Moment = NOWHERE,
    ) -> tuple[dict[str, Value], dict[str, str]]:
        """Return the values as variables, and a sentence for each key that does not fit.

        A key the form does not have, or only shows, is refused: nobody sets a variable that way.
        """
        found = self.filled(known, values, at)
        return found.values, found.errors

    def _placed(self, parts: tuple[AnyPart, ...], prefix: Path) -> Iterator[tuple[Path, Field]]:
        for part in parts:
            if isinstance(part, Field):
                yield (*prefix, *part.path), part
            elif isinstance(part, Group):
                yield from self._placed(part.parts, (*prefix, *part.path))

    def _written(self, parts: tuple[AnyPart, ...], prefix: Path) -> Iterator[Path]:
        for part in parts:
            if isinstance(part, Group):
                yield from self._written(part.parts, (*prefix, *part.path))
            elif isinstance(part, Rows | Computed) or (
                isinstance(part, Field) and part.takes_value
            ):
                yield (*prefix, *part.path)
