"""What is typed in the editor's panel goes to the part that is selected, however fast one is."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from demo import models
from tests.journeys.conftest import Visit
from tests.journeys.drawing import Editor
from tests.journeys.round_trips import imported

MODEL = Path(models.__path__[0]) / "access-revocation.bpmn"
OTHER_MODEL = MODEL.with_name("access-request.bpmn")
AS_LONG_AS_A_FINGER_TAKES = 120
"""Milliseconds."""

#: In one breath, before the page could be drawn anew: select a part and name it.
_SELECT_AND_NAME = """([part, name]) => {
  const shape = document.querySelector(`.djs-element[data-element-id="${part}"]`);
  const hit = shape.querySelector(".djs-hit");
  for (const kind of ["mousedown", "mouseup", "click"]) {
    hit.dispatchEvent(new MouseEvent(kind, { bubbles: true, button: 0, detail: 1 }));
  }
  const field = document.querySelector('[data-field="name"]');
  field.focus();
  field.value = name;
  field.blur();
}"""


def test_a_name_typed_right_after_selecting_is_the_selected_parts(visit: Visit) -> None:
    page = visit("Yusuf Demir")
    imported(page, MODEL)
    editor = Editor(page)
    first, second = tasks(page)[:2]
    editor.name(first, "Look at the request")

    page.evaluate(_SELECT_AND_NAME, [second, "Take the rights away"])

    expect(editor.panel.get_by_role("heading", name="Take the rights away")).to_be_visible()
    editor.select(first)
    expect(editor.panel.get_by_label("Name").first).to_have_value("Look at the request")


def test_a_click_that_leaves_a_field_counts_and_what_was_typed_stays(visit: Visit) -> None:
    page = visit("Yusuf Demir")
    imported(page, OTHER_MODEL)
    editor = Editor(page)
    editor.select(re.findall(r'<bpmn:userTask id="([^"]+)"', OTHER_MODEL.read_text("utf-8"))[0])
    editor.open_group("Form")
    editor.panel.get_by_role("button", name="Add a field").click()

    editor.panel.get_by_label("variable", exact=True).last.fill("server_name")
    shown = editor.panel.get_by_label("only shown", exact=True).last
    box = shown.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.wait_for_timeout(AS_LONG_AS_A_FINGER_TAKES)
    page.mouse.up()

    expect(shown).to_be_checked()
    expect(editor.panel.get_by_label("variable", exact=True).last).to_have_value("server_name")


def tasks(page: Page) -> list[str]:
    """Return the ids of the tasks on the paper."""
    found = page.locator(".djs-shape[data-element-id]:has(rect[rx])").evaluate_all(
        "shapes => shapes.map(shape => shape.dataset.elementId)"
    )
    return [str(one) for one in found]
