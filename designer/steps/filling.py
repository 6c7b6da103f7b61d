"""What a step says for the fields of its template: which are shown, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from common.phrases import Phrase
from designer.steps import patterns
from designer.steps.elements import Binding, Condition, Field, Kind, Requirement, Template, Value

_TRUTHS: Final[Mapping[str, bool]] = {"true": True, "false": False}
_SHOWN: Final = 60

Said = Callable[[Binding], str | None]
"""What a step says at a place, as text; None where it says nothing there."""


@dataclass(slots=True)
class Filling:
    """A template with what one step says for it. Which fields are shown is found out once each."""

    template: Template
    said: Said
    _shown: dict[int, bool] = field(default_factory=dict)

    def shown(self) -> list[Field]:
        """Return the fields whose conditions hold, in their order."""
        fields = self.template.fields
        return [each for place, each in enumerate(fields) if self._is_shown(place)]

    def is_met(self, condition: Condition) -> bool:
        """Tell whether all tests of a condition hold."""
        return all(map(self._holds, condition))

    def _is_shown(self, place: int) -> bool:
        if place not in self._shown:
            # Fields that wait for each other in a circle are not shown.
            self._shown[place] = False
            self._shown[place] = self.is_met(self.template.fields[place].condition)
        return self._shown[place]

    def _holds(self, test: Requirement) -> bool:
        named = enumerate(self.template.fields)
        found = [one for place, one in named if one.id == test.field and self._is_shown(place)]
        if test.is_active is not None:
            return bool(found) is test.is_active
        # True is 1 in Python, and a different answer here.
        wanted = {(type(value) is bool, value) for value in test.values}
        answers = (meaning(one, self.said(one.binding)) for one in found)
        return any((type(answer) is bool, answer) in wanted for answer in answers)


def meaning(of: Field, text: str | None) -> Value:
    """Return the value that a text stands for in a field, as conditions compare it."""
    if text is None:
        return None
    plain = text.removeprefix("=").strip()
    if of.kind is Kind.BOOLEAN or (of.kind is Kind.HIDDEN and isinstance(of.value, bool)):
        return _TRUTHS.get(plain, text)
    if of.kind is Kind.NUMBER:
        number = _number(plain)
        return text if number is None else float(number)
    return text


def written(of: Field) -> str:
    """Return how the value that a field begins with is written into a model."""
    if of.value is None:
        return ""
    text = str(of.value).lower() if isinstance(of.value, bool) else str(of.value)
    is_value = of.kind in (Kind.BOOLEAN, Kind.NUMBER) and of.feel != ""
    return f"={text}" if is_value else text


def fault(of: Field, filling: Filling) -> Phrase | None:
    """Return why what a step says for a field does not fit it, as a sentence; None where it does.

    An expression is not judged: what it gives, only a run knows.
    """
    text = filling.said(of.binding) or ""
    if text == "":
        return None
    is_expression = text.startswith("=")
    if of.feel == "required" or (of.feel == "optional" and is_expression):
        wanted = Phrase("It needs an expression, which begins with =.")
        return None if is_expression else wanted
    return _FAULTS.get(of.kind, _of_text)(of, text, filling)


def _of_choices(of: Field, text: str, filling: Filling) -> Phrase | None:
    offered = (one.value for one in of.choices if filling.is_met(one.condition))
    return None if text in offered else Phrase("It is none of the choices.")


def _of_truth(_of: Field, text: str, _filling: Filling) -> Phrase | None:
    return None if text.removeprefix("=") in _TRUTHS else Phrase("It is true or false.")


def _of_number(_of: Field, text: str, _filling: Filling) -> Phrase | None:
    return Phrase("It is a number.") if _number(text.removeprefix("=")) is None else None


def _of_text(of: Field, text: str, _filling: Filling) -> Phrase | None:
    rules = of.constraints
    if len(text) < rules.min_length:
        return Phrase("It has fewer than {least} characters.", least=rules.min_length)
    if rules.max_length is not None and len(text) > rules.max_length:
        return Phrase("It has more than {most} characters.", most=rules.max_length)
    if not rules.pattern or patterns.holds(rules.pattern, text):
        return None
    form = Phrase("It does not have the form {pattern}.", pattern=rules.pattern[:_SHOWN])
    return Phrase("{words}", words=rules.pattern_words) if rules.pattern_words else form


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_Judge = Callable[[Field, str, Filling], Phrase | None]
_FAULTS: Final[Mapping[Kind, _Judge]] = {
    Kind.DROPDOWN: _of_choices,
    Kind.BOOLEAN: _of_truth,
    Kind.NUMBER: _of_number,
}
