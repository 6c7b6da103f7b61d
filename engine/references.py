"""What stands in a row for a value that is too large to lie there: see `engine.large`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

#: Bytes of canonical JSON up to which a value lies where it is used.
LARGE = 64 * 1024
#: With this begins what stands in a value's place: no text of JSON does.
_MARK = "@"
_BYTES_PER_CHARACTER = 4


@dataclass(frozen=True, slots=True)
class Reference:
    """What stands for a large value: the SHA-256 of its canonical JSON, and its size in bytes."""

    digest: str
    size: int

    @property
    def text(self) -> str:
        """Return the reference as a row holds it."""
        return f"{_MARK}{self.digest} {self.size}"


def reference_to(text: str) -> Reference | None:
    """Return what stands for a value of this canonical text; None where it is not large."""
    if len(text) * _BYTES_PER_CHARACTER <= LARGE:
        return None
    encoded = text.encode()
    if len(encoded) <= LARGE:
        return None
    return Reference(hashlib.sha256(encoded).hexdigest(), len(encoded))


def referred(stored: str) -> Reference | None:
    """Return the reference that a row holds; None where it holds the value itself."""
    if not stored.startswith(_MARK):
        return None
    digest, _, size = stored.removeprefix(_MARK).partition(" ")
    return Reference(digest, int(size))
