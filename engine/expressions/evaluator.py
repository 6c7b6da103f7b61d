"""The evaluator: an expression tree, compiled once to closures, run over variables.

DMN 1.5, 10.3.2. Whatever has no meaning is null and leaves a warning; only the budget raises.
A path reaches the keys of contexts and the properties listed here, never a Python attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias, TypeVar

from engine.expressions import operators, tree
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.functions import FUNCTIONS
from engine.expressions.properties import MISSING, property_of
from engine.expressions.values import (
    CONTEXT,
    MAX_ITEMS,
    Range,
    Value,
    admit,
    described,
    is_whole,
    kind_of,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The names that can be read at one place of an expression, inner ones first."""

    run: Run
    names: Mapping[str, Value]
    outer: Frame | None = None

    def within(self, names: Mapping[str, Value]) -> Frame:
        """Return a frame with more names inside this one."""
        return Frame(self.run, names, self)

    def holder(self, name: str) -> Mapping[str, Value] | None:
        """Return the innermost names that hold this one."""
        frame: Frame | None = self
        while frame is not None and name not in frame.names:
            frame = frame.outer
        return None if frame is None else frame.names


Compiled: TypeAlias = Callable[[Frame], Value]
_Node = TypeVar("_Node", bound=tree.Node)


def compiled(node: tree.Node) -> Compiled:
    """Return the tree as one function of a frame."""
    return _COMPILERS[type(node)](node)


def _refusing(operation: Compiled, within: str = "") -> Compiled:
    """Turn a refusal of the operation into null and a warning."""

    def evaluate(frame: Frame) -> Value:
        try:
            return operation(frame)
        except Refusal as refusal:
            frame.run.warn(f"{within}{refusal}.")
        except OverflowError:
            # The first and the last day of the calendar, seen from another zone.
            frame.run.warn(f"{within}the result lies outside the calendar.")
        return None

    return evaluate


def _literal(node: tree.Literal) -> Compiled:
    value = node.value
    return lambda _: value


def _name(node: tree.Name) -> Compiled:
    name = node.name

    def evaluate(frame: Frame) -> Value:
        frame.run.spend()
        names = frame.holder(name)
        if names is None:
            frame.run.warn(f"there is no variable `{name}`.")
            return None
        return names[name]

    return evaluate


def _list(node: tree.ListOf) -> Compiled:
    items = [compiled(item) for item in node.items]
    return lambda frame: frame.run.items([item(frame) for item in items])


def _context(node: tree.ContextOf) -> Compiled:
    entries = [(key, compiled(value)) for key, value in node.entries]

    def evaluate(frame: Frame) -> Value:
        made: dict[str, Value] = {}
        frame.run.reserve(len(entries))
        inner = frame.within(made)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return evaluate


def _range(node: tree.RangeOf) -> Compiled:
    low, high = compiled(node.low), compiled(node.high)

    def evaluate(frame: Frame) -> Value:
        ends = low(frame), high(frame)
        kinds = {kind_of(end) for end in ends if end is not None}
        if len(kinds) != 1 or not kinds <= operators.ORDERED:
            raise Refusal(f"a range cannot run from {described(ends[0])} to {described(ends[1])}")
        return Range(*ends, node.low_included, node.high_included)

    return _refusing(evaluate)


def _arithmetic(node: tree.Arithmetic) -> Compiled:
    first = compiled(node.first)
    rest = [(operator, compiled(operand)) for operator, operand in node.rest]

    def evaluate(frame: Frame) -> Value:
        value = first(frame)
        for operator, operand in rest:
            value = operators.calculate(frame.run, operator, value, operand(frame))
        return value

    return _refusing(evaluate)


def _negation(node: tree.Negation) -> Compiled:
    operand = compiled(node.operand)
    return _refusing(lambda frame: operators.negate(operand(frame)))


def _logic(node: tree.Logic) -> Compiled:
    """Compile three-valued logic: one deciding operand is enough, null is undecided."""
    operands = [compiled(operand) for operand in node.operands]
    deciding, operator = node.operator == "or", node.operator

    def evaluate(frame: Frame) -> Value:
        undecided = False
        for operand in operands:
            value = operand(frame)
            if value is deciding:
                return deciding
            if not isinstance(value, bool):
                undecided = True
                if value is not None:
                    frame.run.warn(f"`{operator}` has no meaning for {described(value)}.")
        return None if undecided else not deciding

    return evaluate


def _comparison(node: tree.Comparison) -> Compiled:
    operator, left, right = node.operator, compiled(node.left), compiled(node.right)
    return _refusing(
        lambda frame: operators.compare(frame.run, operator, left(frame), right(frame))
    )


def _between(node: tree.Between) -> Compiled:
    operand, low, high = compiled(node.operand), compiled(node.low), compiled(node.high)

    def evaluate(frame: Frame) -> Value:
        value, least, most = operand(frame), low(frame), high(frame)
        return not operators.less(value, least) and not operators.less(most, value)

    return _refusing(evaluate)


def _in(node: tree.In) -> Compiled:
    operand = compiled(node.operand)
    tests = [(test.operator, compiled(test.operand)) for test in node.tests]

    def evaluate(frame: Frame) -> Value:
        value = operand(frame)
        return any(_holds(frame.run, value, sign, test(frame)) for sign, test in tests)

    return _refusing(evaluate)


def _holds(run: Run, value: Value, operator: str, test: Value) -> bool:
    """Return whether a value passes one test; a list passes when one of its items does."""
    if operator != "in":
        return bool(operators.compare(run, operator, value, test))
    if isinstance(test, Range) and not isinstance(value, Range):
        return operators.within(run, value, test)
    if isinstance(test, list) and not operators.same(run, value, test):
        return any(
            operators.within(run, value, item)
            if isinstance(item, Range) and not isinstance(value, Range)
            else operators.same(run, value, item)
            for item in test
        )
    return operators.same(run, value, test)


def _instance_of(node: tree.InstanceOf) -> Compiled:
    operand, name = compiled(node.operand), node.type
    return lambda frame: _is_instance(frame.run, operand(frame), name)


def _is_instance(run: Run, value: Value, name: tree.TypeName) -> bool:
    run.spend()
    if name.name in {"Any", "Null"}:
        return (value is None) == (name.name == "Null")
    if kind_of(value) != name.name:
        return False
    inner = name.inner
    if inner is None:
        return True
    if isinstance(value, Range):
        return all(_is_instance(run, end, inner) for end in (value.low, value.high))
    return isinstance(value, list) and all(_is_instance(run, item, inner) for item in value)


def _if(node: tree.If) -> Compiled:
    condition, then, otherwise = map(compiled, (node.condition, node.then, node.otherwise))

    def evaluate(frame: Frame) -> Value:
        frame.run.spend()
        value = condition(frame)
        if not isinstance(value, bool | None):
            frame.run.warn(f"`if` needs true or false, and got {described(value)}.")
        return then(frame) if value is True else otherwise(frame)

    return evaluate


_Source: TypeAlias = tuple[str, Compiled, Compiled | None]


def _sources(iterators: tuple[tree.Iterator, ...]) -> list[_Source]:
    return [
        (one.name, compiled(one.source), compiled(one.until) if one.until else None)
        for one in iterators
    ]


def _turns(frame: Frame, sources: list[_Source]) -> Iterator[Frame]:
    """Yield a frame for every combination; the rightmost iterator turns fastest.

    An explicit stack instead of recursion: the number of iterators is the model's to choose.
    """
    stack = [(frame, _items(frame, sources[0]))]
    while stack:
        outer, items = stack[-1]
        try:
            item = next(items)
        except StopIteration:
            stack.pop()
            continue
        frame.run.spend()
        inner = outer.within({sources[len(stack) - 1][0]: item})
        if len(stack) == len(sources):
            yield inner
        else:
            stack.append((inner, _items(inner, sources[len(stack)])))


def _items(frame: Frame, source: _Source) -> Iterator[Value]:
    _, start, until = source
    value = start(frame)
    if until is not None:
        return _counted(value, until(frame))
    if isinstance(value, Range):
        # An end that is excluded is stepped over; only whole numbers and dates can be counted.
        return (item for item in _counted(value.low, value.high) if _inside(frame, item, value))
    if value is None:
        raise Refusal("there is nothing to go through: the list is null")
    return iter(value if isinstance(value, list) else [value])


def _inside(frame: Frame, item: Value, span: Range) -> bool:
    return operators.within(frame.run, item, span)


def _counted(start: Value, end: Value) -> Iterator[Value]:
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        if not (is_whole(start) and is_whole(end)):
            raise Refusal("only whole numbers can be counted through")
        return _numbers(start, end)
    if kind_of(start) == kind_of(end) == "date" and isinstance(start, date):
        assert isinstance(end, date)  # noqa: S101  # the kind says so; this tells the type checker
        return _dates(start, end)
    raise Refusal(f"one cannot count from {described(start)} to {described(end)}")


def _numbers(start: Decimal, end: Decimal) -> Iterator[Value]:
    step = Decimal(1 if start <= end else -1)
    for _ in range(MAX_ITEMS + 1):
        yield start
        if start == end:
            return
        start = CONTEXT.add(start, step)


def _dates(start: date, end: date) -> Iterator[Value]:
    step = timedelta(days=1 if start <= end else -1)
    yield start
    while start != end:
        start += step
        yield start


def _for(node: tree.For) -> Compiled:
    sources, body = _sources(node.iterators), compiled(node.body)

    def evaluate(frame: Frame) -> Value:
        return frame.run.items([body(turn) for turn in _turns(frame, sources)])

    return _refusing(evaluate, "in `for`: ")


def _quantified(node: tree.Quantified) -> Compiled:
    sources, condition = _sources(node.iterators), compiled(node.condition)
    deciding = not node.every

    def evaluate(frame: Frame) -> Value:
        undecided = False
        for turn in _turns(frame, sources):
            value = condition(turn)
            if value is deciding:
                return deciding
            undecided = undecided or not isinstance(value, bool)
        return None if undecided else not deciding

    return _refusing(evaluate, "in `every`: " if node.every else "in `some`: ")


def _chain(node: tree.Chain) -> Compiled:
    base = compiled(node.base)
    steps = [_get(step) if isinstance(step, str) else _where(step) for step in node.steps]

    def evaluate(frame: Frame) -> Value:
        value = base(frame)
        for step in steps:
            value = step(frame, value)
        return value

    return _refusing(evaluate)


_Step: TypeAlias = Callable[[Frame, Value], Value]


def _get(name: str) -> _Step:
    def step(frame: Frame, value: Value) -> Value:
        frame.run.spend()
        if isinstance(value, list):
            return frame.run.items([_property(frame.run, item, name) for item in value])
        return _property(frame.run, value, name)

    return step


def _property(run: Run, value: Value, name: str) -> Value:
    found = property_of(value, name)
    if found is MISSING:
        run.warn(f"{described(value)} has no `{name}`.")
        return None
    return found  # type: ignore[return-value]  # MISSING is the only foreign object


def _where(node: tree.Node) -> _Step:
    condition = compiled(node)

    def step(frame: Frame, value: Value) -> Value:
        items: list[Value] = value if isinstance(value, list) else [value]
        kept: list[Value] = []
        for item in items or [None]:
            frame.run.spend()
            verdict = condition(_item_frame(frame, item))
            if isinstance(verdict, Decimal):
                return _pick(items, verdict)
            if verdict is True and items:
                kept.append(item)
        return frame.run.items(kept)

    return step


def _item_frame(frame: Frame, item: Value) -> Frame:
    inner = frame.within({"item": item})
    return inner.within(item) if isinstance(item, dict) else inner


def _pick(items: list[Value], index: Decimal) -> Value:
    """Return the item at an index that counts from 1, or from the end when it is negative."""
    if not is_whole(index) or not 1 <= index.copy_abs() <= len(items):
        raise Refusal(f"the list of {len(items)} has no item {index:f}")
    return items[int(index) - 1 if index > 0 else int(index)]


def _call(node: tree.Call) -> Compiled:
    if node.function == "is defined":
        return _is_defined((*node.positional, *(value for _, value in node.named))[0])
    function = FUNCTIONS[node.function]
    arguments = [compiled(argument) for argument in node.positional]
    named = [(name, compiled(argument)) for name, argument in node.named]

    def evaluate(frame: Frame) -> Value:
        frame.run.spend()
        given = {name: argument(frame) for name, argument in named}
        return function.call(
            frame.run, function.ordered(given) if named else [one(frame) for one in arguments]
        )

    return _refusing(evaluate, f"`{node.function}`: ")


def _is_defined(node: tree.Node) -> Compiled:
    """Compile the one function that asks whether a name is there, not what it holds."""
    if isinstance(node, tree.Name):
        return lambda frame: frame.holder(node.name) is not None
    last = node.steps[-1] if isinstance(node, tree.Chain) else None
    if not isinstance(node, tree.Chain) or not isinstance(last, str):
        value = compiled(node)
        return lambda frame: value(frame) is not None
    base = compiled(tree.Chain(node.base, node.steps[:-1]))

    def evaluate(frame: Frame) -> Value:
        silent = Frame(Run([], frame.run.steps, frame.run.allocated), frame.names, frame.outer)
        found = property_of(base(silent), last)
        frame.run.steps, frame.run.allocated = silent.run.steps, silent.run.allocated
        return found is not MISSING

    return evaluate


def bound(run: Run, variables: Mapping[str, object], names: frozenset[str]) -> Frame:
    """Return the outermost frame: of the variables, those the expression reads, admitted."""
    read = {name: admit(variables[name]) for name in names if name in variables}
    return Frame(run, read)


# The key is the type of the argument; a mapping cannot say so.
_COMPILERS: Mapping[type, Callable[..., Compiled]] = {
    tree.Literal: _literal,
    tree.Name: _name,
    tree.ListOf: _list,
    tree.ContextOf: _context,
    tree.RangeOf: _range,
    tree.Arithmetic: _arithmetic,
    tree.Negation: _negation,
    tree.Logic: _logic,
    tree.Comparison: _comparison,
    tree.Between: _between,
    tree.In: _in,
    tree.InstanceOf: _instance_of,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.Chain: _chain,
    tree.Call: _call,
}
