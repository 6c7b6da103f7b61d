"""What people send with a form, as variables: only its fields, each as the form asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from common.phrases import Phrase
from engine.errors import FormIncomplete
from engine.forms import Form, Moment
from engine.semantics import variables

Known: TypeAlias = Callable[[Iterable[str]], Mapping[str, Any]]
"""Gives the variables of these names that a run has."""


def read(
    form: str | None, values: Mapping[str, Any], known: Known, moment: Moment
) -> dict[str, Any]:
    """Return the values of a form as variables. Without a form nothing can be sent.

    Raises:
        FormIncomplete: fields are missing, wrong, or not of the form; each is named.
        FeelBudgetExceeded, ValueUnusable: what the form computes cannot be.
    """
    if form is None:
        wrong: dict[str, str] = dict.fromkeys(
            values, Phrase("There is no form here that has such a field.")
        )
        cleaned: Mapping[str, Any] = {}
    else:
        parsed = Form.parse(form)
        cleaned, wrong = parsed.validate(values, known(parsed.reads), moment)
    if wrong:
        problems = [{"field": name, "message": message} for name, message in wrong.items()]
        raise FormIncomplete(problems=problems)
    return {name: variables.plain(value, name) for name, value in cleaned.items()}
