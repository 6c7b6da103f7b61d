"""How tests browse: signed in as somebody, watched for every complaint of the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What axe may not judge, and why.
_NOT_OURS = (
    # The mark of bpmn.io is the vendor's and may not be changed.
    [".bjs-powered-by"],
    # The corner above the numbers of a decision table is the vendor's, and has nothing to say.
    [".decider .index-column"],
)
#: The roots of the islands: a page with one of these says itself when it is interactive.
_ISLANDS = "#editor, #review, #run, #viewer, #form-builder, #decision-editor, #sandbox"


@dataclass
class Watch:
    """What the browser complained about: broken scripts, refused styles, failed requests."""

    complaints: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._note(f"script broke: {error.error}"))

    @contextmanager
    def expecting(self, pattern: str) -> Iterator[None]:
        """Let the block provoke complaints of one kind: a refusal, a lost connection."""
        self._expected.append(re.compile(pattern))
        try:
            yield
        finally:
            self._expected.pop()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _is_the_vendors(message):
            self._note(f"{message.text} ({message.location.get('url', '')})")

    def _note(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._expected):
            self.complaints.append(text)


def _is_the_vendors(message: ConsoleMessage) -> bool:
    """Tell the complaint about the mark of bpmn.io on a table: its code may not be changed."""
    on_a_decision = message.page is not None and "/decisions/" in message.page.url
    return on_a_decision and message.text.startswith("Applying inline style violates")


def ready(page: Page) -> None:
    """Return once the page is interactive."""
    page.wait_for_load_state("load")
    if page.locator(_ISLANDS).count():
        expect(page.locator("html")).to_have_attribute("data-ready", "1", timeout=20_000)


def go(page: Page, path: str) -> None:
    """Open a page of the product and wait until it is interactive."""
    page.goto(path)
    ready(page)


def audit_page(page: Page) -> list[str]:
    """Return what axe finds on the page: one line a violation."""
    return _audit(page, {"type": "tag", "values": _STANDARDS})


def audit_colours(page: Page) -> list[str]:
    """Return what axe finds of what another light may change."""
    return _audit(page, {"type": "rule", "values": ["color-contrast", "link-in-text-block"]})


def _audit(page: Page, what: dict[str, Any]) -> list[str]:
    options = {"runOnly": what, "resultTypes": ["violations"]}
    found = Axe().run(page, context={"exclude": list(_NOT_OURS)}, options=options)
    return [_told(violation) for violation in found.response["violations"]]


def _told(violation: dict[str, Any]) -> str:
    nodes = "; ".join(
        f"{' '.join(map(str, node['target']))} {_why(node)}" for node in violation["nodes"][:4]
    )
    return f"{violation['id']}: {violation['help']} ({len(violation['nodes'])}): {nodes}"


def _why(node: dict[str, Any]) -> str:
    said = [check["message"] for check in [*node["any"], *node["all"], *node["none"]]]
    return said[0] if said else ""


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    found = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(found)


def api(page: Page, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Ask the API as this person's browser would, and return the answer."""
    cookies = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    sent = {"X-CSRFToken": cookies["interlock_csrf"] or "", "Referer": page.url}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return page.request.fetch(path, method=method, data=body, headers=sent)
