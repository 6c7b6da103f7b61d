"""What was done to whom: one line per fault, written by the victim itself before it dies."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path


class Tally:
    """A file that many processes append to; a line of it is never torn."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, fault: str, times: int = 1) -> None:
        """Write down one fault, or so many of it."""
        os.write(self._handle, f"{fault}\n".encode() * times)

    def counts(self) -> Counter[str]:
        """Return how often each fault was done."""
        return Counter(self._path.read_text().splitlines())
