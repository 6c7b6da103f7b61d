"""Can a run get stuck, or do things twice? Judged over all choices, before there is any run.

The control flow of one level of a process is a graph of splits and joins (`graph`), which is made
smaller where that changes no answer (`reduction`) and then walked through state by state, up to a
bound (`exploration`). What is found is told with the shortest run that shows it (`verdict`).
"""

from engine.soundness.drawing import levels
from engine.soundness.verdict import BOUND, Finding, Flaw, Verdict, judge

__all__ = ["BOUND", "Finding", "Flaw", "Verdict", "judge", "levels"]
