"""A draft with a form and a decision: tried, kept as a scenario, and judged by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.browsing import go, ready
from tests.journeys.conftest import Visit
from tests.journeys.round_trips import uploaded
from tests.unit.engine.sandbox.models import FILES, MODEL


def test_a_draft_is_tried_kept_as_a_scenario_and_judged_by_it(visit: Visit, tmp_path: Path) -> None:
    page = visit("Ana Ruiz")
    go(page, f"/drafts/{an_outage(page, tmp_path)}/edit")
    page.get_by_role("link", name="Try it").click()
    ready(page)

    begin_with_a_failure(page)
    hand_in(page)
    keep_and_run_again(page)

    page.get_by_role("link", name="Back to the drawing").click()
    ready(page)
    page.get_by_role("button", name="Request review").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What changes, and why").fill("Tried")
    dialog.get_by_role("button", name="Request review").click()
    expect(page.get_by_text("1 of 1 pass")).to_be_visible()


def begin_with_a_failure(page: Page) -> None:
    """Let the ticket fail once, begin, and let time pass until it is tried again."""
    story = page.get_by_role("region", name="What happened")
    page.get_by_label("What Open a ticket gets").select_option(label="Fails for a while")
    page.get_by_role("button", name="Begin the trial").click()
    inputs = page.get_by_role("complementary", name="What goes in")
    expect(inputs).to_contain_text("Minutes down is needed.")

    page.get_by_label("Minutes down").fill("90")
    page.get_by_role("button", name="Begin the trial").click()
    expect(story).to_contain_text("Weigh it decides urgency: rule 2 matched.")
    expect(story).to_contain_text("Open a ticket fails, attempt 1 of 3: The system answers 503.")
    page.get_by_role("button", name="later").click()
    expect(story).to_contain_text("Open a ticket is done.")


def hand_in(page: Page) -> None:
    """Hand in the step of a person, first without what its form asks for."""
    mend = page.get_by_role("region", name="Approve the mend")
    mend.get_by_role("button", name="Hand in").click()
    expect(mend).to_contain_text("How it is mended is needed.")
    mend.get_by_label("How it is mended").fill("Restart")
    mend.get_by_role("button", name="Hand in").click()
    expect(page.locator('[data-slot="state"]')).to_have_text("Completed")


def keep_and_run_again(page: Page) -> None:
    """Keep the trial, and run it again with all others."""
    page.get_by_role("button", name="Save as scenario").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("A long outage")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_role("region", name="Scenarios")).to_contain_text("1 of 1 pass")


def an_outage(page: Page, folder: Path) -> str:
    """Return a draft of the small process, imported with its forms and its decision."""
    go(page, "/processes")
    model = folder / "outage.bpmn"
    model.write_text(MODEL)
    draft = uploaded(page, model)
    for revision, (name, text) in enumerate(FILES.items(), start=1):
        kind, field = ("decisions", "xml") if name.endswith(".dmn") else ("forms", "json")
        put(page, f"/api/v1/drafts/{draft}/{kind}/{name}", {field: text}, revision)
    return draft


def put(page: Page, path: str, body: dict[str, Any], revision: int) -> None:
    cookies = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    headers = {
        "X-CSRFToken": cookies["interlock_csrf"] or "",
        "Referer": page.url,
        "If-Match": f'"{revision}"',
    }
    answer = page.request.put(path, headers=headers, data=body)
    assert answer.ok, answer.text()
