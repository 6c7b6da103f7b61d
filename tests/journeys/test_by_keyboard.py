"""Without a mouse: into the page, through the bar, along the rows, to the act."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import go
from tests.journeys.conftest import Visit

MOST_TABS = 60


def test_the_first_stop_leads_past_the_bar(visit: Visit) -> None:
    page = visit("Ana Ruiz")
    go(page, "/processes")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_tab_reaches_the_bar_the_rows_and_the_act_in_the_order_they_are_seen(visit: Visit) -> None:
    page = visit("Ana Ruiz")
    go(page, "/processes")
    stops = [
        page.get_by_role("navigation", name="Main").get_by_role("link", name="My work"),
        page.get_by_role("link", name="New process"),
        page.get_by_role("searchbox"),
        page.get_by_role("link", name="Access revocation"),
    ]
    for stop in stops:
        tab_to(page, stop)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/processes/access-revocation$"))


def test_keys_move_along_rows_and_open_what_they_stand_on(visit: Visit) -> None:
    page = visit("Ana Ruiz")
    go(page, "/processes")
    page.keyboard.press("j")
    expect(page.locator("[data-rows] .row-link").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-rows] .row-link").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/processes/access-request$"))


def test_a_reviewer_votes_without_a_mouse(visit: Visit) -> None:
    page = visit("Priya Nair")
    go(page, "/reviews")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/reviews/[0-9a-f-]{36}$"))
    go(page, page.url)
    page.keyboard.press("c")
    expect(page.locator("#verdict-comment")).to_be_focused()
    tab_to(page, page.get_by_role("button", name=re.compile("^Approve version")))


def tab_to(page: Page, stop: Locator) -> None:
    """Press Tab until a control is focused.

    Raises:
        AssertionError: it is not reached.
    """
    expect(stop).to_be_visible()
    for _ in range(MOST_TABS):
        if stop.evaluate("control => control === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {stop}.")
