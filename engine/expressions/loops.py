"""`for`, `some` and `every`, compiled. DMN 1.5, 10.3.2.14."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from engine.expressions import operators, tree
from engine.expressions.budget import MAX_ITEMS, Run
from engine.expressions.compilation import Compiled, Names, compiled, compiles, refusing
from engine.expressions.errors import Refusal
from engine.expressions.moments import Date, date_at
from engine.expressions.names import names_read
from engine.expressions.values import CONTEXT, Range, Value, described, is_whole

_Source: TypeAlias = tuple[str, Compiled, Compiled | None]


@compiles(tree.For)
def _for(node: tree.For) -> Compiled:
    sources, body, cost = _sources(node.iterators), compiled(node.body), tree.weight(node)
    reads_partial = "partial" in names_read(node.body)

    def evaluate(run: Run, names: Names) -> Value:
        results: list[Value] = []
        for turn in _turns(run, names, sources, cost):
            if reads_partial:
                turn["partial"] = run.items(results.copy())
            results.append(body(run, turn))
        return run.items(results)

    return refusing(evaluate, "in `for`: ")


@compiles(tree.Quantified)
def _quantified(node: tree.Quantified) -> Compiled:
    sources, condition = _sources(node.iterators), compiled(node.condition)
    deciding, cost = not node.every, tree.weight(node)

    def evaluate(run: Run, names: Names) -> Value:
        undecided = False
        for turn in _turns(run, names, sources, cost):
            value = condition(run, turn)
            if value is deciding:
                return deciding
            undecided = undecided or not isinstance(value, bool)
        return None if undecided else not deciding

    return refusing(evaluate, "in `every`: " if node.every else "in `some`: ")


def _sources(iterators: tuple[tree.Iterator, ...]) -> list[_Source]:
    return [
        (one.name, compiled(one.source), compiled(one.until) if one.until else None)
        for one in iterators
    ]


def _turns(run: Run, names: Names, sources: list[_Source], cost: int) -> Iterator[Names]:
    """Yield the names for every combination; the rightmost iterator turns fastest.

    An explicit stack instead of recursion: the number of iterators is the model's to choose.
    """
    stack = [(names, _items(run, names, sources[0]))]
    while stack:
        outer, items = stack[-1]
        try:
            item = next(items)
        except StopIteration:
            stack.pop()
            continue
        run.spend(cost + len(outer) // 10)
        inner = outer.copy()
        inner[sources[len(stack) - 1][0]] = item
        if len(stack) == len(sources):
            yield inner
        else:
            stack.append((inner, _items(run, inner, sources[len(stack)])))


def _items(run: Run, names: Names, source: _Source) -> Iterator[Value]:
    _, start, until = source
    value = start(run, names)
    if until is not None:
        return _counted(value, until(run, names))
    if isinstance(value, Range):
        return _inside(run, value)
    if value is None:
        raise Refusal("there is nothing to go through: the list is null")
    return iter(value if isinstance(value, list) else [value])


def _inside(run: Run, span: Range) -> Iterator[Value]:
    """Yield what can be counted in a range: whole numbers and dates, without an excluded end."""
    for item in _counted(span.low, span.high):
        run.spend()  # A range that goes backwards holds nothing, however far apart its ends are.
        if operators.within(run, item, span):
            yield item


def _counted(start: Value, end: Value) -> Iterator[Value]:
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        if not (is_whole(start) and is_whole(end)):
            raise Refusal("only whole numbers can be counted through")
        return _numbers(start, end)
    if isinstance(start, Date) and isinstance(end, Date):
        step = 1 if start <= end else -1
        return (date_at(day) for day in range(start.number, end.number + step, step))
    raise Refusal(f"one cannot count from {described(start)} to {described(end)}")


def _numbers(start: Decimal, end: Decimal) -> Iterator[Value]:
    step = Decimal(1 if start <= end else -1)
    for _ in range(MAX_ITEMS + 1):
        yield start
        if start == end:
            return
        start = CONTEXT.add(start, step)
