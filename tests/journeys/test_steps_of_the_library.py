"""A step of the library is chosen by what it does, filled in, and upgraded after a look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.browsing import audit_page, go, ready
from tests.journeys.conftest import Visit
from tests.journeys.drawing import Editor
from tests.support.templates import a_template, an_input

NEEDED = {"notEmpty": True}
HOW = [{"name": "Softly", "value": "soft"}, {"name": "Hard", "value": "hard"}]
SERVICE = an_input("service", label="Service", constraints=NEEDED)
ADDRESS = an_input("url", type="Hidden", value='="https://ops.example/" + service')
METHOD = an_input("method", type="Hidden", value="POST")
FIRST = (
    SERVICE,
    an_input("how", id="how", label="How", type="Dropdown", choices=HOW, value="soft"),
    an_input("why", label="Why", condition={"property": "how", "equals": "hard"}),
    METHOD,
    ADDRESS,
)
SECOND = (SERVICE, an_input("ticket", label="Ticket", constraints=NEEDED), METHOD, ADDRESS)


def add(page: Page, folder: Path, *fields: dict[str, Any], version: int) -> None:
    """Add a version of the template as whoever keeps the catalogue."""
    file = folder / "restart.json"
    file.write_text(json.dumps(a_template(*fields, version=version)))
    go(page, "/steps/add")
    page.get_by_label("Template file").set_input_files(file)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Restart a service")).to_be_visible()


def opened(visit: Visit) -> Editor:
    """Return the editor with the draft of the demo's process."""
    page = visit("Ana Ruiz")
    go(page, "/processes/dns-record-change")
    page.locator('a[href^="/drafts/"]').first.click()
    ready(page)
    return Editor(page)


def test_a_step_is_chosen_filled_in_and_upgraded(visit: Visit, tmp_path: Path) -> None:
    keeper = visit("Helena Brandt")
    add(keeper, tmp_path, *FIRST, version=1)
    editor = opened(visit)
    page, panel = editor.page, editor.panel

    choose(page, "waits until it answers")
    expect(panel.get_by_role("heading", name="Restart a service").first).to_be_visible()
    panel.get_by_label("How", exact=True).select_option("hard")
    fill(page, "Why", "It hangs")
    fill(page, "Service", "mail")
    page.keyboard.press("Control+s")
    expect(page.locator('[data-slot="saved"]')).to_contain_text("Saved", timeout=15_000)

    add(keeper, tmp_path, *SECOND, version=2)
    page.reload()
    ready(page)
    upgrade(editor)
    expect(panel.get_by_label("Ticket", exact=True)).to_be_visible()
    expect(panel.get_by_label("Service", exact=True)).to_have_value("mail")
    page.get_by_role("button", name="Undo").click()
    expect(panel.get_by_label("Why", exact=True)).to_have_value("It hangs")


def choose(page: Page, words: str) -> None:
    """Choose a step of the library by what it does, with the keyboard alone."""
    page.keyboard.press("l")
    library = page.get_by_role("dialog", name="Step library")
    library.get_by_role("combobox").fill(words)
    expect(library.get_by_role("option")).to_have_count(1, timeout=15_000)
    assert not audit_page(page)
    page.keyboard.press("Enter")


def fill(page: Page, label: str, value: str) -> None:
    """Type into a field of the template and leave it."""
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Tab")
    expect(field).to_have_value(value)


def upgrade(editor: Editor) -> None:
    """Look at what the newer version changes, then take it."""
    expect(editor.panel).to_contain_text("version 2 is there", timeout=15_000)
    editor.open_group("Library")
    editor.panel.get_by_role("button", name="Upgrade to version 2").click()
    impact = editor.page.get_by_role("dialog")
    expect(impact).to_contain_text("“Why” is gone; “It hangs” is lost.", timeout=15_000)
    expect(impact).to_contain_text("It asks for “Ticket”, which is empty.")
    impact.get_by_role("button", name="Upgrade").click()
