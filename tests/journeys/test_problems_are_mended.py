"""A problem is seen on the drawing, mended by one click, and a part becomes a sub-process."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from demo import models
from tests.journeys.conftest import Visit
from tests.journeys.drawing import Editor
from tests.journeys.round_trips import imported

MODEL = Path(models.__path__[0]) / "access-revocation.bpmn"
MERGE = "all_gone"


def without_a_join(folder: Path) -> Path:
    """Return the file with an exclusive gateway where its branches are joined."""
    text = MODEL.read_text("utf-8")
    join = re.compile(rf'<bpmn:parallelGateway (id="{MERGE}".*?)</bpmn:parallelGateway>', re.DOTALL)
    changed = join.sub(r"<bpmn:exclusiveGateway \1</bpmn:exclusiveGateway>", text)
    assert changed != text
    file = folder / "revocation.bpmn"
    file.write_text(changed, "utf-8")
    return file


def test_a_problem_shows_its_run_is_mended_and_a_part_is_extracted(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("Yusuf Demir")
    imported(page, without_a_join(tmp_path))
    editor = Editor(page)

    shown = editor.problems.get_by_role("button", name=re.compile("Two tokens can come to"))
    shown.click()
    expect(page).to_have_url(re.compile(rf"element={MERGE}\b"))
    expect(page.get_by_role("img", name="2 tokens")).to_be_visible()
    expect(page.locator(".djs-element.on-path").first).to_be_attached()

    editor.problems.get_by_role("button", name="Wait for all").click()
    expect(shown).to_have_count(0, timeout=20_000)
    expect(page.get_by_role("img", name="2 tokens")).to_have_count(0)

    extracted_and_taken_back(page, editor)
    editor.problems.get_by_role("checkbox", name=re.compile("hints")).check()
    steps = page.locator('.djs-shape:not([data-element-id$="_label"])')
    before = steps.count()
    editor.problems.get_by_role("button", name="Add an error event").first.click()
    expect(steps).to_have_count(before + 2)


def extracted_and_taken_back(page: Page, editor: Editor) -> None:
    """Make a sub-process of the part that is proposed, see it saved, and undo it at once."""
    page.get_by_role("application", name="Diagram").click(position={"x": 300, "y": 20})
    measures = editor.problems.get_by_role("button", name="Complexity")
    measures.click()
    size = editor.problems.get_by_role("row", name=re.compile("^Steps, events and gateways"))
    before = size.inner_text()
    editor.problems.get_by_role("button", name="Extract a sub-process").click()
    page.get_by_role("dialog").get_by_role("button", name="Extract", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".djs-shape .djs-visual").first).to_be_visible()
    saved(page)
    measures.click()
    measures.click()
    expect(editor.problems.get_by_role("heading", level=3)).to_have_count(2, timeout=20_000)
    assert size.first.inner_text() != before

    page.get_by_role("button", name="Undo").click()
    saved(page)
    measures.click()
    measures.click()
    expect(editor.problems.get_by_role("heading", level=3)).to_have_count(1, timeout=20_000)
    assert size.inner_text() == before
    measures.click()


def saved(page: Page) -> None:
    """Save, and wait until that is done."""
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible(timeout=20_000)
