"""FEEL, the expression language of models: parsed, compiled to closures, run under a budget.

Pure: no framework, no clock, no I/O. An expression comes from a model file and is not trusted: it
reaches the variables it is given and the built-in functions, and nothing of Python.

DMN 1.5, chapter 10. Left out so far: unary tests apart from `in`, user-defined functions, sorting,
and names that contain operators.
"""

from __future__ import annotations

from engine.expressions.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.expressions.expression import Evaluation, Expression, parse
from engine.expressions.values import Range, Value, YearsMonths

__all__ = [
    "Evaluation",
    "Expression",
    "FeelBudgetExceeded",
    "FeelSyntaxError",
    "Range",
    "Value",
    "YearsMonths",
    "parse",
]
