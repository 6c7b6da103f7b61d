"""Form: the form-js schema of a step, read strictly, and the values somebody sent for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeGuard

import re2

from common.phrases import Phrase
from engine.expressions import Value
from engine.forms.errors import FormUnreadable
from engine.forms.fields import TYPES, Field, Option, Wrong

MAX_TEXT: Final = 256 * 1024
MAX_FIELDS: Final = 200
MAX_OPTIONS: Final = 500
MAX_PATTERN: Final = 1_000
_MOST_DIGITS: Final = 35
_SHOWN_ONLY: Final = frozenset({"button", "html", "image", "separator", "spacer"})
"""Components without a value and without words: the page draws the form its own way."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in the order they are shown."""

    fields: tuple[Field, ...]

    @classmethod
    def parse(cls, text: str) -> Form:
        """Return the form of a form-js JSON text.

        Raises:
            FormUnreadable: when it is none, or has parts that are not offered.
        """
        components = _loaded(text).get("components")
        if not isinstance(components, list):
            raise FormUnreadable("The form has no list of components.")
        if len(components) > MAX_FIELDS:
            raise FormUnreadable("The form has more than {most} components.", most=MAX_FIELDS)
        fields = tuple(_fields(components))
        keys = [field.key for field in fields if field.type != "text"]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise FormUnreadable("Two fields have the key `{key}`.", key=twice[:80])
        return cls(fields)

    def validate(self, values: Mapping[str, object]) -> tuple[dict[str, Value], dict[str, str]]:
        """Return the values as variables, and a sentence for each key that does not fit.

        A key the form does not have, or only shows, is refused: nobody sets a variable that way.
        A field left empty gives null, so that an earlier value does not stay behind unseen.
        """
        cleaned: dict[str, Value] = {}
        taking = {field.key: field for field in self.fields if field.takes_value}
        errors: dict[str, str] = {
            key: Phrase("The form has no such field.") for key in values if key not in taking
        }
        for key, field in taking.items():
            try:
                value = field.clean(values.get(key))
            except Wrong as wrong:
                errors[key] = wrong.sentence
            else:
                cleaned[key] = False if value is None and field.type == "checkbox" else value
        return cleaned, errors


def _loaded(text: str) -> dict[str, Any]:
    if len(text) > MAX_TEXT:
        raise FormUnreadable("The form has more than {most} characters.", most=MAX_TEXT)
    try:
        schema = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, ArithmeticError) as error:
        raise FormUnreadable("The form is no JSON: {reason}.", reason=str(error)) from None
    except RecursionError:
        raise FormUnreadable("The form is nested too deep.") from None
    if not isinstance(schema, dict):
        raise FormUnreadable("The form is no JSON object.")
    return schema


def _fields(components: list[Any]) -> Iterator[Field]:
    for component in components:
        if not isinstance(component, dict):
            raise FormUnreadable("A component of the form is no JSON object.")
        kind = str(component.get("type"))
        if kind in _SHOWN_ONLY:
            continue
        if kind not in TYPES:
            raise FormUnreadable("The component type `{kind}` is not offered.", kind=kind[:40])
        yield _field(component, kind)


def _field(component: Mapping[str, Any], kind: str) -> Field:
    key = _text(component, "key")
    if kind == "text":
        return Field(kind, key, _text(component, "text"))
    if not key:
        raise FormUnreadable("A {kind} has no key.", kind=kind)
    for part in ("conditional", "valuesKey", "valuesExpression"):
        if component.get(part):
            raise FormUnreadable(
                "The field `{key}` uses `{part}`, which is not offered.", key=key[:80], part=part
            )
    if kind == "datetime" and component.get("subtype", "date") != "date":
        raise FormUnreadable(
            "The field `{key}` asks for a time; only dates are offered.", key=key[:80]
        )
    rules = component.get("validate")
    rules = rules if isinstance(rules, dict) else {}
    return Field(
        type=kind,
        key=key,
        label=_text(component, "label"),
        description=_text(component, "description"),
        required=rules.get("required") is True,
        readonly=component.get("readonly") is True or component.get("disabled") is True,
        min_length=_count(rules, "minLength", key),
        max_length=_count(rules, "maxLength", key),
        least=_number(rules, "min", key),
        most=_number(rules, "max", key),
        pattern=_pattern(rules, key),
        options=_options(component, key) if kind in {"select", "radio"} else (),
        default=_default(component),
    )


def _text(component: Mapping[str, Any], name: str) -> str:
    text = component.get(name, "")
    return text.strip() if isinstance(text, str) else ""


def _number(rules: Mapping[str, Any], name: str, key: str) -> Decimal | None:
    value = rules.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, Decimal) and _is_writable(value):
        return value
    raise FormUnreadable(
        "The field `{key}` has a `{rule}` that is no usable number.", key=key[:80], rule=name
    )


def _is_writable(value: Decimal) -> bool:
    """Tell a number one can show from one that would be millions of digits long."""
    return value.is_finite() and -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS


def _count(rules: Mapping[str, Any], name: str, key: str) -> int | None:
    value = _number(rules, name, key)
    if value is not None and (not 0 <= value <= MAX_TEXT or value != int(value)):
        raise FormUnreadable(
            "The field `{key}` has a `{rule}` that is no length.", key=key[:80], rule=name
        )
    return None if value is None else int(value)


def _pattern(rules: Mapping[str, Any], key: str) -> Any:
    pattern = rules.get("pattern")
    if not pattern:
        return None
    options = re2.Options()
    options.log_errors = False
    if isinstance(pattern, str) and len(pattern) <= MAX_PATTERN:
        try:
            return re2.compile(pattern, options=options)
        except re2.error:
            pass
    raise FormUnreadable("The field `{key}` has a pattern that cannot be read.", key=key[:80])


def _options(component: Mapping[str, Any], key: str) -> tuple[Option, ...]:
    listed = component.get("values")
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_OPTIONS:
        raise FormUnreadable(
            "The field `{key}` has no choices, or more than {most}.", key=key[:80], most=MAX_OPTIONS
        )
    options = []
    for option in listed:
        value = option.get("value") if isinstance(option, dict) else None
        if not _is_scalar(value):
            raise FormUnreadable("A choice of `{key}` has no value.", key=key[:80])
        options.append(Option(value, _text(option, "label") or str(value)))
    return tuple(options)


def _default(component: Mapping[str, Any]) -> Value:
    value = component.get("defaultValue")
    return value if _is_scalar(value) else None


def _is_scalar(value: object) -> TypeGuard[str | Decimal | bool]:
    return isinstance(value, str | bool) or (isinstance(value, Decimal) and _is_writable(value))
