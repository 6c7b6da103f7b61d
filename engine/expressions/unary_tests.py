"""Unary tests, compiled. DMN 1.5, 10.3.2.8 and the rules 7 to 17 of 10.3.1.2."""

from __future__ import annotations

from engine.expressions import operators, tree
from engine.expressions.budget import Run
from engine.expressions.compilation import Compiled, Names, compiled, compiles, refusing
from engine.expressions.names import names_read
from engine.expressions.values import Value

INPUT = "?"
"""The name of the value that the tests are about."""


@compiles(tree.UnaryTests)
def _unary_tests(node: tree.UnaryTests) -> Compiled:
    """Compile tests of the input `?`: one that holds is enough, and none at all always holds."""
    if not node.tests:
        return lambda _run, _names: True
    tests = [_test(test) for test in node.tests]
    negated = node.negated

    def evaluate(run: Run, names: Names) -> Value:
        undecided = False
        for test in tests:
            verdict = test(run, names)
            if verdict is True:
                return not negated
            undecided = undecided or verdict is None
        return None if undecided else negated

    return evaluate


def _test(test: tree.Test) -> Compiled:
    operand, sign = compiled(test.operand), test.operator
    if sign == "in" and INPUT in names_read(test.operand):
        return operand

    def evaluate(run: Run, names: Names) -> Value:
        against = operand(run, names)
        if against is True and sign == "in" and not isinstance(names[INPUT], bool):
            return True  # a condition about other variables that holds
        return operators.holds(run, names[INPUT], sign, against)

    return refusing(evaluate)
