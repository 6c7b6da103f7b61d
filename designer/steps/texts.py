"""The words for what is wrong with a step made from a template; docs/problems.md says more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.problems import Text

TEXTS: Final[Mapping[str, Text]] = {
    "template_changed": Text(
        "{it} differs from its step template {template}, which sets {place} to “{value}”.",
        "Apply the template again, or unlink the step from it.",
    ),
    "template_misplaced": Text(
        "{it} was made from the step template {template}, which is for another kind of step.",
        "Apply the template again, or unlink the step from it.",
    ),
    "template_retired": Text(
        "{it} uses the step template {template}, which was retired: {reason}",
        "Choose another step from the library, or unlink this one from its template.",
    ),
    "template_unknown": Text(
        "{it} was made from the step template {template}, which the catalogue does not have.",
        "Ask an admin to add it, or unlink the step from it: until then nobody checks its values.",
        "warning",
    ),
    "template_value_missing": Text(
        "{it} leaves “{field}” empty, which its step template {template} asks for.",
        "Fill in the field.",
    ),
    "template_value_unfit": Text(
        "{it} says “{value}” for “{field}”. {sentence}",
        "Correct the value; the step template {template} says what it may be.",
    ),
}
