"""The form files that travel with a model: which of them a task asks for, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from common.phrases import Phrase
from engine.forms.errors import FormUnreadable
from engine.forms.flaws import Flaw
from engine.forms.form import Form
from engine.forms.problems import problem
from engine.problems import Problem

MEDIA_TYPE = "application/vnd.interlock.form+json"


class Formbook:
    """Form files by name. A task asks for a form by the `id` that its JSON says."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Return the JSON text of each form by its id; of two with one id, the first by name."""
        found: dict[str, str] = {}
        for name, form in self._forms.items():
            if form.id:
                found.setdefault(form.id, text_of(self._files[name]))
        return found

    @cached_property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the files, whether a task asks for them or not."""
        return [found for name in self._files for found in self._problems(name)]

    def _problems(self, name: str) -> Iterator[Problem]:
        judged = self._judged[name]
        if isinstance(judged, FormUnreadable):
            yield problem("form_file_unreadable", name, where="", sentence=judged.sentence)
            return
        form, flaws = judged
        if not form.id:
            yield problem("form_id_missing", name)
        others = [each for each, other in self._forms.items() if other.id == form.id]
        if form.id and name != others[0]:
            yield problem("form_id_twice", name, id=form.id[:80], other=others[0])
        yield from (_told(name, flaw) for flaw in flaws)

    @cached_property
    def _judged(self) -> Mapping[str, tuple[Form, tuple[Flaw, ...]] | FormUnreadable]:
        return {name: _judged(content) for name, content in self._files.items()}

    @cached_property
    def _forms(self) -> Mapping[str, Form]:
        return {
            name: found[0]
            for name, found in self._judged.items()
            if not isinstance(found, FormUnreadable)
        }


def text_of(content: bytes) -> str:
    """Return the text of a form file.

    Raises:
        FormUnreadable: it is no UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormUnreadable("The file is no text in UTF-8.") from None


def _judged(content: bytes) -> tuple[Form, tuple[Flaw, ...]] | FormUnreadable:
    try:
        return Form.judged(text_of(content))
    except FormUnreadable as unreadable:
        return unreadable


def _told(name: str, flaw: Flaw) -> Problem:
    code = "form_file_unreadable" if flaw.severity == "error" else "form_part_not_shown"
    where: str = ""
    if flaw.place:
        number = ".".join(str(index + 1) for index in flaw.place)
        where = Phrase(" (component {number})", number=number)
    return problem(code, name, where=where, sentence=flaw.sentence)


NO_FORMS = Formbook({})
