"""The alive parts of pages ask the catalogue for all they say: shown in a language of brackets."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.browsing import api, go
from tests.journeys.conftest import Visit
from tests.journeys.pictures import SCREENS
from tests.support.tongues import without_brackets

#: What Django's catalogue defines, for a language that puts each text between ⟦ and ⟧.
CATALOGUE = """globalThis.django = {
  gettext: (message) => `⟦${message}⟧`,
  ngettext: (one, many, count) => `⟦${count === 1 ? one : many}⟧`,
};"""

#: The parts of a page that its island draws; the diagram itself is the model's.
DRAWN = {
    "editor": ".editor-palette, .editor-tools, .editor-panel, .editor-problems",
    "review": "#review-detail, .zoom",
    "run": "#timeline > *, #step-panel > :not([data-part]), .zoom",
}

SAID = """(selector) => [...document.querySelectorAll(selector)].flatMap((root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const said = [];
  while (walker.nextNode())
    if (!walker.currentNode.parentElement.closest("kbd, textarea, .djs-container"))
      said.push(walker.currentNode.data);
  for (const each of [root, ...root.querySelectorAll("*")])
    for (const name of ["aria-label", "title", "placeholder"])
      if (each.hasAttribute(name)) said.push(each.getAttribute(name));
  return said;
})"""

#: Notation, the same in every language: an example of an expression, an address, a method.
NOTATION = re.compile(
    r"^=|^https?:|^(?:GET|POST|PUT|PATCH|DELETE|HEAD|HTTP)\b|^\d+ (?:s|min|h|d)\b"
)


def answer(route: Route) -> None:
    route.fulfill(body=CATALOGUE, content_type="text/javascript")


def said_outside(page: Page, name: str) -> list[str]:
    """Return what the island says that came neither from the catalogue nor from the server."""
    root = page.locator(f"#{name}")
    data = json.dumps(api(page, "GET", root.get_attribute("data-url") or "").json())
    found = []
    for text in page.evaluate(SAID, DRAWN[name]):
        if NOTATION.match(text):
            continue
        for run in re.split(r"[|\n,·%/]", without_brackets(text)):
            words = " ".join(run.split()).strip(" .:")
            if re.search(r"[^\W\d_]{2}", words) and json.dumps(words)[1:-1] not in data:
                found.append(words)
    return found


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_an_island_says_nothing_the_catalogue_was_not_asked_for(name: str, visit: Visit) -> None:
    screen = next(screen for screen in SCREENS if screen.name == name)
    page = visit(screen.person)
    go(page, screen.path)
    screen.prepare(page)
    page.context.route("**/texts.js", answer)

    go(page, page.url)

    told = page.evaluate(SAID, DRAWN[name])
    assert sum("⟦" in text for text in told) > 3
    assert said_outside(page, name) == []
