"""A form and a decision of a draft: made with mouse and keyboard, and tried as they are drawn."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.browsing import go, ready
from tests.journeys.conftest import Visit


def test_a_form_is_built_and_seen_as_the_server_draws_it(visit: Visit) -> None:
    page = visit("Ana Ruiz")
    begin(page, "New form", "outage")
    sheet = page.get_by_role("region", name="Preview")

    page.get_by_role("button", name="Yes or no").click()
    page.get_by_label("Label").fill("Customers notice it")
    page.get_by_role("button", name="Number").click()
    page.get_by_label("Label").fill("Minutes down")
    page.get_by_label("Needs an answer").check()
    page.get_by_label("Hidden when").fill("= customers_notice_it != true")
    expect(sheet.get_by_label("Customers notice it")).to_be_visible()
    expect(sheet.get_by_label("Minutes down")).to_have_count(0)

    sheet.get_by_label("Customers notice it").check()
    expect(sheet.get_by_label("Minutes down")).to_be_visible()
    page.get_by_role("button", name="Check what is typed").click()
    expect(sheet).to_contain_text("Minutes down is needed.")
    sheet.get_by_label("Minutes down").fill("12")
    page.get_by_role("button", name="Check what is typed").click()
    expect(sheet).to_contain_text('"minutes_down": "12"')

    keep_the_last_first_by_keyboard(page, "Minutes down")


def keep_the_last_first_by_keyboard(page: Page, field: str) -> None:
    """Move the last field to the beginning without a mouse, save, and find it there again."""
    fields = page.get_by_role("listbox")
    fields.focus()
    page.keyboard.press("End")
    page.keyboard.press("Alt+ArrowUp")
    expect(fields.get_by_role("option").first).to_contain_text(field)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    page.reload()
    ready(page)
    expect(fields.get_by_role("option").first).to_contain_text(field)


def test_a_decision_is_edited_analysed_and_tried(visit: Visit) -> None:
    page = visit("Ana Ruiz")
    begin(page, "New decision", "who-is-told")
    findings = page.get_by_role("region", name="Findings")
    trial = page.get_by_role("region", name="Try it")
    expect(findings).to_contain_text("Every input meets a rule")

    page.locator("td.input-cell").first.click()
    page.keyboard.type("< 60")
    page.locator(".decision-table-name").click()
    expect(findings).to_contain_text("No rule matches where Amount: >= 60.")

    trial.get_by_label("amount").fill("30")
    expect(trial).to_contain_text("rule 1 matched")
    expect(trial).to_contain_text('"yes"')
    expect(page.locator("td.rule-index.is-matched")).to_have_count(1)
    trial.get_by_label("amount").fill("90")
    expect(trial).to_contain_text("no rule matched")
    expect(page.locator("td.rule-index.is-matched")).to_have_count(0)


def begin(page: Page, kind: str, name: str) -> None:
    """Begin a file of the draft that is still drawn, from its own page."""
    go(page, "/processes/dns-record-change")
    page.locator('a.row-link[href^="/drafts/"]').first.click()
    ready(page)
    page.get_by_role("link", name="Forms and decisions").click()
    section = page.locator("section", has=page.get_by_role("button", name=kind))
    section.get_by_label("Name", exact=True).fill(name)
    section.get_by_role("button", name=kind).click()
    ready(page)
