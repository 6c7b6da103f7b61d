"""What one evaluation may cost, and what it has to say besides its value.

An expression comes from a model file: it may be written to hurt. Every loop turn, call and copy
is paid for here, so that an evaluation ends within a known time and memory. What stands once in
the text runs once, and is paid for by the length of the text.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.expressions.errors import FeelBudgetExceeded
from engine.expressions.moments import DateTime

MAX_STEPS = 100_000
MAX_ALLOCATED = 16 * 1024 * 1024
"""Characters and list items made by one evaluation, all intermediate values included."""
MAX_RESULT = 1_000_000
"""Values in a result, counted as often as they would be written."""
MAX_ITEMS = 100_000
"""The longest list."""
MAX_CHARACTERS = 1024 * 1024
"""The longest string."""
MAX_DEPTH = 100
"""The deepest value: lists in contexts in lists."""
MAX_EXPONENT = 999_999_999
MAX_CALLS = 500
"""Nested calls of functions, each counted by the nesting of its body."""
MAX_WARNINGS, MAX_WARNING = 50, 400
FRAMES = 5_000
"""Python frames that a thread may stack, of about 1 KiB at most: well within the 8 MiB of one."""
_CHARACTERS_PER_STEP = 1_000

# Python counts from a thread's first frame. With its default, what an expression may nest would
# depend on how deep the asker stands: less in a page than on the command line.
sys.setrecursionlimit(max(sys.getrecursionlimit(), FRAMES))

_Item = TypeVar("_Item")


@dataclass(slots=True)
class Run:
    """One evaluation under way, or several that share a budget: spending, warnings, the time.

    `now` is the moment that `now()` and `today()` tell; without one they are null. `patterns` are
    the regular expressions compiled so far, by pattern and flags.
    """

    warnings: list[str] = field(default_factory=list)
    now: DateTime | None = None
    limit: int = MAX_STEPS
    steps: int = 0
    allocated: int = 0
    calls: int = 0
    patterns: dict[tuple[str, str], Any] = field(default_factory=dict)

    def renew(self) -> None:
        """Begin anew: nothing is spent, and nothing was said."""
        self.steps = self.allocated = self.calls = 0
        self.warnings.clear()

    def spend(self, steps: int = 1) -> None:
        """Count work.

        Raises:
            FeelBudgetExceeded: once the evaluation has done all the work it may.
        """
        self.steps += steps
        if self.steps > self.limit:
            raise FeelBudgetExceeded(what="evaluation steps", limit=self.limit)

    def read(self, text: str) -> str:
        """Count the work of walking over a string; long ones cost more."""
        self.spend(1 + len(text) // _CHARACTERS_PER_STEP)
        return text

    def text(self, made: str) -> str:
        """Count a string just made."""
        self.reserve_text(len(made))
        return made

    def reserve_text(self, characters: int) -> None:
        """Count a string about to be made, before its memory is taken."""
        if characters > MAX_CHARACTERS:
            raise FeelBudgetExceeded(what="characters in one string", limit=MAX_CHARACTERS)
        self.spend(1 + characters // _CHARACTERS_PER_STEP)
        self._allocate(characters)

    def items(self, made: list[_Item]) -> list[_Item]:
        """Count a list just made."""
        self.reserve(len(made))
        return made

    def reserve(self, items: int) -> None:
        """Count a list or context about to be made, before its memory is taken."""
        if items > MAX_ITEMS:
            raise FeelBudgetExceeded(what="items in one list", limit=MAX_ITEMS)
        self.spend(1 + items // 10)
        self._allocate(items)

    def deepen(self, depth: int) -> None:
        """Refuse to walk into a value nested too deeply."""
        self.spend()
        if depth > MAX_DEPTH:
            raise FeelBudgetExceeded(what="levels of nested values", limit=MAX_DEPTH)

    def enter(self, levels: int) -> None:
        """Count a call under way; the caller takes the levels back from `calls` at its end."""
        self.calls += levels
        if self.calls > MAX_CALLS:
            raise FeelBudgetExceeded(what="levels of nested calls", limit=MAX_CALLS)

    def warn(self, message: str) -> None:
        """Keep a warning once; the first fifty are enough to understand what went wrong."""
        message = (message[:1].upper() + message[1:MAX_WARNING]).replace("\x00", "\ufffd")
        if len(self.warnings) < MAX_WARNINGS and message not in self.warnings:
            self.warnings.append(message)

    def _allocate(self, size: int) -> None:
        self.allocated += size
        if self.allocated > MAX_ALLOCATED:
            raise FeelBudgetExceeded(what="characters and list items in all", limit=MAX_ALLOCATED)
