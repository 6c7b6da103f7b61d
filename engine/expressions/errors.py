"""What an expression can be refused for: text that is no FEEL, or work beyond the budget."""

from __future__ import annotations

from common.errors import Invalid
from common.phrases import Phrase


class FeelSyntaxError(Invalid):
    """The text is no FEEL. `sentence` says where and what was expected there."""

    code = "engine.expression_unreadable"
    title = "{sentence} Correct the expression at that place."

    def __init__(self, *, line: int, column: int, found: str, expected: str) -> None:
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected
        self.sentence = Phrase(
            "Line {line}, column {column}: found {found}, where {expected} was expected.",
            line=line,
            column=column,
            found=found,
            expected=expected,
        )
        super().__init__(
            line=line, column=column, found=found, expected=expected, sentence=self.sentence
        )

    def __str__(self) -> str:
        return self.sentence


class FeelBudgetExceeded(Invalid):
    """The evaluation would cost more than one expression may; `what` names the limit."""

    code = "engine.expression_over_budget"
    title = (
        "The expression was stopped: it would pass the limit of {limit} {what}. "
        "Work on less data, or split the work over several steps."
    )

    def __init__(self, *, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        super().__init__(what=what, limit=limit)

    def __str__(self) -> str:
        return self.title.format(what=self.what, limit=self.limit)


class Refusal(Exception):
    """Inside the evaluator: this operation gives null, and the text becomes a warning."""
