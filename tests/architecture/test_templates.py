"""Templates hold no inline code, which the policy would block, and no text outside gettext."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(r"\{% blocktranslate\b.*?\{% endblocktranslate %\}", re.DOTALL)
#: Blocks that hold class names and attributes, and the names of keys.
NO_TEXT = re.compile(
    r"\{% block (?:\w+_class|body_attributes) %\}.*?\{% endblock %\}|<kbd>.*?</kbd>", re.DOTALL
)
DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r"\b(?:placeholder|title|aria-label|alt)=\"([^\"]*)\"")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|\bstyle=|\son[a-z]+=|\bhx-on|javascript:|\bjs:", re.IGNORECASE
)
#: Names and signs are no text to translate.
UNTRANSLATED = {"Interlock", "RV", "CSV", "RUN", "v"}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{1,}", text) if word not in UNTRANSLATED]


def without_django(text: str) -> str:
    """Drop what is computed or translated; a tag inside a tag goes first."""
    for pattern in (COMMENT, TRANSLATED, NO_TEXT, DJANGO):
        text = pattern.sub(" ", text)
    return text


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_there_is_no_inline_code(path: Path) -> None:
    found = INLINE.findall(without_django(path.read_text()))

    assert not found


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_every_text_goes_through_gettext(path: Path) -> None:
    plain = without_django(path.read_text())
    seen = words(re.sub(r"&[a-z]+;|&#\d+;", " ", TAG.sub(" ", plain)))
    spoken = [word for value in SPOKEN.findall(plain) for word in words(value)]

    assert not seen + spoken


def test_a_form_that_changes_something_carries_its_token() -> None:
    for path in TEMPLATES:
        for form in re.findall(
            r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL | re.IGNORECASE
        ):
            assert "{% csrf_token %}" in form, path


def test_nothing_is_marked_safe_in_a_template() -> None:
    for path in TEMPLATES:
        assert not re.search(r"\|safe\b|autoescape off", path.read_text()), path
