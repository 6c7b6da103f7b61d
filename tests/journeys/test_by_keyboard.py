"""Without a mouse: into the page, through the bar, along the rows, to the act."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import audit_colours, audit_page, go
from tests.journeys.conftest import Visit
from tests.journeys.drawing import BEGINNING, Editor
from tests.journeys.round_trips import imported

MOST_TABS = 60
_DRAW_ANEW = """() => new Promise((done) => {
  const panel = document.querySelector(".editor-panel");
  const seen = (_, watch) => (watch.disconnect(), done());
  new MutationObserver(seen).observe(panel, { childList: true });
  document.dispatchEvent(new CustomEvent("interlock:panel"));
})"""


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


def test_a_process_with_a_gateway_a_gate_and_a_retry_is_modelled_in_the_outline(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("Ana Ruiz")
    beginning = tmp_path / "by-outline.bpmn"
    beginning.write_text(BEGINNING, encoding="utf-8")
    imported(page, beginning)
    outline = Outline(page)

    model_five_steps(outline)
    say_when_each_way_is_taken(outline)
    say_who(outline)
    stay_where_one_is_while_it_is_drawn_anew(outline)
    give_a_retry(outline)
    connect_delete_and_undo(outline)
    put_into_a_sub_process(outline)
    hear_and_see_it(outline)
    be_told_that_it_is_valid(page)


class Outline:
    """The outline of the editor, and the keys that are pressed there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.editor = Editor(page)
        page.keyboard.press("o")
        expect(self.item("Start")).to_be_focused()

    def item(self, name: str) -> Locator:
        """Return an item by how its spoken name begins."""
        return self.page.get_by_role("treeitem", name=re.compile(f"^{re.escape(name)}"))

    def go_to(self, name: str) -> None:
        """Type the beginning of an item's line; it is selected in the drawing as well."""
        self.page.keyboard.press("Home")
        self.page.keyboard.press(f"Shift+{name[0]}")
        self.page.keyboard.type(name[1:])
        self.page.keyboard.press("Escape")
        expect(self.focused).to_contain_text(re.compile(f"^{re.escape(name)}"))
        expect(self.focused).to_have_attribute("aria-selected", "true")

    @property
    def focused(self) -> Locator:
        """Return the item stood on."""
        return self.page.locator('[role="treeitem"]:focus')

    def add(self, part: str, name: str) -> None:
        """Add a part after the item stood on, and name it."""
        before = self.page.locator('[role="treeitem"]').count()
        self.choose("a", part)
        expect(self.page.locator('[role="treeitem"]')).not_to_have_count(before)
        self.rename(name)

    def choose(self, key: str, words: str) -> None:
        """Open a list by its key, and take what fits the words."""
        self.page.keyboard.press(key)
        expect(self.page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def rename(self, name: str) -> None:
        """Name the item stood on."""
        self.page.keyboard.press("F2")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        expect(self.focused).to_have_attribute("aria-label", re.compile(re.escape(name)))
        expect(self.focused).to_have_attribute("aria-selected", "true")

    def set(self, label: str, value: str) -> None:
        """From the properties: go on to a field and fill it in."""
        field = self.editor.panel.get_by_label(label).first
        tab_to(self.page, field)
        self.page.keyboard.type(value)
        self.page.keyboard.press("Tab")

    def unfold(self, group: str) -> None:
        """From the properties: go on to a group and open it, unless it is open."""
        fold = self.editor.panel.locator("details").filter(
            has=self.page.locator("summary", has_text=re.compile(f"^{group}"))
        )
        tab_to(self.page, fold.locator("> summary"))
        if fold.get_attribute("open") is None:
            self.page.keyboard.press("Enter")

    def configure(self, name: str) -> None:
        """Go to an item, and on to its properties."""
        self.go_to(name)
        self.page.keyboard.press("Enter")
        expect(self.editor.panel.locator("summary").first).to_be_focused()

    def back(self) -> None:
        """Return from the properties."""
        self.page.keyboard.press("Escape")
        expect(self.focused).to_be_visible()


def model_five_steps(outline: Outline) -> None:
    """Add parts after each other; a gate put after a step that is followed goes between."""
    outline.add("person", "Ask")
    outline.add("decide", "Agreed?")
    outline.add("service", "Do it")
    outline.add("person", "Tell")
    outline.add("end", "Done")
    outline.go_to("Ask")
    outline.add("gate", "Agree")
    expect(outline.item("Decision Agreed?, after Gate Agree")).to_be_visible()
    outline.go_to("Agreed?")
    outline.add("end", "Left alone")
    expect(outline.item("Way, 2 of 2 after Decision Agreed?")).to_be_visible()


def say_when_each_way_is_taken(outline: Outline) -> None:
    """Name the ways; write the condition of one, and make the other the default."""
    outline.go_to("Agreed?")
    outline.page.keyboard.press("ArrowRight")
    outline.rename("yes")
    outline.configure("yes")
    outline.set("Taken when", '= decision = "approve"')
    outline.back()
    outline.go_to("Way")
    outline.page.keyboard.press("Enter")
    tab_to(outline.page, outline.editor.panel.get_by_label("Otherwise"))
    outline.page.keyboard.press("Space")
    outline.back()
    expect(outline.item("Way Otherwise, 2 of 2")).to_be_focused()


def say_who(outline: Outline) -> None:
    """Name the team of each step that people do."""
    for name in ("Ask", "Agree", "Tell"):
        outline.configure(name)
        outline.set("Who may do it", "service-desk")
        outline.back()


def stay_where_one_is_while_it_is_drawn_anew(outline: Outline) -> None:
    """Have an edit from elsewhere draw the panel anew: half a word, the caret and the help stay."""
    page, panel = outline.page, outline.editor.panel
    outline.configure("yes")
    condition = panel.get_by_label("Taken when")
    tab_to(page, condition)
    page.keyboard.press("Control+a")
    page.keyboard.type('= decision = "approve" and urgent')
    for _ in "urgent":
        page.keyboard.press("ArrowLeft")
    drawn_anew(page)
    page.keyboard.type("not ")
    expect(condition).to_have_value('= decision = "approve" and not urgent')
    help_button = panel.get_by_role("button", name="Sample data")
    expect(help_button).to_be_visible()
    page.keyboard.press("Tab")
    expect(help_button).to_be_focused()
    drawn_anew(page)
    expect(help_button).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type('= decision = "approve"')
    page.keyboard.press("Tab")
    outline.back()


def drawn_anew(page: Page) -> None:
    """Have the panel drawn anew, as an edit from elsewhere does, and wait until it was."""
    page.evaluate(_DRAW_ANEW)


def give_a_retry(outline: Outline) -> None:
    """Say what the service calls, and how often it is tried."""
    outline.configure("Do it")
    outline.set("Calls", "HTTP")
    outline.set("Address", "= connection.itsm")
    outline.unfold("Retry and errors")
    outline.set("Attempts", "5")
    outline.set("First delay", "30 s")
    picture = outline.editor.panel.get_by_role("img", name=re.compile("after about 3 min 45 s"))
    expect(picture).to_be_visible()
    outline.back()


def connect_delete_and_undo(outline: Outline) -> None:
    """Lead a way back, take it away again; one undo is one act."""
    page = outline.page
    outline.go_to("Agreed?")
    outline.choose("c", "ask")
    back = outline.item("Way, 3 of 3 after Decision Agreed?, goes on with User task Ask")
    expect(back).to_be_focused()
    page.keyboard.press("Delete")
    expect(back).to_have_count(0)
    expect(outline.focused).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("region", name="Outline").get_by_role("status")).to_contain_text(
        "Way deleted. Now at"
    )
    page.keyboard.press("Control+z")
    expect(back).to_be_visible()
    page.keyboard.press("Control+z")
    expect(back).to_have_count(0)


def put_into_a_sub_process(outline: Outline) -> None:
    """Add an empty sub-process, and steps inside of it; then take it all back."""
    page = outline.page
    outline.go_to("Tell")
    outline.add("sub-process", "Clean up")
    level = int(outline.focused.get_attribute("aria-level") or "")
    for name in ("Wipe", "Check"):
        outline.go_to("Clean up")
        outline.choose("i", "person")
        outline.rename(name)
        expect(outline.focused).to_have_attribute("aria-level", str(level + 1))
    for _ in range(6):
        page.keyboard.press("Control+z")
    expect(outline.item("Sub-process Clean up")).to_have_count(0)


def hear_and_see_it(outline: Outline) -> None:
    """The order is that of the flow; what is clicked is stood on; axe finds nothing."""
    page = outline.page
    expect(page.get_by_role("treeitem")).to_have_count(10)
    outline.go_to("Do it")
    service = outline.editor.selected
    outline.go_to("Start")
    outline.editor.select(service)
    expect(outline.item("Service task Do it")).to_have_attribute("aria-selected", "true")
    expect(outline.item("Service task Do it")).to_have_attribute("tabindex", "0")
    assert audit_page(page) == []
    page.emulate_media(color_scheme="dark")
    assert audit_colours(page) == []


def be_told_that_it_is_valid(page: Page) -> None:
    """Have what was modelled saved and checked, and find all of it after opening it again."""
    tab_to(page, page.get_by_role("button", name="Validate"))
    page.keyboard.press("Enter")
    expect(page.locator('[data-slot="saved"]')).to_contain_text("Saved")
    problems = page.get_by_role("region", name="Problems")
    expect(problems.get_by_role("button").filter(has_text="Blocks review")).to_have_count(0)
    go(page, page.url)
    expect(page.get_by_role("treeitem")).to_have_count(10)


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
