"""A model is played through with tokens, by key, button and click; nothing of it is edited."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import audit_colours, audit_page
from tests.journeys.conftest import Visit
from tests.journeys.drawing import Editor
from tests.journeys.round_trips import imported
from tests.support.drawings import drawing

#: One way is chosen of two, and then both are waited for.
STUCK = drawing(
    '<startEvent id="asked" name="Asked"/><exclusiveGateway id="which" name="Which?"/>'
    '<userTask id="look" name="Look"/><userTask id="approve" name="Approve"/>'
    '<boundaryEvent id="late" name="Too late" attachedToRef="look">'
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
    '<parallelGateway id="both" name="Both"/><endEvent id="done" name="Done"/>'
    '<endEvent id="given_up" name="Given up"/>'
    '<sequenceFlow id="f1" sourceRef="asked" targetRef="which"/>'
    '<sequenceFlow id="f2" name="by looking" sourceRef="which" targetRef="look"/>'
    '<sequenceFlow id="f3" name="by asking" sourceRef="which" targetRef="approve"/>'
    '<sequenceFlow id="f4" sourceRef="look" targetRef="both"/>'
    '<sequenceFlow id="f5" sourceRef="approve" targetRef="both"/>'
    '<sequenceFlow id="f6" sourceRef="both" targetRef="done"/>'
    '<sequenceFlow id="f7" sourceRef="late" targetRef="given_up"/>'
)


def test_a_model_is_played_through_and_shows_who_waits_in_vain(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("Ana Ruiz")
    model = tmp_path / "played-through.bpmn"
    model.write_bytes(STUCK)
    imported(page, model)
    editor = Editor(page)

    page.keyboard.press("t")
    expect(game(page).get_by_role("button", name="Play")).to_be_focused()
    come_to_where_it_is_stuck(page, editor)
    assert audit_page(page) == []
    page.emulate_media(color_scheme="dark")
    assert audit_colours(page) == []
    let_it_play_to_the_end(page, editor)
    edit_nothing_before_one_has_left(page, editor)


def game(page: Page) -> Locator:
    """Return what stands beside the paper."""
    return page.get_by_role("complementary", name="Play through")


def come_to_where_it_is_stuck(page: Page, editor: Editor) -> None:
    """Step on, choose a way on the paper and what happens by a button, up to the join."""
    page.keyboard.press("s")
    page.mouse.click(*editor.middle("f2"))
    page.keyboard.press("s")
    expect(game(page).get_by_role("button", name="Too late happens")).to_be_visible()
    game(page).get_by_role("button", name="Look is done").press("Enter")
    expect(game(page).get_by_role("status")).to_contain_text(
        "“Both” waits for a token from “Approve” which can no longer come."
    )
    assert said(page)[:2] == ["A run begins at “Asked”.", "“Which?”: by looking."]
    expect(page.locator(".flow-count")).to_have_count(3)


def let_it_play_to_the_end(page: Page, editor: Editor) -> None:
    """Start over, let the time limit happen on the paper, and have the rest go on by itself."""
    page.keyboard.press("r")
    assert said(page) == []
    page.keyboard.press("s")
    page.mouse.click(*editor.middle("f2"))
    page.keyboard.press("s")
    page.mouse.click(*editor.middle("late"))
    game(page).get_by_label("Speed").select_option("Fast")
    game(page).get_by_role("button", name="Play").click()
    expect(game(page).get_by_role("log")).to_contain_text("The run has ended.")


def said(page: Page) -> list[str]:
    """Return what happened, line by line."""
    return page.get_by_role("log", name="What happened").get_by_role("listitem").all_inner_texts()


def edit_nothing_before_one_has_left(page: Page, editor: Editor) -> None:
    """Press what would edit, leave, and find everything as it was; then it can be edited."""
    page.mouse.click(*editor.middle("look"))
    for key in ("Delete", "n", "a", "Control+z"):
        page.keyboard.press(key)
    expect(page.locator(".djs-popup")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(game(page)).to_have_count(0)
    expect(page.locator(".shown-token, .flow-count")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    editor.select("look")
    page.keyboard.press("Delete")
    expect(editor.element("look")).to_have_count(0)
    expect(page.locator('[data-slot="saved"]')).to_contain_text(re.compile("Edited|Saved"))
