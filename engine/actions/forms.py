"""What people send with a form: only its fields, each as the form asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.phrases import Phrase
from engine.errors import FormIncomplete
from engine.forms.form import Form
from engine.semantics import variables


def read(form: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form as variables. Without a form nothing can be sent.

    Raises:
        FormIncomplete: fields are missing, wrong, or not of the form; each is named.
    """
    if form is None:
        wrong: dict[str, str] = dict.fromkeys(
            values, Phrase("There is no form here that has such a field.")
        )
        cleaned: Mapping[str, Any] = {}
    else:
        cleaned, wrong = Form.parse(form).validate(values)
    if wrong:
        problems = [{"field": name, "message": message} for name, message in wrong.items()]
        raise FormIncomplete(problems=problems)
    return {name: variables.plain(value, name) for name, value in cleaned.items()}
