"""Names that people read and trust: of persons, units, teams, boards, processes.

A name that looks like another one is an attack on whoever reads it (Unicode TR 36, TR 39), so what
cannot be seen, or mixes alphabets inside a word, is refused. Texts inside a model are data and are
not judged here.
"""

from __future__ import annotations

import re
import unicodedata

from common.errors import Invalid

_MAX = 120
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Alphabets with letters that are drawn alike.
_LOOKALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


class UnsafeName(Invalid):
    """A name that cannot be read for what it is."""

    code = "common.unsafe_name"
    title = "This name cannot be taken: {reason}. Write it with plain letters, digits and spaces."


class BadKey(Invalid):
    """A key that cannot stand in an address."""

    code = "common.bad_key"
    title = (
        "“{key}” is no key. Write small letters, digits and single hyphens, "
        "for example production-change."
    )


def clean_name(text: str, *, longest: int = _MAX) -> str:
    """Return the name in its composed form (NFKC), with single spaces.

    Raises:
        UnsafeName: it is empty, too long, holds characters that are not seen, or mixes alphabets
            inside one word.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name:
        raise UnsafeName(reason="it is empty")
    if len(name) > longest:
        raise UnsafeName(reason=f"it is longer than {longest} characters")
    # Cc controls, Cf formats (direction marks, zero widths), Co private, Cn unassigned.
    if any(unicodedata.category(letter).startswith("C") for letter in text if letter != "\n"):
        raise UnsafeName(reason="it holds characters that are not seen")
    if any(len(_alphabets(word)) > 1 for word in name.split()):
        raise UnsafeName(reason="a word of it mixes alphabets that look alike")
    return name


def clean_key(text: str, *, longest: int = 40) -> str:
    """Return the key, or refuse it.

    Raises:
        BadKey: it is no run of small letters, digits and single hyphens, or too long.
    """
    if len(text) > longest or not _KEY.fullmatch(text):
        raise BadKey(key=text[:longest])
    return text


def _alphabets(word: str) -> set[str]:
    names = (unicodedata.name(letter, "") for letter in word if letter.isalpha())
    return {name.split(" ", 1)[0] for name in names if name.startswith(_LOOKALIKE)}
