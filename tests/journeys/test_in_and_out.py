"""A runbook comes in as a drawing that tells what was assumed, and goes out as a picture."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.browsing import audit_page, go, ready
from tests.journeys.conftest import Visit
from tests.journeys.pictures import a_runbook


def test_a_runbook_is_previewed_imported_and_handed_out_as_a_picture(visit: Visit) -> None:
    page = visit("Yusuf Demir")
    go(page, "/processes/import")
    a_runbook(page)
    preview = page.locator("#import-preview")
    expect(preview).to_contain_text("Markdown runbook")
    expect(preview).to_contain_text("One approval is enough.")
    assert audit_page(page) == []
    page.get_by_label("Name", exact=True).fill("Renew a certificate by the book")
    page.get_by_label("Key").fill("renew-by-the-book")
    page.get_by_label("Review board").select_option(label="Change Advisory Board")
    page.get_by_role("button", name="Import and open").click()
    expect(page).to_have_url(re.compile(r"/drafts/[^/]+/edit"), timeout=20_000)
    ready(page)

    assumed = page.get_by_text("things were assumed")
    assumed.click()
    page.get_by_role("link", name=re.compile("smoke test” is done by a system")).click()
    expect(page).to_have_url(re.compile("element=automatically_run_the_smoke_test"))
    ready(page)

    page.get_by_text("Picture", exact=True).click()
    with page.expect_download() as fetched:
        page.get_by_role("button", name="As PNG").click()
    picture = Path(fetched.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000


def test_two_versions_stand_beside_each_other_and_a_process_reads_as_a_document(
    visit: Visit,
) -> None:
    page = visit("Ana Ruiz")
    go(page, "/processes/production-change")
    page.get_by_role("link", name="Compare two").click()
    ready(page)
    expect(page.locator("#canvas-before .djs-shape").first).to_be_visible()
    expect(page.locator("#canvas-after .djs-shape").first).to_be_visible()
    assert audit_page(page) == []
    page.get_by_label("From").select_option("2")
    page.get_by_label("to", exact=True).select_option("1")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(r"from=2&to=1"))

    go(page, "/processes/production-change/documentation")
    expect(page.get_by_role("heading", name="How to stop it")).to_be_visible()
    assert audit_page(page) == []
