"""What a model does not say of itself: who answers for it, and who could decide in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """The world around a model, as far as rules ask for it.

    Attributes:
        tags: those of the process's entry.
        backup_owner: whether there is one.
        gone: the names of owners who can no longer sign in, or hold no role in the unit.
        groups: teams and boards of the unit by key, each with the ids of who can act in it.
        persons: ids of persons by the names that a model may give them (address or id).
        authors: ids of those who wrote the model, whom rule 1 keeps from deciding in it.
    """

    tags: tuple[str, ...]
    backup_owner: bool
    gone: tuple[str, ...]
    groups: Mapping[str, frozenset[str]]
    persons: Mapping[str, str]
    authors: frozenset[str]
