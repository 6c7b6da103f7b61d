"""The evaluator: literals, names, operators and branches, each compiled once to a closure.

DMN 1.5, 10.3.2. Whatever has no meaning is null and leaves a warning; only the budget raises.
"""

from __future__ import annotations

from decimal import Decimal

from engine.expressions import operators, tree
from engine.expressions.budget import Run
from engine.expressions.compilation import Compiled, Names, compiled, compiles, refusing
from engine.expressions.errors import Refusal
from engine.expressions.functions import FUNCTIONS
from engine.expressions.temporal import parse_temporal
from engine.expressions.types import is_instance
from engine.expressions.values import Range, Value, described, kind_of


@compiles(tree.Literal)
def _literal(node: tree.Literal) -> Compiled:
    value = node.value
    return lambda _run, _names: value


@compiles(tree.Temporal)
def _temporal(node: tree.Temporal) -> Compiled:
    try:
        value = parse_temporal(node.text)
    except Refusal as refusal:
        message = f"{refusal}."

        def evaluate(run: Run, _names: Names) -> Value:
            run.warn(message)
            return None

        return evaluate
    return lambda _run, _names: value


@compiles(tree.Name)
def _name(node: tree.Name) -> Compiled:
    name, built_in = node.name, FUNCTIONS.get(node.name)

    def evaluate(run: Run, names: Names) -> Value:
        try:
            return names[name]
        except KeyError:
            if built_in is None:
                run.warn(f"there is no variable `{name}`.")
            return built_in

    return evaluate


@compiles(tree.BuiltIn)
def _built_in(node: tree.BuiltIn) -> Compiled:
    function = FUNCTIONS[node.name]
    return lambda _run, _names: function


@compiles(tree.ListOf)
def _list(node: tree.ListOf) -> Compiled:
    items = [compiled(item) for item in node.items]
    return lambda run, names: run.items([item(run, names) for item in items])


@compiles(tree.ContextOf)
def _context(node: tree.ContextOf) -> Compiled:
    entries = [(key, compiled(value)) for key, value in node.entries]

    def evaluate(run: Run, names: Names) -> Value:
        made: Names = {}
        run.reserve(len(entries) + len(names))
        inner = names.copy()
        for key, value in entries:
            # A function among the entries sees them all, itself as well: it may recur.
            made[key] = inner[key] = value(run, inner)
        return made

    return evaluate


@compiles(tree.RangeOf)
def _range(node: tree.RangeOf) -> Compiled:
    low, high = compiled(node.low), compiled(node.high)

    def evaluate(run: Run, names: Names) -> Value:
        ends = low(run, names), high(run, names)
        kinds = {kind_of(end) for end in ends if end is not None}
        if len(kinds) != 1 or not kinds <= operators.ORDERED:
            raise Refusal(f"a range cannot run from {described(ends[0])} to {described(ends[1])}")
        return Range(*ends, node.low_included, node.high_included)

    if not isinstance(node.low, tree.Literal) or not isinstance(node.high, tree.Literal):
        return refusing(evaluate)
    try:
        made = evaluate(Run(), {})
    except Refusal:
        return refusing(evaluate)
    return lambda _run, _names: made


@compiles(tree.UnaryRange)
def _unary_range(node: tree.UnaryRange) -> Compiled:
    operand, sign = compiled(node.operand), node.operator
    return refusing(lambda run, names: operators.unary_range(sign, operand(run, names)))


@compiles(tree.Arithmetic)
def _arithmetic(node: tree.Arithmetic) -> Compiled:
    first = compiled(node.first)
    rest = [
        (operators.NUMERIC[operator], operator, compiled(operand))
        for operator, operand in node.rest
    ]

    def evaluate(run: Run, names: Names) -> Value:
        value = first(run, names)
        try:
            for numeric, operator, operand in rest:
                other = operand(run, names)
                if type(value) is Decimal and type(other) is Decimal:
                    value = numeric(value, other)
                else:
                    value = operators.calculate(run, operator, value, other)
        except Refusal as refusal:
            run.warn(f"{refusal}.")
            return None
        return value

    return evaluate


@compiles(tree.Negation)
def _negation(node: tree.Negation) -> Compiled:
    operand = compiled(node.operand)
    return refusing(lambda run, names: operators.negate(operand(run, names)))


@compiles(tree.Logic)
def _logic(node: tree.Logic) -> Compiled:
    """Compile three-valued logic: one deciding operand is enough, null is undecided."""
    operands = [compiled(operand) for operand in node.operands]
    deciding, operator = node.operator == "or", node.operator

    def evaluate(run: Run, names: Names) -> Value:
        undecided = False
        for operand in operands:
            value = operand(run, names)
            if value is deciding:
                return deciding
            if value is not (not deciding):
                undecided = True
                if value is not None:
                    run.warn(f"`{operator}` has no meaning for {described(value)}.")
        return None if undecided else not deciding

    return evaluate


@compiles(tree.Comparison)
def _comparison(node: tree.Comparison) -> Compiled:
    if isinstance(node.left, tree.Name) and isinstance(node.right, tree.Literal):
        return _with_literal(node, node.left.name, node.right.value)
    return _of_two(node)


def _with_literal(node: tree.Comparison, name: str, literal: Value) -> Compiled:
    """Compile the commonest comparison, of a variable with a number, without a call for each."""
    general = _of_two(node)
    if not isinstance(literal, Decimal):
        return general
    numeric = operators.COMPARED[node.operator]

    def evaluate(run: Run, names: Names) -> Value:
        value = names.get(name)
        return numeric(value, literal) if type(value) is Decimal else general(run, names)

    return evaluate


def _of_two(node: tree.Comparison) -> Compiled:
    operator, left, right = node.operator, compiled(node.left), compiled(node.right)
    numeric = operators.COMPARED[operator]

    def evaluate(run: Run, names: Names) -> Value:
        one, other = left(run, names), right(run, names)
        if type(one) is Decimal and type(other) is Decimal:
            return numeric(one, other)
        try:
            return operators.compare(run, operator, one, other)
        except Refusal as refusal:
            run.warn(f"{refusal}.")
            return None

    return evaluate


@compiles(tree.Between)
def _between(node: tree.Between) -> Compiled:
    operand, low, high = compiled(node.operand), compiled(node.low), compiled(node.high)

    def evaluate(run: Run, names: Names) -> Value:
        value, least, most = operand(run, names), low(run, names), high(run, names)
        above, below = not operators.less(value, least), not operators.less(most, value)
        return above and below

    return refusing(evaluate)


@compiles(tree.In)
def _in(node: tree.In) -> Compiled:
    operand = compiled(node.operand)
    tests = [(test.operator, compiled(test.operand)) for test in node.tests]
    if len(tests) == 1:
        sign, only = tests[0]
        return refusing(
            lambda run, names: operators.holds(run, operand(run, names), sign, only(run, names))
        )

    def evaluate(run: Run, names: Names) -> Value:
        value = operand(run, names)
        return operators.any_holds(run, value, ((sign, test(run, names)) for sign, test in tests))

    return refusing(evaluate)


@compiles(tree.InstanceOf)
def _instance_of(node: tree.InstanceOf) -> Compiled:
    operand, wanted = compiled(node.operand), node.type
    return lambda run, names: is_instance(run, operand(run, names), wanted)


@compiles(tree.If)
def _if(node: tree.If) -> Compiled:
    condition, then, otherwise = map(compiled, (node.condition, node.then, node.otherwise))

    def evaluate(run: Run, names: Names) -> Value:
        value = condition(run, names)
        if value is True:
            return then(run, names)
        if value is not None and value is not False:
            run.warn(f"`if` needs true or false, and got {described(value)}.")
        return otherwise(run, names)

    return evaluate
