"""What is known of the world around a model, against which its names are judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a model's names can lead to. None means that nobody knows, and nothing is judged.

    `jobs` are the installed connectors: job type to the names of the inputs it needs. `decisions`
    travel with the model: their ids to the files that hold them. So do `forms`: their ids to their
    JSON texts. `processes` can be called: each name they go by to the tags of their published
    versions.
    """

    jobs: Mapping[str, Collection[str]] | None = None
    decisions: Mapping[str, Collection[str]] | None = None
    processes: Mapping[str, Collection[str]] | None = None
    forms: Mapping[str, str] | None = None


UNKNOWN = Surroundings()
