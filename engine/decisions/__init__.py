"""Decision models: DMN 1.5 read, judged, analysed and decided. No framework, no clock, no I/O.

    decisions = Decisions(read(data), [read(imported)])
    decisions.problems
    decisions.decide("Routing", {"Application": {...}}).value

docs/decisions.md says what runs, what the record holds, and where this differs from the standard.
"""

from __future__ import annotations

from engine.decisions.elements import Model
from engine.decisions.evaluation import Answer, Decisions
from engine.decisions.parser import read
from engine.decisions.problems import DecisionProblem
from engine.decisions.rulebook import Rulebook

__all__ = ["Answer", "DecisionProblem", "Decisions", "Model", "Rulebook", "read"]
