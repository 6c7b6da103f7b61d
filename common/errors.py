"""Every refusal of the product, sorted by what the caller can do about it.

DomainError
├── Invalid      mend the request             422
├── Forbidden    ask somebody who may         403
├── Missing      it does not exist for you    404
├── Conflict     look again, then decide      409
└── Transient    try again later              503
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal in words. `code` is stable; `title` says what is wrong and what would mend it.

    The title may name context fields in braces; they are filled in when it is rendered.
    """

    code: ClassVar[str] = ""
    title: ClassVar[str] = ""
    #: Context fields that a program reads from the answer by name (RFC 9457, extension members).
    members: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *, problems: list[dict[str, Any]] | None = None, **context: Any) -> None:
        self.context = context
        self.problems = problems or []
        super().__init__(f"{self.code} {context}" if context else self.code)


class Invalid(DomainError):
    """The request says something that cannot be: mend it and send it again."""


class Forbidden(DomainError):
    """The actor may not do this; the text names the rule and who may."""


class Missing(DomainError):
    """It does not exist, or does not exist for this actor."""


class Conflict(DomainError):
    """The world has changed since the caller looked."""


class Transient(DomainError):
    """Nothing is wrong with the request; a part of the system is away for a moment."""
