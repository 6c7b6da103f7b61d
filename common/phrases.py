"""Sentences of the pure packages: English where they are made, any language where they are shown.

A pure rule knows no language of a reader, and what it says may be stored. So it says a Phrase,
which is its English text and remembers the template and what filled it; only an edge that shows
it to somebody asks for its translation (`common.words`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Translations(Protocol):
    """The two functions of the standard library's `gettext` that a phrase needs."""

    def gettext(self, message: str, /) -> str:
        """Return the translation of a text."""
        ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """Return the translation of a text that counts."""
        ...


class Phrase(str):  # noqa: SLOT000  (what it was made from is kept beside the text)
    """English text made from a template; a `plural` is chosen by the field `count`.

    Fields may be phrases themselves. Whatever a method of `str` makes of it is plain text, and
    is translated no more: put phrases together with phrases.
    """

    template: str
    plural: str
    fields: dict[str, Any]

    def __new__(cls, template: str, /, plural: str = "", **fields: Any) -> Phrase:
        """Return the phrase with its English text."""
        chosen = plural if plural and fields["count"] != 1 else template
        made = super().__new__(cls, chosen.format(**fields))
        made.template, made.plural, made.fields = template, plural, fields
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, Any]]:
        """Return what a copy is made from: caches keep phrases, and they must stay ones."""
        return (self.template, self.plural), self.fields

    def refilled(self, change: Callable[[Any], Any]) -> Phrase:
        """Return the phrase with every field changed that is no phrase, at any depth."""
        fields = {
            name: value.refilled(change) if isinstance(value, Phrase) else change(value)
            for name, value in self.fields.items()
        }
        return Phrase(self.template, self.plural, **fields)


def said(text: str, tongue: Translations) -> str:
    """Return a phrase in another language; any other text stays as it is."""
    if not isinstance(text, Phrase):
        return text
    words: dict[str, Any] = {
        name: said(value, tongue) if isinstance(value, str) else value
        for name, value in text.fields.items()
    }
    if text.plural:
        return tongue.ngettext(text.template, text.plural, words["count"]).format(**words)
    return tongue.gettext(text.template).format(**words)


def enumerated(parts: Sequence[str]) -> str:
    """Return parts with commas between them."""
    found = parts[0] if parts else ""
    for part in parts[1:]:
        found = Phrase("{before}, {next}", before=found, next=part)
    return found
