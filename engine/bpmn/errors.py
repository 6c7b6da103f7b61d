"""What a model can be refused for before or besides its meaning."""

from __future__ import annotations

from typing import Any

from common.errors import Invalid
from common.phrases import Phrase


class UnreadableModel(Invalid):
    """The bytes are no BPMN file that is safe to read. The sentence says why, the remedy how."""

    code = "engine.model_unreadable"
    title = "{sentence} {remedy}"

    def __init__(self, sentence: str, remedy: str, **fields: Any) -> None:
        self.sentence = Phrase(sentence, **fields)
        self.remedy = Phrase(remedy, **fields)
        super().__init__(sentence=self.sentence, remedy=self.remedy)

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


class NotExecutable(Invalid):
    """The model can be read, but not run as it is. `problems` names each element and the remedy."""

    code = "engine.model_not_executable"
    title = "The model cannot be run: {first} Mend the problems that are listed, then try again."
