"""The value of FEEL that reads no names, known before anything is asked."""

from __future__ import annotations

from typing import Final

from engine.expressions import FeelBudgetExceeded, Run, Value, tree
from engine.expressions.compilation import compiled
from engine.expressions.errors import Refusal
from engine.expressions.names import names_read

_MAX_STEPS: Final = 500


def constant(node: tree.Node) -> Value:
    """Return the value of an expression that is written out, such as `5`, `[1..3]` or a date.

    Raises:
        Refusal: when it reads a name or `?`, has no value, or would take more than a moment.
    """
    if names_read(node):
        raise Refusal("it reads names")
    run = Run(limit=_MAX_STEPS + 2 * tree.weight(node))
    try:
        value = compiled(node)(run, {})
    except FeelBudgetExceeded:
        raise Refusal("it takes too long") from None
    if run.warnings:
        raise Refusal(run.warnings[0])
    return value
