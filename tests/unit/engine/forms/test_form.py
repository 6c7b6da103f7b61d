"""A form takes what its fields ask for, says what does not fit, and refuses anything else."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from engine.forms import Form, FormUnreadable


def form(*components: dict[str, Any]) -> Form:
    return Form.parse(json.dumps({"type": "default", "components": list(components)}))


def field(kind: str, key: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "label": "Reason", **more}


CHOICES = [{"label": "Low", "value": "low"}, {"label": "Seven", "value": 7}]


@pytest.mark.parametrize(
    ("component", "sent", "value"),
    [
        (field("textfield"), "because", "because"),
        (field("textarea"), "a\r\nb", "a\nb"),
        (field("textfield"), "  ", None),
        (field("number"), "3.50", Decimal("3.50")),
        (field("number"), 7, Decimal(7)),
        (field("number"), "", None),
        (field("checkbox"), "on", True),
        (field("checkbox"), False, False),
        (field("checkbox"), None, False),
        (field("select", values=CHOICES), "low", "low"),
        (field("radio", values=CHOICES), "7", Decimal(7)),
        (field("radio", values=CHOICES), 7, Decimal(7)),
        (field("datetime", subtype="date"), "2030-01-31", "2030-01-31"),
        (field("datetime", subtype="datetime"), "2030-01-31T08:30+01:00", "2030-01-31T08:30+01:00"),
        (
            field("datetime", subtype="datetime", timeSerializingFormat="utc_normalized"),
            "2030-01-31T08:30:00+01:00",
            "2030-01-31T07:30Z",
        ),
        (
            field("datetime", subtype="datetime", timeSerializingFormat="no_timezone"),
            "2030-01-31T08:30",
            "2030-01-31T08:30",
        ),
        (field("datetime", subtype="time"), "08:30+01:00", "08:30+01:00"),
        (
            field("datetime", subtype="time", timeSerializingFormat="utc_normalized"),
            "08:30+01:00",
            "07:30Z",
        ),
        (field("checklist", values=CHOICES), ["low", "7"], ["low", Decimal(7)]),
        (field("taglist", values=CHOICES), ["low", "low"], ["low"]),
        (field("checklist", values=CHOICES), None, None),
        (field("number", serializeToString=True), "3.50", "3.50"),
        (field("number", increment=0.5), "3.5", Decimal("3.5")),
        (field("textfield", validate={"validationType": "email"}), "a@b.org", "a@b.org"),
        (
            field("textfield", validate={"validationType": "phone"}),
            "+4930664040900",
            "+4930664040900",
        ),
        (field("textfield", validate={"minLength": "=1 + 1"}), "ab", "ab"),
    ],
)
def test_a_fitting_value_becomes_a_variable(
    component: dict[str, Any], sent: object, value: object
) -> None:
    assert form(component).validate({"x": sent}) == ({"x": value}, {})


@pytest.mark.parametrize(
    ("component", "sent", "sentence"),
    [
        (field("textfield", validate={"required": True}), " ", "Reason is needed."),
        (field("checkbox", validate={"required": True}), False, "Reason is needed."),
        (field("textfield", validate={"minLength": 5}), "abc", "needs at least 5 characters"),
        (field("textfield", validate={"maxLength": 2}), "abc", "may have 2 characters at most"),
        (field("textarea"), "x" * 100_001, "may have 100000 characters at most"),
        (field("textfield", validate={"pattern": "CHG-[0-9]+"}), "CHG-", "does not have the form"),
        (field("textfield"), 5, "must be text"),
        (field("textfield"), "a\x00b", "cannot be kept"),
        (field("number"), "many", "must be a number"),
        (field("number"), True, "must be a number"),
        (field("number"), "1e999999999", "must be a number"),
        (field("number"), float("nan"), "must be a number"),
        (field("number", validate={"min": 1}), 0, "must be at least 1"),
        (field("number", validate={"max": 9.5}), 10, "must be at most 9.5"),
        (field("select", values=CHOICES), "high", "must be one of: Low, Seven."),
        (field("select", values=CHOICES), ["low"], "must be one of"),
        (field("select", values=CHOICES), True, "must be one of"),
        (field("datetime"), "2030-02-30", "no such day"),
        (field("datetime"), "31.01.2030", "must be a date"),
        (field("checkbox"), "maybe", "must be ticked or not"),
        (field("datetime", subtype="datetime"), "2030-01-31T08:30", "must be a day and a time"),
        (field("datetime", subtype="time"), "25:00+01:00", "no such time"),
        (field("checklist", values=CHOICES), ["high"], "must be one of"),
        (field("checklist", values=CHOICES), "low", "must be a list"),
        (field("taglist", values=CHOICES, validate={"required": True}), [], "is needed"),
        (field("number", decimalDigits=0), "3.5", "must be a whole number"),
        (field("number", decimalDigits=1), "3.55", "may have 1 decimals"),
        (field("number", increment=5), "7", "must be a multiple of 5"),
        (field("textfield", validate={"validationType": "email"}), "a@b", "an e-mail address"),
        (field("textfield", validate={"validationType": "phone"}), "911", "a phone number"),
        (field("textfield", validate={"minLength": "=1 + 1"}), "a", "at least 2 characters"),
        (field("number", validate={"max": "=3 * 3"}), 10, "must be at most 9"),
        (
            field("textfield", validate={"pattern": "x", "patternErrorMessage": "Say {x}."}),
            "y",
            "Say {x}.",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_by_the_fields_name(
    component: dict[str, Any], sent: object, sentence: str
) -> None:
    cleaned, errors = form(component).validate({"x": sent})
    assert cleaned == {}
    assert sentence in errors["x"]


def test_a_field_nobody_asked_for_is_refused() -> None:
    shown = form(field("textfield", "a", readonly=True), {"type": "text", "text": "Hello"})
    _, errors = shown.validate({"a": "changed", "b": 1})
    assert set(errors) == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ("[" * 100_000, "nested too deep"),
        ("{}", "no list of components"),
        ('{"components": [1]}', "no JSON object"),
        ('{"components": [{"type": "filepicker", "key": "x"}]}', "`filepicker` is not offered"),
        ('{"components": [{"type": ["x"]}]}', "is not offered"),
        ('{"components": [{"type": "number"}]}', "has no key"),
        (json.dumps({"components": [field("number"), field("number")]}), "two fields"),
        (json.dumps({"components": [field("select")]}), "no choices"),
        (json.dumps({"components": [field("textfield", validate={"pattern": "("})]}), "pattern"),
        (json.dumps({"components": [field("number", validate={"min": "x"})]}), "no usable number"),
        ('{"components": [{"type": "number", "key": "x", "validate": {"min": 1e9999}}]}', "number"),
        ('{"components": [{"type": "radio", "key": "x", "values": [{"value": 1e9999}]}]}', "value"),
        (
            json.dumps({"components": [field("datetime", subtype="era")]}),
            "neither a day nor a time",
        ),
        (json.dumps({"components": [field("number", conditional={"hide": "=a +"})]}), "in `hide`"),
        (json.dumps({"components": [{"type": "text", "text": "{{#if a}}"}]}), "in braces"),
        (json.dumps({"components": [{"type": "dynamiclist"}]}), "no path"),
        (json.dumps({"components": [{"type": "table", "dataSource": "=a"}]}), "no columns"),
        (json.dumps({"components": [field("number", "a"), field("number", "a.b")]}), "lies inside"),
        (json.dumps({"components": [field("number", "a..b")]}), "empty part"),
    ],
    ids=range(21),
)
def test_a_form_that_cannot_be_shown_is_refused_with_the_reason(text: str, sentence: str) -> None:
    with pytest.raises(FormUnreadable) as raised:
        Form.parse(text)
    assert sentence.lower() in raised.value.sentence.lower()
