"""The bridge to bpmn-python, which is GPL: a program of its own, handed texts, never imported.

It is installed beside Interlock where that works out; without it, what needs it is refused in
words. `ask` starts the program for one question, under limits, and ends it in time.
"""

from __future__ import annotations

from engine.bridge.runner import BridgeFailed, BridgeMissing, ask

__all__ = ["BridgeFailed", "BridgeMissing", "ask"]
