"""Paths, filters and calls, and functions as values, compiled. DMN 1.5, 10.3.2.5, .12 and .13."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

from engine.expressions import tree
from engine.expressions.budget import Run
from engine.expressions.compilation import Compiled, Names, compiled, compiles, refusing
from engine.expressions.errors import Refusal
from engine.expressions.lattice import ANY, FunctionType
from engine.expressions.properties import MISSING, property_of
from engine.expressions.types import converted
from engine.expressions.values import Function, Value, described, is_whole

#: Built-ins whose values follow from their arguments alone and never change.
_MOMENTS = frozenset({"date", "time", "date and time", "duration"})

_Step: TypeAlias = Callable[[Run, Names, Value], Value]


@compiles(tree.Chain)
def _chain(node: tree.Chain) -> Compiled:
    if isinstance(node.base, tree.BuiltIn) and node.base.name == "is defined":
        return _is_defined(node)
    base = compiled(node.base)
    steps = [_step(step) for step in node.steps]

    def evaluate(run: Run, names: Names) -> Value:
        value = base(run, names)
        for step in steps:
            try:
                value = step(run, names, value)
            except Refusal as refusal:
                run.warn(f"{refusal}.")
                value = None
        return value

    return _constant(evaluate) if _is_moment(node) else evaluate


def _is_moment(node: tree.Chain) -> bool:
    """Return whether the node is a moment or a span as one writes it: `date("2030-01-31")`."""
    if not isinstance(node.base, tree.BuiltIn) or node.base.name not in _MOMENTS:
        return False
    call = node.steps[0]
    if len(node.steps) > 1 or not isinstance(call, tree.Invoke):
        return False
    given = (*call.positional, *(argument for _, argument in call.named))
    return all(isinstance(argument, tree.Literal) for argument in given)


def _constant(evaluate: Compiled) -> Compiled:
    """Return what gives the value without making it again; one that warns must do so every time."""
    run = Run()
    value = evaluate(run, {})
    return evaluate if run.warnings else lambda _run, _names: value


def _step(step: tree.Step) -> _Step:
    if isinstance(step, tree.Get):
        return _get(step.name)
    return _where(step) if isinstance(step, tree.Where) else _invoke(step)


def _get(name: str) -> _Step:
    def step(run: Run, _names: Names, value: Value) -> Value:
        if isinstance(value, list):
            return run.items([_property(run, item, name) for item in value])
        return _property(run, value, name)

    return step


def _property(run: Run, value: Value, name: str) -> Value:
    found = property_of(value, name)
    if found is MISSING:
        run.warn(f"{described(value)} has no `{name}`.")
        return None
    return found  # type: ignore[return-value]  # MISSING is the only foreign object


def _where(node: tree.Where) -> _Step:
    condition, cost = compiled(node.condition), tree.weight(node.condition)

    def step(run: Run, names: Names, value: Value) -> Value:
        if value is None:
            return None
        items: list[Value] = value if isinstance(value, list) else [value]
        kept: list[Value] = []
        for item in items or [None]:
            inner = _item_names(names, item)
            run.spend(cost + len(inner) // 10)
            verdict = condition(run, inner)
            if isinstance(verdict, Decimal):
                return _pick(items, verdict)
            if verdict is True and items:
                kept.append(item)
        return run.items(kept)

    return step


def _item_names(names: Names, item: Value) -> Names:
    if isinstance(item, dict):
        return {**names, "item": item, **item}
    return {**names, "item": item}


def _pick(items: list[Value], index: Decimal) -> Value:
    """Return the item at an index that counts from 1, or from the end when it is negative."""
    if not is_whole(index) or not 1 <= index.copy_abs() <= len(items):
        raise Refusal(f"the list of {len(items)} has no item {index:f}")
    return items[int(index) - 1 if index > 0 else int(index)]


def _invoke(node: tree.Invoke) -> _Step:
    arguments = [compiled(argument) for argument in node.positional]
    named = [(name, compiled(argument)) for name, argument in node.named]

    def step(run: Run, names: Names, value: Value) -> Value:
        given = {name: argument(run, names) for name, argument in named}
        values = [argument(run, names) for argument in arguments]
        if not isinstance(value, Function):
            raise Refusal(f"{described(value)} cannot be called")
        try:
            return value.call_named(run, given) if named else value.call(run, values)
        except Refusal as refusal:
            raise Refusal(f"{value.shown}: {refusal}") from None

    return step


@compiles(tree.FunctionOf)
def _function(node: tree.FunctionOf) -> Compiled:
    if node.external:
        return refusing(_external)
    body, cost, levels = compiled(node.body), tree.weight(node), 4 + 2 * tree.height(node)
    parameters = tuple(name for name, _ in node.parameters)
    wanted = FunctionType(tuple(of for _, of in node.parameters), ANY)

    def evaluate(_run: Run, names: Names) -> Value:
        def call(run: Run, arguments: Sequence[Value]) -> Value:
            values = [
                converted(value, of, run)
                for value, of in zip(arguments, wanted.parameters, strict=True)
            ]
            inner = {**names, **dict(zip(parameters, values, strict=True))}
            run.spend(cost + len(inner) // 10)
            run.enter(levels)
            try:
                return body(run, inner)
            finally:
                run.calls -= levels

        return Function(parameters, call, type=wanted)

    return evaluate


def _external(_run: Run, _names: Names) -> Value:
    raise Refusal("external functions are not run")


def _is_defined(node: tree.Chain) -> Compiled:
    """Compile the one function that asks whether a name is there, not what it holds."""
    call = node.steps[0]
    if not isinstance(call, tree.Invoke):
        return refusing(_asks_for_one)
    asked = (*call.positional, *(value for _, value in call.named))
    misnamed = call.named and call.named[0][0] != "value"
    if len(asked) != 1 or len(node.steps) != 1 or misnamed:
        return refusing(_asks_for_one)
    return _defined(asked[0])


def _asks_for_one(_run: Run, _names: Names) -> Value:
    raise Refusal("`is defined` needs one argument")


def _defined(node: tree.Node) -> Compiled:
    if isinstance(node, tree.Name):
        return lambda _run, names: node.name in names
    last = node.steps[-1] if isinstance(node, tree.Chain) else None
    if not isinstance(node, tree.Chain) or not isinstance(last, tree.Get):
        value = compiled(node)
        return lambda run, names: value(run, names) is not None
    base, key = compiled(tree.Chain(node.base, node.steps[:-1])), last.name

    def evaluate(run: Run, names: Names) -> Value:
        told = run.warnings.copy()
        found = property_of(base(run, names), key)
        run.warnings[:] = told  # what is not there is the question here, and no fault
        return found is not MISSING

    return evaluate
