"""Two people talk about a step: named, answered, resolved; the step goes, and a draft follows."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from demo import models
from tests.journeys.browsing import api, audit_colours, audit_page, go
from tests.journeys.conftest import Visit
from tests.journeys.drawing import Editor
from tests.journeys.round_trips import uploaded

MODEL = Path(models.__path__[0]) / "certificate-rotation.bpmn"


def test_two_people_talk_about_a_step_that_goes_and_comes_back(
    visit: Visit, tmp_path: Path
) -> None:
    ana, grace = visit("Ana Ruiz"), visit("Grace Okafor")
    draft, step, name = a_draft(ana, tmp_path)

    go(ana, f"/drafts/{draft}/edit?element={step}")
    ask(ana, name)
    find_it_in_my_work(grace)
    write(grace, "Answer", "At night it is mine.")
    expect(comments(ana)).to_contain_text("At night it is mine.")

    editor = Editor(ana)
    editor.select(step)
    ana.keyboard.press("Delete")
    gone = f"“{name}” is no longer in the diagram."
    expect(comments(ana)).to_contain_text(gone)
    ana.keyboard.press("Control+z")
    expect(comments(ana).get_by_text(gone)).to_be_hidden()
    expect(pin(ana)).to_have_accessible_name("1 open comment")

    comments(grace).get_by_role("button", name="Resolve", exact=True).click()
    expect(pin(ana)).to_have_count(0)
    the_next_draft_knows_it(ana, draft, name)


def a_draft(page: Page, folder: Path) -> tuple[str, str, str]:
    """Import a model; return the id of its draft, and the id and name of a step."""
    model = folder / "talked-about.bpmn"
    model.write_bytes(MODEL.read_bytes())
    go(page, "/processes")
    return uploaded(page, model), "order", "Order new certificate"


def ask(page: Page, name: str) -> None:
    """Write about the selected step by key alone, and name somebody from the list."""
    page.keyboard.press("m")
    field = comments(page).get_by_label(f"About {name}")
    expect(field).to_be_focused()
    page.keyboard.type("Who does this at night? @gra")
    expect(page.get_by_role("option", name="Grace Okafor")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Who does this at night? @Grace Okafor ")
    page.keyboard.press("Control+Enter")
    expect(comments(page).locator(".mention")).to_have_text("@Grace Okafor")
    expect(field).to_have_value("")
    assert audit_page(page) == []
    page.emulate_media(color_scheme="dark")
    assert audit_colours(page) == []


def find_it_in_my_work(page: Page) -> None:
    """Open what names one from My work; it is read then."""
    go(page, "/work")
    notice = page.get_by_role("link", name="Ana Ruiz named you at Order new certificate")
    with page.expect_response(lambda answer: answer.url.endswith("/read")):
        notice.click()
    expect(comments(page)).to_contain_text("Who does this at night?")


def write(page: Page, label: str, text: str) -> None:
    """Answer the one thread that is asked for."""
    thread = page.locator(".comment-thread.is-asked")
    thread.get_by_role("button", name=label).click()
    thread.get_by_label(label, exact=True).fill(text)
    thread.get_by_role("button", name="Send").click()


def the_next_draft_knows_it(page: Page, draft: str, name: str) -> None:
    """Begin another draft of the process: the thread is there, resolved."""
    key = api(page, "GET", f"/api/v1/drafts/{draft}").json()["process"]["key"]
    follower = api(page, "POST", f"/api/v1/processes/{key}/drafts", {}).json()["id"]
    go(page, f"/drafts/{follower}/edit")
    page.get_by_role("button", name="Comments", exact=True).click()
    comments(page).get_by_role("button", name="Resolved 1").click()
    expect(comments(page)).to_contain_text("Grace Okafor resolved it")
    expect(comments(page)).to_contain_text(f"“{name}” is no longer in the diagram.")


def comments(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Comments")


def pin(page: Page) -> Locator:
    return page.locator(".badge--comment")
