"""How a tree becomes closures: who compiles which node, and the names a closure reads.

A closure gets the run it spends from and the names in scope. A scope is a plain dict; a loop turn,
a call or a filter copies it with more names, so that a function value keeps what it was made with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from engine.expressions import tree
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.values import Value

Names: TypeAlias = dict[str, Value]
Compiled: TypeAlias = Callable[[Run, Names], Value]
# The key is the type of the argument; a mapping cannot say so.
Compiler: TypeAlias = Callable[[Any], Compiled]

_COMPILERS: dict[type, Compiler] = {}


def compiles(kind: type) -> Callable[[Compiler], Compiler]:
    """Register the compiler of a kind of node."""

    def register(compiler: Compiler) -> Compiler:
        _COMPILERS[kind] = compiler
        return compiler

    return register


def compiled(node: tree.Node) -> Compiled:
    """Return the tree as one function of a run and the names in scope."""
    return _COMPILERS[type(node)](node)


def refusing(operation: Compiled, within: str = "") -> Compiled:
    """Turn a refusal of the operation into null and a warning."""

    def evaluate(run: Run, names: Names) -> Value:
        try:
            return operation(run, names)
        except Refusal as refusal:
            run.warn(f"{within}{refusal}.")
            return None

    return evaluate
