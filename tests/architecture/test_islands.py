"""No text of the islands stands outside gettext, and gettext is only ever given a plain literal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "frontend" / "src"
SCRIPTS = sorted(path for path in SOURCE.rglob("*.ts") if not path.name.endswith(".test.ts"))

COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"])//[^\n]*", re.DOTALL)
IMPORT = re.compile(r"^(?:import|export)\b[^;]*?from \"[^\"]*\";|^import \"[^\"]*\";", re.MULTILINE)
LITERAL = r"\"(?:[^\"\\\n]|\\.)*\""
TRANSLATED = re.compile(rf"gettext\(\s*{LITERAL}(?:,\s*{LITERAL})?")
#: Where a literal is a name for programs: a class, a kind of element, a key, an attribute; or one
#: of BPMN, by which parts are searched besides their names in the language of the page.
NO_TEXT = re.compile(
    rf"\b(?:class|className|type|key|sign|glyph|search|id): (?:{LITERAL}|`[^`]*`)"
    rf"|className = (?:{LITERAL}|`[^`]*`)"
    rf"|\b(?:isA|triggerOf|type\.(?:includes|endsWith))\([^)]*\)"
    rf"|\bkey [!=]== {LITERAL}"
    rf"|\btype(?: [!=]==|\?:) {LITERAL}(?: \| {LITERAL})*"
    rf"|headers\[{LITERAL}\]|\bname = {LITERAL}|querySelector\w*(?:<[^>]*>)?\((?:{LITERAL}|`[^`]*`)"
)
STRING = re.compile(rf"{LITERAL}|'[^'\n]*'|`[^`]*`")
#: A word that begins a sentence, or several words in a row.
TEXT = re.compile(r"^[A-Z][a-z]+(?:[ ,.:]|$)|(?:^|[ (])[A-Za-z]?[a-z]{1,} [a-z]{2,}(?:[ .,]|$)")

#: Not for readers, or the same in every language; each for a reason.
ALLOWED = {
    "Noto Sans": "a font",
    "The page has no": "a mistake of a template, for its author",
    "Sequential": "a value of BPMN",
}


def texts(script: str) -> list[str]:
    """Return the literals of a script that look like words for people."""
    for pattern in (COMMENT, IMPORT, TRANSLATED, NO_TEXT):
        script = pattern.sub(" ", script)
    plain = (re.sub(r"\$\{[^}]*\}", "", literal[1:-1]) for literal in STRING.findall(script))
    return [
        text.strip()
        for text in plain
        if TEXT.search(text) and not any(known in text for known in ALLOWED)
    ]


@pytest.mark.parametrize("path", SCRIPTS, ids=[str(path.relative_to(SOURCE)) for path in SCRIPTS])
def test_every_text_goes_through_gettext(path: Path) -> None:
    assert texts(path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=[str(path.relative_to(SOURCE)) for path in SCRIPTS])
def test_a_catalogue_can_be_made_from_what_gettext_is_given(path: Path) -> None:
    if path.name in {"words.ts", "vendor-words.ts"}:
        return
    given = re.findall(r"\bgettext\(\s*(\S)", path.read_text())

    assert set(given) <= {'"'}


def test_a_text_outside_gettext_is_found() -> None:
    assert texts('toast("Not sent: save first.");') == ["Not sent: save first."]
    assert texts('h("p", {}, "next problem")') == ["next problem"]
    assert texts("h('p', {}, `Step ${name} waits for you.`)") == ["Step  waits for you."]
    assert texts('h("b", { title: "Close" })') == ["Close"]
    assert texts('h("b", { class: "btn small" }, gettext("Close"))') == []
