"""What all events share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fact:
    """What all events share."""

    type: ClassVar[str]
    schema: ClassVar[int] = 1
