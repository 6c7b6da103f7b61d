"""What a model can be refused for before or besides its meaning."""

from __future__ import annotations

from common.errors import Invalid


class UnreadableModel(Invalid):
    """The bytes are no BPMN file that is safe to read. The sentence says why, the remedy how."""

    code = "engine.model_unreadable"
    title = "{sentence} {remedy}"

    def __init__(self, sentence: str, remedy: str) -> None:
        self.sentence = sentence
        self.remedy = remedy
        super().__init__(sentence=sentence, remedy=remedy)

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


class NotExecutable(Invalid):
    """The model can be read, but not run as it is. `problems` names each element and the remedy."""

    code = "engine.model_not_executable"
    title = "The model cannot be run: {first} Mend the problems that are listed, then try again."
