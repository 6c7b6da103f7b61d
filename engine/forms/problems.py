"""The words for what is wrong with the form files of a model, in one table.

docs/problems.md explains each code at more length.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.problems import Problem, Text, filled

TEXTS: Final[Mapping[str, Text]] = {
    "form_file_unreadable": Text(
        "The form {it} cannot be shown{where}: {sentence}", "Mend the form in its builder."
    ),
    "form_id_missing": Text(
        "The form {it} has no id, so no step can ask for it.", "Give the form an id in its builder."
    ),
    "form_id_twice": Text(
        "The form {it} has the id “{id}”, which {other} has as well.",
        "Give each form an id of its own.",
    ),
    "form_part_not_shown": Text(
        "The form {it} has a part that nobody sees{where}: {sentence}",
        "Say it with a text, or leave the part out.",
        "warning",
    ),
}


def problem(code: str, file: str, **fields: Any) -> Problem:
    """Return the problem of a form file."""
    return filled(TEXTS, code, None, file, **fields)
