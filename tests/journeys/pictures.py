"""Pictures of every main screen, from a demo installation that runs: `make pictures TO=FOLDER`.

In light and dark, at two sizes of window; the screens of the README and of the editor's pages into
docs/pictures, and each group of the editor's panel into docs/pictures/panel.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Page,
    expect,
    sync_playwright,
)

from config.setup import browser as browsers
from tests.journeys.browsing import go, ready
from tests.journeys.drawing import Editor
from tests.journeys.installation import ROOT, Installation
from tests.journeys.round_trips import imported
from tests.journeys.together import WRITERS, let_edit

SIZES = ((1440, 900), (1280, 800))
LIGHTS = ("light", "dark")
README = ("my-work", "processes", "editor", "review", "run")
README_SIZE, README_LIGHT = (1440, 900), "light"
#: What docs/editor.md shows, in both lights.
DOCS = ("outline", "compare", "played-through", "comments-editor", "comments-review", "sandbox")
RUNBOOK = """# Renew a certificate
Thirty days before it ends.

1. Check the expiry date [Platform team]
2. If it ends within 30 days, request a new one [Platform team]; otherwise stop
3. Get approval from the change board
4. Wait 2 hours
5. In parallel:
   - Install it on the first node [Operations]
   - Tell the users (by Service desk)
6. Automatically run the smoke test
7. If the smoke test fails:
   - Put the old one back [Operations]
   - Go back to step 5
8. Close the change [Service desk]
"""
_FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


@dataclass(frozen=True)
class Screen:
    """A screen: whose it is, where it is, and what one does on it before the picture."""

    name: str
    person: str
    path: str
    prepare: Callable[[Page], None] = lambda _page: None


def first_row(page: Page) -> None:
    """Open the first row of the list."""
    page.locator("a.row-link").first.click()
    ready(page)


def draft(page: Page) -> None:
    """Open the draft of the process and select a step."""
    page.locator('a.row-link[href^="/drafts/"]').first.click()
    ready(page)
    page.get_by_role("button", name=re.compile("^Write the record")).click()
    panel = page.get_by_role("complementary", name="Properties")
    retry = panel.locator("details.fold").filter(has_text="After the last attempt")
    retry.evaluate(_ALONE)
    expect(retry).to_contain_text("gives up after")


def outline(page: Page) -> None:
    """Open a draft and its outline, and stand on a way in it."""
    page.locator('a[href^="/drafts/"]').first.click()
    ready(page)
    page.keyboard.press("o")
    page.get_by_role("treeitem", name=re.compile("^Way")).first.click()
    page.get_by_role("button", name="Fit").click()


def played_through(page: Page) -> None:
    """Open a draft and play it through, up to where somebody must choose."""
    page.locator('a[href^="/drafts/"]').first.click()
    ready(page)
    page.keyboard.press("t")
    game = page.get_by_role("complementary", name="Play through")
    for act in ("Step", "Step", "Step", "Approved?: yes", "Step"):
        game.get_by_role("button", name=act).click()
    page.mouse.move(0, 0)


def comments(page: Page) -> None:
    """Open the draft of the process, select a step, and begin to name somebody beside it."""
    page.locator('a.row-link[href^="/drafts/"]').first.click()
    ready(page)
    page.get_by_role("button", name=re.compile("^Write the record")).click()
    page.keyboard.press("m")
    field = page.get_by_label("About Write the record")
    field.fill("Would three do for you? @")
    field.press_sequentially("mar")
    expect(page.get_by_role("option", name="Marek Novak")).to_be_visible()


def commented_review(page: Page) -> None:
    """Open the first review, and select the step that is talked about."""
    first_row(page)
    said = page.get_by_role("complementary", name="Comments")
    said.get_by_role("button", name="Take a snapshot").click()


def a_runbook(page: Page) -> None:
    """Choose a runbook, and see what it becomes."""
    file: FilePayload = {"name": "renew.md", "mimeType": "text/plain", "buffer": RUNBOOK.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)
    expect(page.locator("#import-preview svg")).to_be_visible()


def in_the_sandbox(page: Page) -> None:
    """Try the draft by a scenario of its process, up to the last step of a person."""
    page.locator('a.row-link[href^="/drafts/"]').first.click()
    ready(page)
    page.get_by_role("link", name="Try it").click()
    ready(page)
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_role("region", name="Scenarios")).to_contain_text("4 of 4 pass")
    page.get_by_role("button", name="The ticket system fails twice", exact=True).click()
    state = page.locator('[data-slot="state"]')
    expect(state).to_have_text("Completed")
    page.get_by_role("button", name="Take back").click()
    expect(state).to_have_text("Waiting")


def run_of(title: str) -> Callable[[Page], None]:
    """Return what opens a run by its title."""

    def open_run(page: Page) -> None:
        page.get_by_role("link", name=title).first.click()
        ready(page)
        live = page.locator('[data-slot="live"]')
        expect(live).to_have_attribute("data-live", "on", timeout=15_000)

    return open_run


SCREENS = (
    Screen("my-work", "Grace Okafor", "/work", first_row),
    Screen("processes", "Ana Ruiz", "/processes"),
    Screen("process", "Ana Ruiz", "/processes/production-change"),
    Screen("new-process", "Ana Ruiz", "/processes/new"),
    Screen("import", "Ana Ruiz", "/processes/import", a_runbook),
    Screen("documentation", "Ana Ruiz", "/processes/access-request/documentation"),
    Screen("compare", "Ana Ruiz", "/processes/production-change/compare"),
    Screen("editor", "Ana Ruiz", "/processes/dns-record-change", draft),
    Screen("outline", "Ana Ruiz", "/processes/dns-record-change", outline),
    Screen("played-through", "Ana Ruiz", "/processes/dns-record-change", played_through),
    Screen("comments-editor", "Ana Ruiz", "/processes/dns-record-change", comments),
    Screen("comments-review", "Grace Okafor", "/reviews", commented_review),
    Screen("sandbox", "Yusuf Demir", "/processes/production-change", in_the_sandbox),
    Screen("reviews", "Grace Okafor", "/reviews"),
    Screen("review", "Grace Okafor", "/reviews", first_row),
    Screen("runs", "Ben Carter", "/runs"),
    Screen("run", "Ben Carter", "/runs?q=edge-b", run_of("edge-b")),
    Screen("start", "Ben Carter", "/runs/start/production-change"),
    Screen("operations", "Ben Carter", "/operations", first_row),
    Screen("governance", "Dana Keller", "/governance"),
    Screen("report", "Dana Keller", "/governance/ownership"),
    Screen("audit", "Dana Keller", "/audit"),
    Screen("access", "Helena Brandt", "/governance/access"),
    Screen("roles", "Helena Brandt", "/governance/access/roles"),
    Screen("groups", "Helena Brandt", "/governance/access/groups"),
    Screen("connections", "Helena Brandt", "/governance/access/connections"),
    Screen("history", "Ana Ruiz", "/processes/production-change/history"),
    Screen("account", "Ana Ruiz", "/account"),
)


_ALONE = "one => { for (const each of one.parentElement.children) each.open = each === one; }"
#: The step at which two people meet.
_MET = "announce"
EVERY_KIND = ROOT / "tests" / "journeys" / "models" / "every-kind.bpmn"
PANEL, MEETING = "panel", "meeting"
#: Each group of the panel, at a part that has something to say there.
GROUPS = (
    ("basics", "Basics", "http"),
    ("step", "Step", "http"),
    ("step-call", "Step", "call"),
    ("step-script", "Step", "script"),
    ("time", "Time", "timer"),
    ("error", "Error", "be"),
    ("ways", "Ways", "gw"),
    ("condition", "Condition", "f3"),
    ("assignment", "Assignment", "gate"),
    ("gate", "Gate", "gate"),
    ("form", "Form", "start"),
    ("repeat", "Repeat", "each"),
    ("inputs-and-outputs", "Inputs and outputs", "http"),
    ("retry-and-errors", "Retry and errors", "http"),
    ("service-level", "Service level", "gate"),
    ("data-class", "Data class", "every_kind"),
    ("documentation", "Documentation", "gate"),
)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("to", type=Path, help="the folder the pictures go to")
    parser.add_argument("--only", default="", help="the screen with this name alone")
    chosen = parser.parse_args()
    here = Installation(
        Path(os.environ.get("DATA_DIR") or ROOT / "var"), int(os.environ.get("PORT") or 8400)
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browsers.on_path(), args=_FLAGS)
        for screen in SCREENS:
            if chosen.only in ("", screen.name):
                take(chromium, here, screen, chosen.to)
        if chosen.only in ("", PANEL):
            take_panel(chromium, here)
        if chosen.only in ("", MEETING):
            take_meeting(chromium, here)
        chromium.close()


def take(chromium: Browser, here: Installation, screen: Screen, to: Path) -> None:
    """Take the pictures of one screen."""
    context = signed_in(chromium, here, screen.person)
    page = context.new_page()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        go(page, screen.path)
        screen.prepare(page)
        for light in LIGHTS:
            page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            picture = to / f"{screen.name}-{light}-{width}.png"
            page.screenshot(path=picture, animations="disabled")
            if (width, height) == README_SIZE:
                keep(picture, screen.name, light)
    context.close()


def keep(picture: Path, name: str, light: str) -> None:
    """Keep a picture for the documentation, where it shows it."""
    shown = ROOT / "docs" / "pictures"
    if name in README and light == README_LIGHT:
        (shown / f"{name}.png").write_bytes(picture.read_bytes())
    if name in DOCS:
        (shown / f"{name}-{light}.png").write_bytes(picture.read_bytes())


def take_panel(chromium: Browser, here: Installation) -> None:
    """Take a picture of each group of the editor's panel, open alone, in light and dark."""
    context = signed_in(chromium, here, "Ana Ruiz")
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 1800})
    to = ROOT / "docs" / "pictures" / PANEL
    to.mkdir(parents=True, exist_ok=True)
    draft = every_kind(page)
    for name, title, element in GROUPS:
        go(page, f"{draft}?element={element}")
        group = page.locator(".editor-panel details.fold").filter(
            has=page.locator("> summary", has_text=re.compile(f"^{title}"))
        )
        group.evaluate(_ALONE)
        for light in LIGHTS:
            page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            group.screenshot(path=to / f"{name}-{light}.png", animations="disabled")
    context.close()


def take_meeting(chromium: Browser, here: Installation) -> None:
    """Take pictures of two people in one draft, and of what both of them have edited."""
    helena, *both = (
        signed_in(chromium, here, name).new_page() for name in ("Helena Brandt", *WRITERS)
    )
    let_edit(helena, WRITERS[1], "DNS record change")
    for page in both:
        page.set_viewport_size({"width": 1440, "height": 900})
        go(page, "/processes/dns-record-change")
        page.locator('a.row-link[href^="/drafts/"]').first.click()
        ready(page)
    meet(*both)
    for page in (helena, *both):
        page.context.close()


def meet(mine: Page, theirs: Page) -> None:
    """Be at one step, edit it without a connection while the other does, and decide."""
    go(theirs, f"{theirs.url.partition('?')[0]}?element={_MET}")
    expect(mine.locator(".people-here")).to_contain_text(WRITERS[1])
    go(mine, f"{mine.url.partition('?')[0]}?element={_MET}")
    expect(mine.locator(".people-here")).to_contain_text(WRITERS[1])
    in_both_lights(mine, "together")
    mine.context.set_offline(True)
    rename(mine, "Tell the service desk")
    rename(theirs, "Announce it to the network")
    theirs.keyboard.press("Control+s")
    expect(theirs.locator('[data-slot="saved"]')).to_contain_text("Saved")
    mine.context.set_offline(False)
    asked = mine.locator("dialog.dialog--meeting")
    expect(asked).to_be_visible(timeout=60_000)
    in_both_lights(mine, "conflict")
    asked.get_by_role("button", name=f"All of {WRITERS[1]}").click()
    asked.get_by_role("button", name="Keep what is chosen").click()
    expect(asked).to_have_count(0)
    rename(theirs, "Announce it")
    theirs.keyboard.press("Control+s")
    go(mine, re.sub(r"/edit.*", "/states", mine.url))
    in_both_lights(mine, "earlier-states")


def rename(page: Page, name: str) -> None:
    """Give the step that is selected another name, also where somebody else is at it."""
    editor = Editor(page)
    over = editor.panel.get_by_role("button", name="Edit it anyway")
    if over.count():
        over.click()
    editor.open_group("Basics")
    field = editor.panel.get_by_label("Name", exact=True)
    field.fill(name)
    field.press("Tab")


def in_both_lights(page: Page, name: str) -> None:
    """Keep a picture of what is open, in light and dark."""
    for light in LIGHTS:
        page.emulate_media(color_scheme="dark" if light == "dark" else "light")
        to = ROOT / "docs" / "pictures" / f"{name}-{light}.png"
        page.screenshot(path=to, animations="disabled")


def every_kind(page: Page) -> str:
    """Return the address of the draft that holds every kind of part, imported where it is not."""
    page.goto(f"/processes/reference-{EVERY_KIND.stem}")
    found = page.locator('a[href^="/drafts/"]')
    if found.count():
        return (found.first.get_attribute("href") or "").partition("?")[0]
    imported(page, EVERY_KIND)
    return page.url.partition("?")[0]


def signed_in(chromium: Browser, here: Installation, name: str) -> BrowserContext:
    """Return a browser of a person's own."""
    person = here.sign_ins[name]
    context = chromium.new_context(
        base_url=here.url,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/work")
    page.close()
    return context


if __name__ == "__main__":
    main()
