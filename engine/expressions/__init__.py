"""FEEL, the expression language of models: parsed, compiled to closures, run under a budget.

Pure: no framework, no clock, no I/O. An expression comes from a model file and is not trusted: it
reaches the variables it is given and the built-in functions, and nothing of Python. DMN 1.5,
chapter 10; docs/feel.md says where tools differ and what we chose.
"""

from __future__ import annotations

# Each of these registers how its nodes are compiled.
from engine.expressions import evaluator, loops, paths  # noqa: F401
from engine.expressions.budget import Run
from engine.expressions.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.expressions.expression import (
    Evaluation,
    Expression,
    UnaryTests,
    parse,
    parse_unary_tests,
)
from engine.expressions.moments import Date, DateTime, DaysTime, Time, YearsMonths
from engine.expressions.values import Function, Range, Value, admit

__all__ = [
    "Date",
    "DateTime",
    "DaysTime",
    "Evaluation",
    "Expression",
    "FeelBudgetExceeded",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Run",
    "Time",
    "UnaryTests",
    "Value",
    "YearsMonths",
    "admit",
    "parse",
    "parse_unary_tests",
]
