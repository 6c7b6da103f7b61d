"""Effects on the outside world, and the name by which the called system knows each of them."""

from __future__ import annotations

import hashlib
from uuid import UUID


def key_of(instance: UUID | str, activity: UUID | str, generation: int) -> str:
    """Return the idempotency key of a job: the same at every attempt, on every worker.

    It is the SHA-256, in hexadecimal, of what it names, and so tells nobody anything about a run.
    """
    return hashlib.sha256(f"{instance}/{activity}/{generation}".encode()).hexdigest()
