"""The form-js schema of a form, read strictly: JSON to parts, and every flaw on the way.

https://github.com/bpmn-io/form-js, schema version 16 and those before it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeGuard

import re2

from common.phrases import Phrase
from engine.expressions import FeelSyntaxError
from engine.forms.errors import FormUnreadable
from engine.forms.fields import (
    MAX_OPTIONS,
    OFFERING,
    SUBTYPES,
    TYPES,
    ZONES,
    Field,
    Option,
    is_writable,
)
from engine.forms.flaws import Flaw, Place
from engine.forms.formulas import Formula, Prose
from engine.forms.parts import AnyPart, Column, Computed, Divider, Group, Rows, Table, Words
from engine.forms.placing import COLUMNS, Path

MAX_TEXT: Final = 256 * 1024
MAX_PARTS: Final = 200
MAX_PATTERN: Final = 1_000
MAX_DEPTH: Final = 6
MAX_ROWS: Final = 100
_OURS: Final = frozenset({"button"})
"""Components that every page of ours has in its own way."""
_NOT_DRAWN: Final = frozenset({"html", "iframe", "image", "documentPreview"})
"""Components without a value that nobody here is shown: markup and pictures from elsewhere."""
_EMAIL: Final = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_PHONE: Final = r"(?:\+|00)[1-9][0-9 ]{5,20}"

Json = Mapping[str, Any]


class _Refusal(Exception):
    """A component cannot be read; the reader notes why and goes on to the next."""

    def __init__(self, sentence: str, **fields: Any) -> None:
        self.sentence = Phrase(sentence, **fields)
        super().__init__(self.sentence)


def loaded(text: str) -> dict[str, Any]:
    """Return the JSON object of a form with a list of components.

    Raises:
        FormUnreadable: it is none.
    """
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
    if not isinstance(schema.get("components"), list):
        raise FormUnreadable("The form has no list of components.")
    return schema


def read(schema: Json) -> tuple[tuple[AnyPart, ...], tuple[Flaw, ...]]:
    """Return the parts of a loaded form, in the order they are shown, and what is wrong with it."""
    reader = _Reader()
    parts = reader.parts(schema["components"], ())
    if reader.count > MAX_PARTS:
        reader.note((), "The form has more than {most} components.", most=MAX_PARTS)
    reader.judge_paths()
    return parts, tuple(reader.flaws)


class _Reader:
    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self.count = 0
        self._claimed: list[tuple[Place, Path]] = []

    def note(self, place: Place, sentence: str, **fields: Any) -> None:
        """Note an error at a place."""
        self.flaws.append(Flaw(place, Phrase(sentence, **fields)))

    def parts(self, components: list[Any], above: Place, prefix: Path = ()) -> tuple[AnyPart, ...]:
        """Return the parts of a list of components."""
        found = []
        for index, component in enumerate(components[:MAX_PARTS]):
            self.count += 1
            place = (*above, index)
            try:
                part = self._part(component, place, prefix)
            except _Refusal as refusal:
                self.flaws.append(Flaw(place, refusal.sentence))
            else:
                if part is not None:
                    found.append(part)
        return tuple(found)

    def judge_paths(self) -> None:
        """Note whose values would lie where another's do."""
        count = Counter(path for _, path in self._claimed)
        taken = set(count)
        for place, path in self._claimed:
            if count[path] > 1:
                self.note(place, "Two fields have the key `{key}`.", key=".".join(path)[:80])
            above = next((path[:n] for n in range(1, len(path)) if path[:n] in taken), None)
            if above is not None:
                words = "The key `{key}` lies inside the value of the field `{other}`."
                self.note(place, words, key=".".join(path)[:80], other=".".join(above)[:80])

    def _part(self, component: Any, place: Place, prefix: Path) -> AnyPart | None:
        if not isinstance(component, dict):
            raise _Refusal("A component of the form is no JSON object.")
        kind = component.get("type")
        kind = kind if isinstance(kind, str) else str(kind)
        if kind in _OURS:
            return None
        if kind in _NOT_DRAWN:
            words = "The component `{kind}` is kept in the file and shown to nobody."
            self.flaws.append(Flaw(place, Phrase(words, kind=kind), "warning"))
            return None
        if kind in TYPES:
            return self._field(component, kind, place, prefix)
        reader = self._readers().get(kind)
        if reader is None:
            raise _Refusal("The component type `{kind}` is not offered.", kind=kind[:40])
        return reader(component, place, prefix)

    def _readers(self) -> Mapping[str, Callable[[Json, Place, Path], AnyPart]]:
        return {
            "text": _words,
            "separator": _divider,
            "spacer": _divider,
            "group": self._group,
            "dynamiclist": self._rows,
            "table": _table,
            "expression": self._computed,
        }

    def _field(self, component: Json, kind: str, place: Place, prefix: Path) -> Field:
        path = _path(component, "key")
        if not path:
            raise _Refusal("A {kind} has no key.", kind=kind)
        self._claimed.append((place, (*prefix, *path)))
        return _field(component, kind, path)

    def _computed(self, component: Json, place: Place, prefix: Path) -> Computed:
        path = _path(component, "key")
        formula = _formula(component, "expression")
        if not path or formula is None:
            raise _Refusal("What is computed needs a key and an expression.")
        self._claimed.append((place, (*prefix, *path)))
        return Computed(path=path, formula=formula, **_standing(component))

    def _group(self, component: Json, place: Place, prefix: Path) -> Group:
        path = _path(component, "path")
        return Group(
            label=_prose(component, "label"),
            path=path,
            parts=self._inside(component, place, (*prefix, *path)),
            **_standing(component),
        )

    def _rows(self, component: Json, place: Place, prefix: Path) -> Rows:
        path = _path(component, "path")
        if not path:
            raise _Refusal("A list has no path: its rows would lie nowhere.")
        self._claimed.append((place, (*prefix, *path)))
        first = _count(component, "defaultRepetitions", path[-1], MAX_ROWS)
        return Rows(
            label=_prose(component, "label"),
            path=path,
            # What is in a row lies in the row: its keys are apart from all others.
            parts=self._inside(component, place, (f"[{'.'.join((*prefix, *path))}]",)),
            first=1 if first is None else first,
            may_change=component.get("allowAddRemove") is True,
            **_standing(component),
        )

    def _inside(self, component: Json, place: Place, prefix: Path) -> tuple[AnyPart, ...]:
        components = component.get("components", [])
        if not isinstance(components, list):
            raise _Refusal("A group or list has no list of components.")
        if len(place) >= MAX_DEPTH:
            raise _Refusal("Groups and lists are nested more than {most} deep.", most=MAX_DEPTH)
        return self.parts(components, place, prefix)


def _words(component: Json, _place: Place, _prefix: Path) -> Words:
    return Words(prose=_prose(component, "text"), **_standing(component))


def _divider(component: Json, _place: Place, _prefix: Path) -> Divider:
    return Divider(
        kind="spacer" if component["type"] == "spacer" else "separator", **_standing(component)
    )


def _table(component: Json, _place: Place, _prefix: Path) -> Table:
    source = _formula(component, "dataSource")
    if source is None:
        raise _Refusal("A table does not say which rows it shows.")
    columns: tuple[Column, ...] | Formula | None = _formula(component, "columnsExpression")
    if columns is None:
        listed = component.get("columns")
        listed = listed if isinstance(listed, list) else []
        columns = tuple(
            Column(_text(one, "label") or _text(one, "key"), _text(one, "key"))
            for one in listed[:MAX_OPTIONS]
            if isinstance(one, dict) and _text(one, "key")
        )
    if columns == ():
        raise _Refusal("A table has no columns.")
    return Table(
        label=_prose(component, "label"), source=source, columns=columns, **_standing(component)
    )


def _field(component: Json, kind: str, path: Path) -> Field:
    key = path[-1]
    rules = component.get("validate")
    rules = rules if isinstance(rules, dict) else {}
    look = component.get("appearance")
    look = look if isinstance(look, dict) else {}
    pattern, words = _pattern(rules, key)
    options, choices = _options(component, key) if kind in OFFERING else ((), None)
    return Field(
        type=kind,
        path=path,
        caption=_prose(component, "dateLabel" if _dated(component) else "label"),
        note=_prose(component, "description"),
        required=rules.get("required") is True,
        readonly=component.get("disabled") is True or _switch(component, "readonly"),
        min_length=_length(rules, "minLength", key),
        max_length=_length(rules, "maxLength", key),
        least=_number(rules, "min", key),
        most=_number(rules, "max", key),
        pattern=pattern,
        pattern_words=words,
        options=options,
        choices=choices,
        default=_default(component),
        before=_text(look, "prefixAdorner"),
        after=_text(look, "suffixAdorner"),
        **_of_numbers(component, key, kind),
        **_of_moments(component, key, kind),
        **_standing(component),
    )


def _dated(component: Json) -> bool:
    return not _text(component, "label") and bool(_text(component, "dateLabel"))


def _of_numbers(component: Json, key: str, kind: str) -> dict[str, Any]:
    if kind != "number":
        return {}
    step = _plain_number(component, "increment", key)
    return {
        "digits": _count(component, "decimalDigits", key, 34),
        "step": step or None,
        "as_written": component.get("serializeToString") is True,
    }


def _of_moments(component: Json, key: str, kind: str) -> dict[str, Any]:
    if kind != "datetime":
        return {}
    subtype, zone = component.get("subtype", "date"), component.get("timeSerializingFormat")
    if subtype not in SUBTYPES:
        raise _Refusal("The field `{key}` asks for neither a day nor a time.", key=key[:80])
    interval = _count(component, "timeInterval", key, 24 * 60)
    return {
        "subtype": subtype,
        "zone": zone if zone in ZONES else "utc_offset",
        "minutes": interval or 15,
        "not_past": component.get("disallowPassedDates") is True,
    }


def _standing(component: Json) -> dict[str, Any]:
    """Return when a component is hidden, and where it stands."""
    condition, layout = component.get("conditional"), component.get("layout")
    layout = layout if isinstance(layout, dict) else {}
    width = layout.get("columns")
    fits = isinstance(width, Decimal) and 0 < width <= COLUMNS
    return {
        "hide": _formula(condition, "hide") if isinstance(condition, dict) else None,
        "row": _text(layout, "row"),
        "width": int(width) if isinstance(width, Decimal) and fits else 0,
    }


def _text(component: Json, name: str) -> str:
    text = component.get(name, "")
    return text.strip() if isinstance(text, str) else ""


def _path(component: Json, name: str) -> Path:
    path = tuple(_text(component, name).split(".")) if _text(component, name) else ()
    if any(not each.strip() for each in path):
        raise _Refusal("The key `{key}` has an empty part.", key=".".join(path)[:80])
    return path


def _prose(component: Json, name: str) -> Prose:
    text = _text(component, name)
    if re.search(r"\{\{\s*[#/]", text):
        raise _Refusal(
            "The {name} has a loop or a condition in braces, which is not offered.", name=name
        )
    try:
        return Prose.read(text)
    except FeelSyntaxError as error:
        raise _unreadable(name, error) from None


def _formula(component: Json, name: str) -> Formula | None:
    text = _text(component, name)
    if not text:
        return None
    try:
        return Formula.read(text)
    except FeelSyntaxError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: FeelSyntaxError) -> _Refusal:
    return _Refusal(
        "The expression in `{name}` cannot be read: {reason}", name=name, reason=error.sentence
    )


def _switch(component: Json, name: str) -> bool | Formula:
    if _text(component, name).startswith("="):
        return _formula(component, name) or False
    return component.get(name) is True


def _number(rules: Json, name: str, key: str) -> Decimal | Formula | None:
    if _text(rules, name).startswith("="):
        return _formula(rules, name)
    return _plain_number(rules, name, key)


def _plain_number(rules: Json, name: str, key: str) -> Decimal | None:
    value = rules.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", value):
        return Decimal(value)
    if isinstance(value, Decimal) and is_writable(value):
        return value
    raise _Refusal(
        "The field `{key}` has a `{rule}` that is no usable number.", key=key[:80], rule=name
    )


def _length(rules: Json, name: str, key: str) -> int | Formula | None:
    if _text(rules, name).startswith("="):
        return _formula(rules, name)
    return _count(rules, name, key, MAX_TEXT)


def _count(rules: Json, name: str, key: str, most: int) -> int | None:
    value = _plain_number(rules, name, key)
    if value is not None and (not 0 <= value <= most or value != int(value)):
        raise _Refusal(
            "The field `{key}` has a `{rule}` that is no whole number up to {most}.",
            key=key[:80],
            rule=name,
            most=most,
        )
    return None if value is None else int(value)


def _pattern(rules: Json, key: str) -> tuple[Any, str]:
    """Return the compiled pattern of a text, and what is said where it does not fit."""
    kind = rules.get("validationType")
    if kind == "email":
        return re2.compile(_EMAIL), "{field} must be an e-mail address."
    if kind == "phone":
        return re2.compile(_PHONE), "{field} must be a phone number such as +4930664040900."
    pattern = rules.get("pattern")
    if not pattern:
        return None, ""
    options = re2.Options()
    options.log_errors = False
    if isinstance(pattern, str) and len(pattern) <= MAX_PATTERN:
        try:
            # What people wrote is filled into nothing: its braces are braces.
            words = _text(rules, "patternErrorMessage").replace("{", "{{").replace("}", "}}")
            return re2.compile(pattern, options=options), words
        except re2.error:
            pass
    raise _Refusal("The field `{key}` has a pattern that cannot be read.", key=key[:80])


def _options(component: Json, key: str) -> tuple[tuple[Option, ...], Formula | None]:
    if computed := _formula(component, "valuesExpression"):
        return (), computed
    if _text(component, "valuesKey"):
        return (), _formula(component, "valuesKey")
    listed = component.get("values")
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_OPTIONS:
        raise _Refusal(
            "The field `{key}` has no choices, or more than {most}.", key=key[:80], most=MAX_OPTIONS
        )
    return tuple(_listed_options(listed, key)), None


def _listed_options(listed: list[Any], key: str) -> Iterator[Option]:
    for option in listed:
        value = option.get("value") if isinstance(option, dict) else option
        if not _is_scalar(value):
            raise _Refusal("A choice of `{key}` has no value.", key=key[:80])
        label = _text(option, "label") if isinstance(option, dict) else ""
        yield Option(value, label or str(value))


def _default(component: Json) -> Any:
    value = component.get("defaultValue")
    if isinstance(value, list):
        return [one for one in value[:MAX_OPTIONS] if _is_scalar(one)]
    return value if _is_scalar(value) else None


def _is_scalar(value: object) -> TypeGuard[str | Decimal | bool]:
    return isinstance(value, str | bool) or (isinstance(value, Decimal) and is_writable(value))
