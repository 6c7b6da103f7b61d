"""The files that travel with a model and are judged, published and run with it, by their kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from engine.decisions import Rulebook, rulebook
from engine.forms import formbook
from engine.forms.formbook import Formbook
from engine.problems import Problem

DECISIONS, FORMS = ".dmn", ".form"
MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {DECISIONS: rulebook.MEDIA_TYPE, FORMS: formbook.MEDIA_TYPE}
)
NO_FILES: Final[Mapping[str, bytes]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Companions:
    """The decisions and forms of one model."""

    rulebook: Rulebook
    formbook: Formbook

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Companions:
        """Return files by name as what they are."""
        return cls(Rulebook(_named(files, DECISIONS)), Formbook(_named(files, FORMS)))

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the files."""
        return [*self.rulebook.problems, *self.formbook.problems]


def media_type_of(name: str) -> str:
    """Return the media type of a file, by the ending of its name."""
    return MEDIA_TYPES[FORMS if name.endswith(FORMS) else DECISIONS]


def _named(files: Mapping[str, bytes], ending: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.endswith(ending)}
