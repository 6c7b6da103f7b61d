"""The printer: an expression tree as FEEL text, with brackets only where they are needed.

What it writes reads as the same tree again, given the same names in scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from engine.expressions import tree
from engine.expressions.lattice import ANY
from engine.expressions.parser import AND, COMPARISON, INSTANCE, OR, POWER, PRODUCT, SUM
from engine.expressions.tokens import is_word

_OPEN, _PRIMARY = 0, INSTANCE + 1
"""How strongly the weakest and the strongest nodes bind; open ones take in all that follows."""
_ARITHMETIC: Final = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}


def printed(node: tree.Node) -> str:
    """Return the text of a tree."""
    return _WRITERS[type(node)](node)


def _at(least: int, node: tree.Node) -> str:
    """Return the text of a node, in brackets where it binds less strongly than asked."""
    text = printed(node)
    return text if _binding(node) >= least else f"({text})"


def _binding(node: tree.Node) -> int:
    if isinstance(node, tree.If | tree.For | tree.Quantified | tree.FunctionOf):
        return _OPEN
    if isinstance(node, tree.Logic):
        return OR if node.operator == "or" else AND
    if isinstance(node, tree.Comparison | tree.Between | tree.In):
        return COMPARISON
    if isinstance(node, tree.Arithmetic):
        return _ARITHMETIC[node.rest[0][0]]
    return INSTANCE if isinstance(node, tree.InstanceOf) else _PRIMARY


def _listed(nodes: Iterable[tree.Node]) -> str:
    return ", ".join(map(printed, nodes))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _literal(node: tree.Literal) -> str:
    value = node.value
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, Decimal) else "null"


def _key(key: str) -> str:
    return key if is_word(key) else _quoted(key)


def _context(node: tree.ContextOf) -> str:
    return "{" + ", ".join(f"{_key(key)}: {printed(of)}" for key, of in node.entries) + "}"


def _range(node: tree.RangeOf) -> str:
    opening, closing = "[" if node.low_included else "(", "]" if node.high_included else ")"
    return f"{opening}{printed(node.low)}..{printed(node.high)}{closing}"


def _arithmetic(node: tree.Arithmetic) -> str:
    least = _binding(node) + 1
    rest = (f" {operator} {_at(least, operand)}" for operator, operand in node.rest)
    return _at(least, node.first) + "".join(rest)


def _logic(node: tree.Logic) -> str:
    return f" {node.operator} ".join(_at(_binding(node) + 1, one) for one in node.operands)


def _comparison(node: tree.Comparison) -> str:
    return f"{_at(SUM, node.left)} {node.operator} {_at(SUM, node.right)}"


def _between(node: tree.Between) -> str:
    return f"{_at(SUM, node.operand)} between {_at(SUM, node.low)} and {_at(SUM, node.high)}"


def _in(node: tree.In) -> str:
    return f"{_at(SUM, node.operand)} in ({', '.join(map(_test, node.tests))})"


def _test(test: tree.Test) -> str:
    sign = "" if test.operator == "in" else f"{test.operator} "
    return sign + _at(SUM, test.operand)


def _instance_of(node: tree.InstanceOf) -> str:
    return f"{_base(node.operand)} instance of {node.type}"


def _if(node: tree.If) -> str:
    parts = map(printed, (node.condition, node.then, node.otherwise))
    return "if {} then {} else {}".format(*parts)


def _iterators(iterators: Iterable[tree.Iterator]) -> str:
    return ", ".join(
        f"{one.name} in {printed(one.source)}"
        + ("" if one.until is None else f"..{printed(one.until)}")
        for one in iterators
    )


def _for(node: tree.For) -> str:
    return f"for {_iterators(node.iterators)} return {printed(node.body)}"


def _quantified(node: tree.Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterators(node.iterators)} satisfies {printed(node.condition)}"


def _function(node: tree.FunctionOf) -> str:
    parameters = (name if of == ANY else f"{name}: {of}" for name, of in node.parameters)
    external = "external " if node.external else ""
    return f"function({', '.join(parameters)}) {external}{printed(node.body)}"


def _chain(node: tree.Chain) -> str:
    # A chain as the base of another is the one written in brackets.
    base = f"({printed(node.base)})" if isinstance(node.base, tree.Chain) else _base(node.base)
    return base + "".join(map(_step, node.steps))


def _base(node: tree.Node) -> str:
    """Return what a path or `instance of` stands behind; both bind closer than a minus sign."""
    closed = _binding(node) == _PRIMARY and not isinstance(node, tree.Negation)
    return printed(node) if closed else f"({printed(node)})"


def _step(step: tree.Step) -> str:
    if isinstance(step, tree.Get):
        return f".{step.name}"
    if isinstance(step, tree.Where):
        return f"[{printed(step.condition)}]"
    named = (f"{name}: {printed(value)}" for name, value in step.named)
    return f"({_listed(step.positional) or ', '.join(named)})"


def _unary_tests(node: tree.UnaryTests) -> str:
    tests = ", ".join(map(_cell_test, node.tests))
    if node.negated:
        return f"not({tests})"
    return tests or "-"


def _cell_test(test: tree.Test) -> str:
    if test.operator != "in":
        return _test(test)
    text = printed(test.operand)
    return f"({text})" if text.startswith("not(") else text


# The key is the type of the argument; a mapping cannot say so.
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    tree.Literal: _literal,
    tree.Temporal: lambda node: f"@{_quoted(node.text)}",
    tree.Name: lambda node: node.name,
    tree.BuiltIn: lambda node: node.name,
    tree.ListOf: lambda node: f"[{_listed(node.items)}]",
    tree.ContextOf: _context,
    tree.RangeOf: _range,
    tree.UnaryRange: lambda node: f"({node.operator} {_at(SUM, node.operand)})",
    tree.Arithmetic: _arithmetic,
    tree.Negation: lambda node: f"-{_at(INSTANCE, node.operand)}",
    tree.Logic: _logic,
    tree.Comparison: _comparison,
    tree.Between: _between,
    tree.In: _in,
    tree.InstanceOf: _instance_of,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.FunctionOf: _function,
    tree.Chain: _chain,
    tree.UnaryTests: _unary_tests,
}
