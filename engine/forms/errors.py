"""What a form can be refused for."""

from __future__ import annotations

from typing import Any

from common.errors import Invalid
from common.phrases import Phrase


class FormUnreadable(Invalid):
    """The text is no form this version can show. The sentence names the place and the reason."""

    code = "engine.form_unreadable"
    title = "{sentence} Mend the form in the editor."

    def __init__(self, sentence: str, **fields: Any) -> None:
        self.sentence = Phrase(sentence, **fields)
        super().__init__(sentence=self.sentence)

    def __str__(self) -> str:
        return self.sentence
