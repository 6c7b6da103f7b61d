"""Pure: numbers and digests of versions. An approval is bound to the digest made here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_SCHEMA = 1
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class BoardRules:
    """The rules by which a candidate is judged; other rules make another digest."""

    board: str
    quorum: int
    risk_class: str


def next_number(published: Iterable[int]) -> int:
    """Return the number of the next version: one after the highest, 1 for the first."""
    return max(published, default=0) + 1


def number_of(text: str) -> int | None:
    """Return the number that an address names, or None where it is no number of a version."""
    is_number = text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER
    return int(text) if is_number else None


def model_digest(xml: bytes) -> str:
    """Return the SHA-256 of a model as it lies, so that one changed space is another model."""
    return hashlib.sha256(xml).hexdigest()


def closure_digest(
    *,
    xml: bytes,
    resources: Mapping[str, str],
    connectors: Iterable[str],
    rules: BoardRules,
    templates: Mapping[str, str] | None = None,
) -> str:
    """Return the digest of a candidate and all it uses.

    The model enters by content; called forms and scripts lie in it. So do the files that travel
    with it, by name and digest; a model without any keeps the digest it always had. Connectors
    enter by their contract version (`http:1`), the board by the rules that applied, and the
    templates its steps were made from by their content.
    """
    content: dict[str, object] = {
        "schema": _SCHEMA,
        "model": model_digest(xml),
        "connectors": sorted(set(connectors)),
        "board": {"key": rules.board, "quorum": rules.quorum, "risk_class": rules.risk_class},
    }
    if templates:
        content["templates"] = dict(templates)
    if resources:
        content["resources"] = dict(resources)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
