"""Reading a step template: hostile until shown otherwise, refused in words, never half taken.

Which members there are, and what each may be, is the open schema's. What people will read is held
to the rules for names; a pattern must be one that is matched in linear time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from common.errors import Invalid
from common.names import UnsafeName, clean_name
from common.phrases import Phrase
from designer.steps import bindings, patterns
from designer.steps.elements import (
    Binding,
    Choice,
    Condition,
    Constraints,
    Field,
    Group,
    Kind,
    Requirement,
    Template,
    Value,
)
from engine.problems import listed

MAX_BYTES: Final = 512 * 1024
MOST_TEMPLATES: Final = 50
_MOST_FIELDS: Final = 200
_MOST_CHOICES: Final = 200
_LONGEST_NAME: Final = 120
_LONGEST_ID: Final = 200
_LONGEST_WORDS: Final = 2_000
_LONGEST_VALUE: Final = 256 * 1024
_LARGEST_VERSION: Final = 2**31 - 1
_MOST_PROBLEMS: Final = 20
_FEEL: Final = frozenset({"", "optional", "required", "static"})
_STEPS: Final = frozenset(
    f"bpmn:{name}"
    for name in (
        *("Task", "ServiceTask", "SendTask", "ReceiveTask", "UserTask", "ManualTask"),
        *("ScriptTask", "BusinessRuleTask", "CallActivity", "SubProcess", "AdHocSubProcess"),
        *("StartEvent", "IntermediateCatchEvent", "IntermediateThrowEvent", "BoundaryEvent"),
        "EndEvent",
    )
)
_TRIGGERS: Final = frozenset(
    f"bpmn:{name}EventDefinition" for name in ("Message", "Signal", "Timer")
)

Json: TypeAlias = Mapping[str, Any]


class TemplateUnreadable(Invalid):
    """A file is no step template that can be used here; `problems` say why, each with its place."""

    code = "designer.template_unreadable"
    title = "This step template cannot be taken: {first}"


def read_file(data: bytes) -> list[Template]:
    """Return the templates of a file: one object, or a list of them, as they are published.

    Raises:
        TemplateUnreadable: it holds anything else, or one of them is wrong.
    """
    if len(data) > MAX_BYTES:
        raise _refused([Phrase("The file is larger than {limit} kB.", limit=MAX_BYTES // 1024)])
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _refused([Phrase("The file is no JSON in UTF-8.")]) from None
    if not _can_be_kept(found):
        raise _refused([Phrase("The file holds characters or numbers that nothing can keep.")])
    many = found if isinstance(found, list) else [found]
    if not 1 <= len(many) <= MOST_TEMPLATES:
        most = Phrase("The file holds no template, or more than {most}.", most=MOST_TEMPLATES)
        raise _refused([most])
    return [read(each) for each in many]


def read(value: object) -> Template:
    """Return the template that a JSON value describes.

    Raises:
        TemplateUnreadable: it is none, or asks for something that would not be obeyed here.
    """
    if not isinstance(value, Mapping):
        raise _refused([Phrase("A template is a JSON object.")])
    reading = _Reading(Phrase("The template"))
    template = reading.template(value)
    if reading.wrong:
        raise _refused(reading.wrong)
    return template


def _can_be_kept(value: object) -> bool:
    """Tell whether a value holds no NUL, no half of a character and no infinite number."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\\u0000" not in text


def _refused(wrong: list[Phrase]) -> TemplateUnreadable:
    told = [{"message": one} for one in wrong[:_MOST_PROBLEMS]]
    return TemplateUnreadable(problems=told, first=wrong[0])


def _no_constant(name: str) -> None:
    raise ValueError(name)


class _Reading:
    """One template while it is read: what is wrong so far, and where the reader stands."""

    def __init__(self, place: Phrase) -> None:
        self.place = place
        self.wrong: list[Phrase] = []

    def say(self, text: str, **fields: Any) -> None:
        """Note what is wrong at this place."""
        self.wrong.append(Phrase("{place}: {text}", place=self.place, text=Phrase(text, **fields)))

    def template(self, value: Json) -> Template:
        """Return the template, as far as it can be read."""
        version = value.get("version", 1)
        if type(version) is not int or not 0 <= version <= _LARGEST_VERSION:
            self.say("its version is no whole number.")
            version = 0
        element, event = self._element(value)
        read = Template(
            id=self._id(value.get("id")),
            name=self._people_read(value.get("name"), "name"),
            version=version,
            element=element,
            event=event,
            applies_to=self._applies_to(value.get("appliesTo"), element),
            description=self._words(value, "description"),
            category=self._words(self._object(value, "category"), "name"),
            keywords=tuple(str(each)[:_LONGEST_NAME] for each in self._list(value, "keywords", 50)),
            documentation=self._address(value.get("documentationRef")),
            groups=tuple(self._groups(value)),
            fields=tuple(self._fields(value)),
            content=dict(value),
        )
        self._judge(read)
        return read

    def _judge(self, template: Template) -> None:
        """Look at the fields together: each place once, each condition about a field there is."""
        self.place = Phrase("The template")
        seen: set[tuple[Binding, Condition]] = set()
        ids = {field.id for field in template.fields if field.id}
        for each in template.fields:
            if (each.binding, each.condition) in seen:
                self.say("two fields write the same: {binding}.", binding=each.binding)
            seen.add((each.binding, each.condition))
            for test in (*each.condition, *(t for one in each.choices for t in one.condition)):
                if test.field not in ids or test.field == each.id:
                    field = test.field[:60]
                    self.say("a condition names {field}, which is no other field.", field=field)
        groups = {group.id for group in template.groups}
        if template.groups and any(
            one.group and one.group not in groups for one in template.fields
        ):
            self.say("a field stands in a group that the template does not have.")

    def _element(self, value: Json) -> tuple[str, str]:
        given = self._object(value, "elementType")
        applies = self._list(value, "appliesTo", len(_STEPS))
        element = given.get("value") or (applies[0] if applies else "")
        event = given.get("eventDefinition") or ""
        if element not in _STEPS:
            shown = str(element)[:60]
            self.say("it is for {element}, which is no step that runs here.", element=shown)
            return "", ""
        if event and (event not in _TRIGGERS or not element.endswith("Event")):
            self.say("its event cannot be triggered by {event} here.", event=str(event)[:60])
            return element, ""
        return element, str(event)

    def _applies_to(self, given: object, element: str) -> tuple[str, ...]:
        if not isinstance(given, list) or not given:
            self.say("it does not say what it applies to: appliesTo is a list of elements.")
            return ()
        return tuple(dict.fromkeys([*(each for each in given if each in _STEPS), element]))

    def _groups(self, value: Json) -> Iterator[Group]:
        for each in self._list(value, "groups", _MOST_FIELDS):
            if isinstance(each, Mapping) and isinstance(each.get("id"), str):
                yield Group(each["id"][:_LONGEST_ID], self._people_read(each.get("label"), "label"))
            else:
                self.say("a group has no id.")

    def _fields(self, value: Json) -> Iterator[Field]:
        given = value.get("properties")
        if not isinstance(given, list):
            self.say("it has no list of properties.")
            return
        if len(given) > _MOST_FIELDS:
            self.say("it has more than {most} properties.", most=_MOST_FIELDS)
            return
        for number, each in enumerate(given, 1):
            self.place = Phrase("Property {number}", number=number)
            if not isinstance(each, Mapping):
                self.say("it is no object.")
                continue
            label = each.get("label") or each.get("id")
            if isinstance(label, str):
                shown = label[:60]
                self.place = Phrase("Property {number}, “{label}”", number=number, label=shown)
            yield self._field(each)

    def _field(self, value: Json) -> Field:
        binding = self._binding(value.get("binding"))
        kind = self._kind(value.get("type", "String"), binding)
        feel = value.get("feel") or ""
        if feel not in _FEEL:
            self.say("its feel is none of optional, required and static.")
            feel = ""
        optional = value.get("optional") is True
        if optional and binding.kind not in bindings.MANY:
            self.say("only inputs, outputs, headers and properties can be optional.")
        made = value.get("generatedValue")
        return Field(
            kind=kind,
            binding=binding,
            id=str(value.get("id") or "")[:_LONGEST_ID],
            label=self._people_read(value["label"], "label") if value.get("label") else "",
            description=self._words(value, "description"),
            value=self._value(value.get("value"), kind),
            group=str(value.get("group") or "")[:_LONGEST_ID],
            choices=tuple(self._choices(value)) if kind is Kind.DROPDOWN else (),
            optional=optional,
            editable=value.get("editable") is not False,
            feel=str(feel),
            constraints=self._constraints(self._object(value, "constraints")),
            condition=self._condition(value.get("condition")),
            generated=isinstance(made, Mapping) and made.get("type") == "uuid",
        )

    def _binding(self, value: object) -> Binding:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping) or not isinstance(kind, str):
            self.say("it has no binding, so nobody knows where its value goes.")
            return Binding("")
        if kind in bindings.NOT_HERE:
            self.say("its binding {kind} is of Camunda 8 and not obeyed here.", kind=kind)
            return Binding(kind)
        if kind not in bindings.KEYS:
            known = listed(sorted(bindings.KEYS))
            shown = kind[:60]
            self.say("its binding {kind} is none that is known: {known}.", kind=shown, known=known)
            return Binding(kind)
        return Binding(kind, self._place_of(value, kind))

    def _place_of(self, value: Json, kind: str) -> str:
        member = bindings.KEYS[kind]
        if not member:
            return ""
        name = value.get(member)
        if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_VALUE:
            self.say("its binding {kind} needs {member}.", kind=kind, member=member)
            return ""
        known = bindings.NAMES.get(kind)
        if known is not None and name not in known:
            shown = name[:60]
            self.say("{kind} has no {name}; a template can write {known}.", kind=kind, name=shown,
                     known=listed(sorted(known)))  # fmt: skip
        return name

    def _kind(self, given: object, binding: Binding) -> Kind:
        try:
            kind = Kind(str(given))
        except ValueError:
            shown, known = str(given)[:40], listed([each.value for each in Kind])
            self.say("its type {type} is none of {known}.", type=shown, known=known)
            return Kind.STRING
        if binding.kind == "zeebe:userTask" and kind is not Kind.HIDDEN:
            self.say("zeebe:userTask is a mark and takes the type Hidden.")
        return kind

    def _value(self, given: object, kind: Kind) -> Value:
        if given is None or isinstance(given, bool | int | float):
            return given
        if not isinstance(given, str) or len(given) > _LONGEST_VALUE:
            self.say("its value is no text, number or yes and no, or is too long.")
            return None
        if kind is Kind.HIDDEN and given.startswith("${"):
            self.say("its value is an expression of Camunda 7. Expressions here begin with =.")
        return given

    def _choices(self, value: Json) -> Iterator[Choice]:
        given = self._list(value, "choices", _MOST_CHOICES)
        if not given:
            self.say("it is a Dropdown without choices.")
        for each in given:
            if isinstance(each, Mapping) and isinstance(each.get("name"), str):
                condition = self._condition(each.get("condition"))
                yield Choice(each["name"][:_LONGEST_NAME], str(each.get("value", "")), condition)
            else:
                self.say("one of its choices has no name.")

    def _constraints(self, value: Json) -> Constraints:
        pattern, words = self._ruled(value.get("pattern"))
        if pattern and not patterns.is_pattern(str(pattern)):
            self.say("its pattern is no regular expression that is matched in linear time.")
            pattern = ""
        not_empty, _words = self._ruled(value.get("notEmpty"))
        least, most = (self._ruled(value.get(name))[0] for name in ("minLength", "maxLength"))
        return Constraints(
            not_empty=not_empty is True,
            min_length=self._length(least) or 0,
            max_length=self._length(most),
            pattern=str(pattern or ""),
            pattern_words=words,
        )

    @staticmethod
    def _ruled(given: object) -> tuple[object, str]:
        """Return a rule's value and the template's own words for it: it may stand alone."""
        if isinstance(given, Mapping):
            return given.get("value"), str(given.get("message") or "")[:_LONGEST_WORDS]
        return given, ""

    def _length(self, given: object) -> int | None:
        if given is None:
            return None
        if type(given) is not int or not 0 <= given <= _LONGEST_VALUE:
            self.say("a length is no whole number.")
            return None
        return given

    def _condition(self, given: object) -> Condition:
        if given is None:
            return ()
        if not isinstance(given, Mapping):
            self.say("its condition is no object.")
            return ()
        every = given.get("allMatch")
        tests = every if isinstance(every, list) else [given]
        return tuple(found for each in tests[:_MOST_FIELDS] if (found := self._requirement(each)))

    def _requirement(self, given: object) -> Requirement | None:
        if not isinstance(given, Mapping) or not isinstance(given.get("property"), str):
            self.say("its condition names no property.")
            return None
        name = given["property"][:_LONGEST_ID]
        if isinstance(given.get("isActive"), bool):
            return Requirement(name, is_active=given["isActive"])
        if isinstance(given.get("oneOf"), list):
            return Requirement(name, tuple(map(_plain, given["oneOf"][:_MOST_CHOICES])))
        if "equals" in given:
            return Requirement(name, (_plain(given["equals"]),))
        self.say("its condition compares with nothing: equals, oneOf or isActive.")
        return None

    # What is the same wherever it stands

    def _id(self, given: object) -> str:
        if not isinstance(given, str) or not 1 <= len(given) <= _LONGEST_ID:
            self.say("it has no id of at most {most} characters.", most=_LONGEST_ID)
            return ""
        if not given.isprintable() or any(sign in given for sign in '/\\"<>#?%'):
            self.say("its id holds characters that no id has.")
        return given

    def _people_read(self, given: object, member: str) -> str:
        if not isinstance(given, str):
            self.say("it has no {member}.", member=Phrase(member))
            return ""
        try:
            return clean_name(given, longest=_LONGEST_NAME)
        except UnsafeName as refusal:
            reason = str(refusal.context["reason"])
            self.say(
                "its {member} cannot be taken: {reason}.", member=Phrase(member), reason=reason
            )
            return ""

    def _words(self, value: Json, member: str) -> str:
        given = value.get(member)
        if given is None:
            return ""
        if not isinstance(given, str) or len(given) > _LONGEST_WORDS:
            self.say("its {member} is no text of at most {most} characters.",
                     member=Phrase(member), most=_LONGEST_WORDS)  # fmt: skip
            return ""
        return given

    def _address(self, given: object) -> str:
        if given is None:
            return ""
        if not isinstance(given, str) or not given.startswith(("https://", "http://")):
            self.say("its documentationRef is no address of the web.")
            return ""
        return given[:_LONGEST_WORDS]

    def _list(self, value: Json, member: str, most: int) -> list[Any]:
        given = value.get(member)
        if given is None:
            return []
        if not isinstance(given, list) or len(given) > most:
            self.say("its {member} are no list of at most {most}.", member=member, most=most)
            return []
        return given

    @staticmethod
    def _object(value: Json, member: str) -> Json:
        given = value.get(member)
        return given if isinstance(given, Mapping) else {}


def _plain(value: object) -> Value:
    return value if value is None or isinstance(value, bool | int | float | str) else None
