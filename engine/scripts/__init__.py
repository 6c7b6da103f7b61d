"""Scripts: Starlark, evaluated in a program of its own that has no rights and ends in time.

`Runner` is the door to it. A script sees the context's names as globals and nothing else; its
result is the global `result` where it assigns one, else the value of its last statement, which is
an expression or an assignment. Context and result are JSON. Whole numbers are exact up to 4300
digits, other numbers are doubles, of which the infinite and the undefined become null; tuples
become lists, structs become objects, and the keys of an object are texts.
"""

from __future__ import annotations

from engine.scripts.runner import LIMITS, Limits, Runner, RunnerLost, ScriptFailed

__all__ = ["LIMITS", "Limits", "Runner", "RunnerLost", "ScriptFailed"]
