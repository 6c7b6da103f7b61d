"""A run page that lost its connection shows, once it is back, all that happened meanwhile."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import Watch, go
from tests.journeys.conftest import Visit
from tests.journeys.installation import Installation

#: A change of the demo company that waits for the board.
CHANGE = "Upgrade core-db-03"
#: What a browser says of a server that is away.
LOST = r"WebSocket|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE"
LIVE = '[data-slot="live"]'


def test_a_run_page_resumes_without_a_gap_after_the_web_was_killed(
    visit: Visit, installation: Installation, watch: Watch
) -> None:
    approver, watcher = visit("Marek Novak"), visit("Nora Haugen")
    run = open_gate(approver)
    go(watcher, run)
    expect(gate_of(watcher)).to_have_class(re.compile("is-waiting"))
    expect(watcher.locator(LIVE)).to_have_attribute("data-live", "on")
    with watch.expecting(LOST):
        watcher.context.set_offline(True)
        installation.kill_web()
        expect(watcher.locator(LIVE)).to_have_attribute("data-live", "off", timeout=30_000)
        installation.await_web()
        approver.get_by_label("Reason").fill("The way back is rehearsed.")
        approver.get_by_role("button", name="Approve").click()
        expect(approver).not_to_have_url(re.compile("task="))
        expect(gate_of(watcher)).to_have_class(re.compile("is-waiting"))
        watcher.context.set_offline(False)
        expect(watcher.locator(LIVE)).to_have_attribute("data-live", "on", timeout=60_000)
    expect(gate_of(watcher)).to_have_class(re.compile("is-completed"), timeout=10_000)
    late = visit("Nora Haugen")
    go(late, run)
    expect(late.locator(LIVE)).to_have_attribute("data-live", "on")
    for element, state in states(late).items():
        shown = watcher.locator(f'.djs-element[data-element-id="{element}"]')
        expect(shown).to_have_class(re.compile(state))


def open_gate(approver: Page) -> str:
    """Open the gate of the change in My work; return the address of its run."""
    go(approver, "/work")
    approver.get_by_role("link", name=re.compile(CHANGE)).first.click()
    link = approver.locator('.panel-head a[href^="/runs/"]')
    return (link.get_attribute("href") or "").partition("?")[0]


def gate_of(page: Page) -> Locator:
    """Return the gate as the run page draws it."""
    return page.locator('.djs-element[data-element-id="approve_change"]')


def states(page: Page) -> dict[str, str]:
    """Return what the diagram says of each element that has been reached for good."""
    marks = ("is-completed", "is-taken", "is-cancelled")
    found = {}
    for mark in marks:
        for shape in page.locator(f".djs-element.{mark}").all():
            found[shape.get_attribute("data-element-id") or ""] = mark
    return found
