"""Signed checkpoints, in files outside the database: what nobody with the database can rewrite.

One file per unit, one JSON object a line. A checkpoint names a range of links, the hash of its last
one, the Merkle root over all of them, and the checkpoint before it; it is signed with Ed25519
(RFC 8032). It also names the newest head of each journal that its links seal: what a restored
database has lost can be told from here alone. When that happens, a checkpoint that says `restored`
begins again where the database now ends; those it puts aside stay in the file. The private key lies
in a file that only the sealer's user reads; the public one lies beside the checkpoints and is what
an outsider is given.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from governance import chain

EVERY = timedelta(seconds=60)
MOST_LINKS = 1_000

_BLOCK = 64 * 1024
_RAW = serialization.Encoding.Raw


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line of a unit's file. `first` and `last` are the range of links it covers.

    `entries` of its links seal audit entries; `heads` are the newest sealed heads of journals, each
    as position and hash. A `restored` one follows a restore from a backup.
    """

    first: int
    last: int
    head: str
    root: str
    at: str
    digest: str
    genuine: bool
    restored: bool = False
    entries: int = 0
    heads: Mapping[UUID, tuple[int, str]] = field(default_factory=dict)


def in_force(checkpoints: Iterable[Checkpoint]) -> list[Checkpoint]:
    """Return the checkpoints that speak of the chain as it is, those of lost links left out."""
    found: list[Checkpoint] = []
    for one in checkpoints:
        if one.restored:
            found = [earlier for earlier in found if earlier.last < one.first]
        if one.last >= one.first:
            found.append(one)
    return found


class Book:
    """The checkpoints of an installation, in a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "checkpoints"
        self._key_file = data_dir / "secrets" / "checkpoint.key"

    def read(self, unit_id: UUID) -> list[Checkpoint]:
        """Return a unit's checkpoints in order, without the heads they name."""
        return [replace(one, heads={}) for one in self.walk(unit_id)]

    def walk(self, unit_id: UUID) -> Iterator[Checkpoint]:
        """Stream a unit's checkpoints in order; each knows whether it is genuine."""
        path = self._path(unit_id)
        if path.exists():
            with path.open("rb") as lines:
                yield from _checked(unit_id, lines, self.public_key())

    def last(self, unit_id: UUID) -> tuple[int, str]:
        """Return the last link that a checkpoint covers, and the digest of that checkpoint."""
        path = self._path(unit_id)
        whole = _last_whole_line(path) if path.exists() else b""
        if not whole:
            return 0, ""
        return int(_document(whole).get("last", 0)), hashlib.sha256(whole).hexdigest()

    def write(self, unit_id: UUID, links: Sequence[chain.Link], now: datetime) -> None:
        """Append a checkpoint over these links, which follow the last one's without a gap."""
        self._sign(unit_id, (links[0].seq, links[-1].seq, links[-1].hash), links, now)

    def write_restored(
        self, unit_id: UUID, end: tuple[int, str], links: Sequence[chain.Link], now: datetime
    ) -> None:
        """Append that the chain was taken back to `end` (its last link's number and hash).

        `links` are those up to there that no checkpoint in force covers.
        """
        last, head = end
        self._sign(unit_id, (last - len(links) + 1, last, head), links, now, restored=True)

    def _sign(
        self,
        unit_id: UUID,
        covered: tuple[int, int, str],
        links: Sequence[chain.Link],
        now: datetime,
        *,
        restored: bool = False,
    ) -> None:
        key = self._private_key()
        tree = chain.Tree()
        for link in links:
            tree.add(link.hash)
        document = {
            "schema": 2,
            "unit": str(unit_id),
            "first": covered[0],
            "last": covered[1],
            "head": covered[2],
            "entries": sum(link.kind == chain.ENTRY for link in links),
            "heads": {
                str(link.ref): [link.position, link.content_hash]
                for link in links
                if link.kind != chain.ENTRY
            },
            **({"restored": True} if restored else {}),
            "root": tree.root(),
            "at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "previous": self.last(unit_id)[1],
            "key": _public_bytes(key.public_key()).hex()[:16],
        }
        signed = {**document, "signature": key.sign(chain.canonical(document)).hex()}
        _append(self._path(unit_id), chain.canonical(signed) + b"\n")

    def public_key(self) -> Ed25519PublicKey | None:
        """Return the key that checkpoints are checked with, or None before there is one."""
        path = self._folder / "checkpoint.pub"
        if not path.exists():
            return None
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(path.read_text().strip()))

    def _private_key(self) -> Ed25519PrivateKey:
        if self._key_file.exists():
            return Ed25519PrivateKey.from_private_bytes(self._key_file.read_bytes())
        key = Ed25519PrivateKey.generate()
        self._key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(
                key.private_bytes(
                    _RAW, serialization.PrivateFormat.Raw, serialization.NoEncryption()
                )
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "checkpoint.pub").write_text(
            _public_bytes(key.public_key()).hex() + "\n", encoding="ascii"
        )
        return key

    def _path(self, unit_id: UUID) -> Path:
        return self._folder / f"{unit_id}.jsonl"


class Scribe:
    """Keeps the links that no checkpoint covers yet, and writes one when it is time."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._open: dict[UUID, list[chain.Link]] = defaultdict(list)
        self._since: dict[UUID, datetime] = {}

    def take(self, unit_id: UUID, links: Iterable[chain.Link], now: datetime) -> None:
        """Take note of links, in order."""
        self._open[unit_id] += links
        if self._open[unit_id]:
            self._since.setdefault(unit_id, now)

    def write_due(self, now: datetime, *, all_of_them: bool = False) -> int:
        """Write a checkpoint for each unit with 1,000 open links, or with one open for a minute."""
        written = 0
        for unit_id, since in list(self._since.items()):
            links = self._open[unit_id]
            if all_of_them or len(links) >= MOST_LINKS or now - since >= EVERY:
                self._book.write(unit_id, links, now)
                del self._open[unit_id], self._since[unit_id]
                written += 1
        return written


def _checked(
    unit_id: UUID, lines: Iterable[bytes], public: Ed25519PublicKey | None
) -> Iterator[Checkpoint]:
    """Read lines in order; each must be signed, of this unit, and bind the one before it."""
    previous, last = "", 0
    for whole in lines:
        line = whole.rstrip(b"\r\n")
        document = _document(line)
        restored = document.get("restored") is True
        genuine = (
            _signed(document, public)
            and document["unit"] == str(unit_id)
            and document["previous"] == previous
            and (document["first"] == last + 1 or (restored and document["first"] <= last + 1))
        )
        digest = hashlib.sha256(line).hexdigest()
        previous, last = digest, int(document.get("last", last))
        yield Checkpoint(
            first=int(document.get("first", 0)),
            last=last,
            head=str(document.get("head", "")),
            root=str(document.get("root", "")),
            at=str(document.get("at", "")),
            digest=digest,
            genuine=genuine,
            restored=restored,
            entries=int(document.get("entries", 0)),
            heads={
                UUID(ref): (int(position), str(head))
                for ref, (position, head) in document.get("heads", {}).items()
            }
            if genuine
            else {},
        )


def _document(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _signed(document: dict[str, Any], public: Ed25519PublicKey | None) -> bool:
    if public is None or "signature" not in document:
        return False
    body = {name: value for name, value in document.items() if name != "signature"}
    try:
        public.verify(bytes.fromhex(document["signature"]), chain.canonical(body))
    except (InvalidSignature, ValueError):
        return False
    return True


def _append(path: Path, line: bytes) -> None:
    """Append a line that is on the disk when this returns; a line torn by a crash is cut first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(_whole_size(path))
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _last_whole_line(path: Path) -> bytes:
    with path.open("rb") as file:
        end = _whole_size(path) - 1
        return b"" if end < 0 else _between(file, _line_end_before(file, end), end)


def _whole_size(path: Path) -> int:
    """Return the size of the file up to its last line end."""
    with path.open("rb") as file:
        return _line_end_before(file, file.seek(0, os.SEEK_END))


def _line_end_before(file: BinaryIO, end: int) -> int:
    """Return where the line that goes on until `end` begins: after the line end before it, or 0."""
    while end > 0:
        start = max(0, end - _BLOCK)
        found = _between(file, start, end).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _between(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)


def _public_bytes(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(_RAW, serialization.PublicFormat.Raw)
