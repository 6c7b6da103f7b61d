"""What changed in the files beside a model, told like the changes of the model itself."""

from __future__ import annotations

from typing import Any

from common.phrases import Phrase
from common.words import in_words
from designer.models.resources import Manifest
from designer.models.reviews import Review
from designer.queries.resources import contents
from engine.companions import FORMS
from engine.forms import FormUnreadable
from engine.forms.differences import Difference, differences
from engine.forms.formbook import text_of

_RISKS = {"behaviour": "medium", "data": "low", "text": "none", "layout": "none"}


def of_review(review: Review) -> list[dict[str, Any]]:
    """Return the changes of forms and decisions since the version before, file by file.

    A form is told field by field, a decision as a whole: its rules are read in the file. Without a
    version before there is nothing to compare with.
    """
    if review.base is None:
        return []
    before: Manifest = review.base.resources
    changed = [
        name
        for name in sorted(before.keys() | review.resources.keys())
        if before.get(name) != review.resources.get(name)
    ]
    old, new = (contents(review.base), contents(review)) if changed else ({}, {})
    return [row for name in changed for row in _rows(name, old.get(name), new.get(name))]


def _rows(name: str, old: bytes | None, new: bytes | None) -> list[dict[str, Any]]:
    if not name.endswith(FORMS):
        return [_decision(name, old, new)]
    try:
        found = differences(_text(old), _text(new))
    except FormUnreadable:
        return []
    return [_form(name, one) for one in found]


def _text(content: bytes | None) -> str | None:
    return None if content is None else text_of(content)


def _form(name: str, one: Difference) -> dict[str, Any]:
    sentence = Phrase("{file}: {sentence}", file=name, sentence=one.sentence)
    return _row(name, one.op, one.group, sentence, _RISKS[one.group])


def _decision(name: str, old: bytes | None, new: bytes | None) -> dict[str, Any]:
    if old is None:
        return _row(
            name, "added", "behaviour", Phrase("{file} is a new file.", file=name), "medium"
        )
    if new is None:
        gone = Phrase("{file} is removed.", file=name)
        return _row(name, "removed", "behaviour", gone, "medium")
    words = Phrase("{file} decides by other rules, or is written differently.", file=name)
    return _row(name, "changed", "behaviour", words, "medium")


def _row(name: str, kind: str, group: str, sentence: Phrase, risk: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "group": group,
        "element": name,
        "name": name,
        "type": "file",
        "sentence": in_words(sentence),
        "risk": risk,
        "properties": [],
    }
