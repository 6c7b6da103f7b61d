"""A language that says all in double brackets, to see what is never asked for a translation."""

from __future__ import annotations

import re

_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Bracketed:
    """Translations that put each text between ⟦ and ⟧."""

    def gettext(self, message: str) -> str:
        """Return the text in brackets."""
        return f"⟦{message}⟧"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form that fits the number, in brackets."""
        return self.gettext(singular if number == 1 else plural)

    def pgettext(self, _context: str, message: str) -> str:
        """Return the text in brackets."""
        return self.gettext(message)

    def npgettext(self, _context: str, singular: str, plural: str, number: int) -> str:
        """Return the form that fits the number, in brackets."""
        return self.ngettext(singular, plural, number)


def without_brackets(text: str) -> str:
    """Return what stands outside every pair of brackets."""
    before = None
    while before != text:
        before, text = text, _INNERMOST.sub(" | ", text)
    return text


def unbracketed(text: str) -> list[str]:
    """Return the words that stand outside every pair of brackets."""
    return _WORD.findall(without_brackets(text))
