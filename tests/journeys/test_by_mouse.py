"""A process is drawn by mouse: five steps with a gateway, a gate and a retry."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.drawing import BEGINNING, Editor
from tests.journeys.round_trips import imported

#: Where each shape stands on the paper, however the paper is seen.
_PLACES = (
    "shapes => shapes.map(shape => [shape.dataset.elementId, shape.getAttribute('transform')])"
)


def test_a_process_with_a_gateway_a_gate_and_a_retry_is_drawn_by_mouse(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("Ana Ruiz")
    beginning = tmp_path / "by-mouse.bpmn"
    beginning.write_text(BEGINNING, encoding="utf-8")
    imported(page, beginning)
    editor = Editor(page)

    way, write, tell = draw_five_steps(editor)
    write_a_condition(editor, way, write)
    give_a_retry(editor, write)
    tidy_and_put_back(editor)
    append_by_search(editor, tell)
    copy_and_paste(editor, write)


def tools(editor: Editor, name: str) -> Locator:
    """Return a button of the toolbar."""
    return editor.page.get_by_role("toolbar", name="Drawing").get_by_role("button", name=name)


def draw_five_steps(editor: Editor) -> tuple[str, str, str]:
    """Draw each from the palette or from the pad of the one before; return the last three."""
    x, y = editor.middle("asked")
    ask = editor.place_by_mouse("Person", x + 100, y)
    gate = editor.place_by_mouse("Gate", x + 280, y)
    way = editor.place_by_mouse("Decide", x + 430, y)
    editor.connect("asked", ask)
    editor.connect(ask, gate)
    editor.connect(gate, way)
    write = editor.append_by_mouse(way, "append.service-task")
    tell = editor.append_by_mouse(write, "append.service-task")
    for element, name in ((gate, "Agree"), (way, "Agreed?"), (write, "Do it")):
        editor.name(element, name)
    return way, write, tell


def write_a_condition(editor: Editor, way: str, write: str) -> None:
    """Complete a variable that is known there, see what is wrong, and what it comes to."""
    editor.select(editor.flow_between(way, write))
    field = editor.panel.get_by_label("Taken when")
    field.press_sequentially("= deci")
    expect(editor.panel.get_by_role("option")).to_contain_text("decision")
    field.press("Enter")
    field.press_sequentially(" = ")
    expect(editor.panel).to_contain_text("was expected")
    field.press_sequentially('"approve"')
    expect(editor.panel).to_contain_text("With the sample: true")
    expect(field).to_have_value('= decision = "approve"')


def give_a_retry(editor: Editor, write: str) -> None:
    """Set a retry in human words, see its picture, draw a way out; one undo takes that back."""
    shapes, panel = editor.page.locator(".djs-shape"), editor.panel
    editor.select(write)
    panel.get_by_label("Calls").select_option(label="HTTP request")
    editor.open_group("Retry and errors")
    editor.fill("Attempts", "5")
    editor.fill("First delay", "30 s")
    expect(panel.get_by_role("img", name=re.compile("after about 3 min 45 s"))).to_be_visible()
    drawn = shapes.count()
    panel.get_by_role("button", name="Draw what to do instead").click()
    expect(shapes).to_have_count(drawn + 3)
    editor.select(write)
    expect(panel).to_contain_text("RETRIES_EXHAUSTED: goes to User task")
    tools(editor, "Undo").click()
    expect(shapes).to_have_count(drawn)
    expect(panel.get_by_label("First delay").first).to_have_value("30 s")


def tidy_and_put_back(editor: Editor) -> None:
    """See what tidying would do; put back, everything stands where it stood."""
    shapes = editor.page.locator(".djs-shape")
    places = shapes.evaluate_all(_PLACES)
    tools(editor, "Tidy").click()
    back = editor.page.get_by_role("button", name="Put everything back")
    expect(back).to_be_visible()
    assert shapes.evaluate_all(_PLACES) != places
    back.click()
    expect(back).to_have_count(0)
    assert shapes.evaluate_all(_PLACES) == places


def append_by_search(editor: Editor, tell: str) -> None:
    """Find a part by what it does, and put it after the selected one, by key."""
    editor.select(tell)
    editor.page.keyboard.press("a")
    editor.page.keyboard.type("escal")
    offered = editor.page.locator(".djs-popup .entry")
    expect(offered.first).to_contain_text("Escalate")
    editor.page.keyboard.press("Enter")
    expect(offered).to_have_count(0)
    expect(editor.panel).to_contain_text("Code of the escalation")


def copy_and_paste(editor: Editor, write: str) -> None:
    """Copy a step; what is pasted does the same."""
    editor.select(write)
    editor.page.keyboard.press("Control+c")
    tools(editor, "Paste").click()
    expect(editor.page).not_to_have_url(re.compile(rf"element={write}"))
    expect(editor.panel.get_by_label("First delay").first).to_have_value("30 s")
