"""The arithmetic of proof: digests, links, roots. Pure, so that an outsider can repeat it.

A unit's chain is a list of links without a gap. A link seals one thing (an audit entry, or the head
of a run's journal) by its digest, and binds the link before it; so nothing can be changed, taken
out or put in without every later link becoming wrong. A signed checkpoint kept elsewhere holds the
head at some moment, so that nobody can compute the whole chain anew, or cut off its end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

ENTRY = "ENTRY"

#: What of an entry is sealed: every column of its row, by name.
ENTRY_FIELDS = (
    "id",
    "unit_id",
    "at",
    "code",
    "actor_kind",
    "actor_person_id",
    "actor_account_id",
    "subject_type",
    "subject_id",
    "process_id",
    "request_id",
    "payload_digest",
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a unit's chain, as it is stored."""

    seq: int
    kind: str
    ref: UUID
    position: int
    content_hash: str
    previous_hash: str
    hash: str


def origin(unit_id: UUID) -> str:
    """Return what the first link of a unit's chain binds: no two units share a chain."""
    return _sha256(f"interlock:chain:1:{unit_id}")


def entry_hash(facts: Mapping[str, Any]) -> str:
    """Return the digest of an entry's row: canonical JSON of its fields, in SHA-256.

    Times are written in UTC with microseconds, ids in their usual form, nothing as null.
    """
    plain = {name: _plain(facts[name]) for name in ENTRY_FIELDS}
    return _sha256(json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def link_hash(
    previous: str, seq: int, kind: str, ref: UUID, position: int, content_hash: str
) -> str:
    """Return the hash of a link. No part can hold the separator, so no two lists read alike."""
    return _sha256(f"{previous}|{seq}|{kind}|{ref}|{position}|{content_hash}")


def forge(previous: Link | None, unit_id: UUID, content: tuple[str, UUID, int, str]) -> Link:
    """Return the link that follows `previous` and seals (kind, ref, position, digest)."""
    kind, ref, position, content_hash = content
    seq = previous.seq + 1 if previous else 1
    before = previous.hash if previous else origin(unit_id)
    found = link_hash(before, seq, kind, ref, position, content_hash)
    return Link(seq, kind, ref, position, content_hash, before, found)


@dataclass(frozen=True, slots=True)
class Flaw:
    """A link that is wrong, or links that are not there (`until` is the last of them)."""

    kind: str
    seq: int
    until: int


def walk(unit_id: UUID, links: Iterable[Link]) -> Iterator[tuple[Link, Flaw | None]]:
    """Yield every link in order with what is wrong with it; memory does not grow with the chain.

    After a flaw the walk goes on from what is stored, so one altered link is one flaw.
    """
    seq, previous = 0, origin(unit_id)
    for link in links:
        flaw: Flaw | None = None
        if link.seq != seq + 1:
            flaw = Flaw("missing", seq + 1, link.seq - 1)
        elif link.previous_hash != previous or link.hash != _hash_of(link):
            flaw = Flaw("altered", link.seq, link.seq)
        yield link, flaw
        seq, previous = link.seq, link.hash


class Tree:
    """A Merkle root (RFC 6962, section 2.1) over leaves that come one by one.

    It keeps the roots of the full subtrees only: a million leaves need twenty digests.
    """

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: str) -> None:
        """Add one leaf."""
        height, node = 0, hashlib.sha256(b"\x00" + leaf.encode()).digest()
        while self._peaks and self._peaks[-1][0] == height:
            node = _inner(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))

    def root(self) -> str:
        """Return the root; of no leaves it is the digest of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").hexdigest()
        *rest, (_height, node) = self._peaks
        for _height, left in reversed(rest):
            node = _inner(left, node)
        return node.hex()


def canonical(values: Mapping[str, Any]) -> bytes:
    """Return the one form of a document in which it is signed."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _hash_of(link: Link) -> str:
    return link_hash(
        link.previous_hash, link.seq, link.kind, link.ref, link.position, link.content_hash
    )


def _inner(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    # A time; asked by what it can do, because this module knows no clock.
    if hasattr(value, "astimezone"):
        if value.utcoffset() is None:
            raise ValueError("a time without a zone cannot be sealed")
        value = (value - value.utcoffset()).replace(tzinfo=None).isoformat(timespec="microseconds")
    return str(value)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
