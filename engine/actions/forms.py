"""What people send with a form, as of now and where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.queries.forms import here_and_now
from engine.semantics import answers
from engine.semantics.answers import Known


def nothing_known(_names: Iterable[str]) -> Mapping[str, Any]:
    """Know no variable: the run only begins."""
    return {}


def read(
    form: str | None, values: Mapping[str, Any], known: Known = nothing_known
) -> dict[str, Any]:
    """Return the values of a form as variables; see `answers.read`.

    Raises:
        FormIncomplete: fields are missing, wrong, or not of the form; each is named.
        FeelBudgetExceeded, ValueUnusable: what the form computes cannot be.
    """
    return answers.read(form, values, known, here_and_now())
