"""Runbooks: what a team has written down, as a first draft of a process. Pure.

`markdown` and `table` read a text, `writing` makes a model of what they found, with a drawing.
Nothing is guessed in silence: whatever the text does not say is an assumption with its line.
"""

from __future__ import annotations

from engine.bpmn.runbooks.runbook import Assumption, Runbook, UnreadableRunbook

__all__ = ["Assumption", "Runbook", "UnreadableRunbook"]
