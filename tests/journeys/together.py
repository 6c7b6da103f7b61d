"""Two people who edit one draft at once, at random with a fixed seed, and what became of each edit.

An edit is what one did and what the page said before and after it. It is lost when the final model
says something else, nobody who saw it replaced it, and no conflict names it.
"""

from __future__ import annotations

import random  # noqa: TID251  (a fixed seed repeats)
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from playwright.sync_api import Error, Page, Response, expect

from tests.journeys.browsing import api, go
from tests.journeys.drawing import Editor

WRITERS = ("Ana Ruiz", "Yusuf Demir")
KEY = "two-editors"
#: What somebody types while the connection goes.
TYPED = "Typed over a lost connection"
_TASKS = 8
_SPACING, _ROW = 170, 160
_TRIES = 6
#: In milliseconds: short, for what is asked for may just have been taken away.
_PATIENCE = 4_000
_DRAWN = 15_000

_PLACE = """shape => {
  const at = shape.transform.baseVal.consolidate().matrix;
  return `${Math.round(at.e)}, ${Math.round(at.f)}`;
}"""
_GONE = ""


@dataclass(frozen=True)
class Edit:
    """One edit: of which element, which of its sides, and what that said before and after."""

    number: int
    who: str
    element: str
    side: str
    before: str
    after: str
    #: Whether the page took it; a question that came up in the middle may have torn it away.
    accepted: bool = True


@dataclass
class Outcome:
    """What became of all edits."""

    edits: list[Edit]
    in_the_model: int = 0
    replaced_knowingly: int = 0
    named_in_a_conflict: int = 0
    conflicts: int = 0
    meetings: int = 0
    lost: list[Edit] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the figures. A removal is several edits: of the name, the place, the element."""
        return {
            "accepted_edits": sum(edit.accepted for edit in self.edits),
            "in_the_final_model": self.in_the_model,
            "replaced_by_who_saw_it": self.replaced_knowingly,
            "named_in_a_conflict": self.named_in_a_conflict,
            "conflicts": self.conflicts,
            "times_both_had_edits": self.meetings,
        }


def drawn() -> bytes:
    """Return a model of a row of tasks, each with a name and none connected."""
    tasks = "".join(f'<bpmn:task id="step_{n}" name="Step {n}"/>' for n in range(_TASKS))
    shapes = "".join(
        f'<bpmndi:BPMNShape id="step_{n}_di" bpmnElement="step_{n}"><dc:Bounds '
        f'x="{160 + n % 4 * _SPACING}" y="{100 + n // 4 * _ROW}" width="100" height="80"/>'
        "</bpmndi:BPMNShape>"
        for n in range(_TASKS)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="all" targetNamespace="urn:two-editors">
<bpmn:process id="two" isExecutable="true">{tasks}</bpmn:process>
<bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" bpmnElement="two">{shapes}
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>""".encode()


def shared_draft(writer: Page, admin: Page, other: str, *, key: str = KEY) -> str:
    """Register a process with a draft of somebody's, which another may edit; return its id."""
    go(writer, "/processes")
    file: Any = {"name": "two.bpmn", "mimeType": "application/xml", "buffer": drawn()}
    cookies = {cookie.get("name"): cookie.get("value") for cookie in writer.context.cookies()}
    answer = writer.request.post(
        "/api/v1/processes/import",
        headers={"X-CSRFToken": cookies["interlock_csrf"] or "", "Referer": writer.url},
        multipart={"key": key, "name": key.replace("-", " "), "board": "cab", "file": file},
    )
    assert answer.status == 201, answer.text()
    let_edit(admin, other, key.replace("-", " "))
    return str(answer.json()["id"])


def let_edit(admin: Page, other: str, process: str) -> None:
    """Have an administrator let somebody edit the drafts of a process, by its name."""
    go(admin, "/governance/access")
    admin.get_by_role("link", name=re.compile(other)).first.click()
    row = admin.get_by_role("row").filter(has_text=process)
    if row.count() == 0:
        admin.get_by_label("Process").select_option(label=process)
        admin.get_by_label("Right", exact=True).select_option("edit_draft")
        admin.get_by_role("button", name="Give the right").click()
    expect(row).to_be_visible()


class Writer:
    """One of the two, with their hands on the editor."""

    def __init__(self, page: Page, who: str, draft: str, chance: random.Random) -> None:
        self.page = page
        self.who = who
        self.editor = Editor(page)
        self.chance = chance
        self.named: list[Mapping[str, Any]] = []
        self.meetings = 0
        self.begun: list[Edit] = []
        page.set_default_timeout(_PATIENCE)
        page.on("response", self._hear)
        go(page, f"/drafts/{draft}/edit")

    def _hear(self, response: Response) -> None:
        if response.url.endswith("/merge") and response.ok:
            self.meetings += 1
            self.named += response.json()["conflicts"]

    def decide(self) -> None:
        """Answer a conflict that is shown, one way or the other."""
        dialog = self.page.locator("dialog.dialog--meeting")
        if not dialog.count():
            return
        for row in dialog.locator("fieldset").all():
            row.locator(f'input[value="{self.chance.choice(("mine", "theirs"))}"]').check()
        dialog.get_by_role("button", name="Keep what is chosen").click()
        expect(dialog).to_have_count(0)

    def elements(self) -> list[str]:
        """Return the tasks that are on the paper, once it is drawn: a save may be taken over."""
        on_paper = self.page.locator(".djs-shape[data-element-id]")
        on_paper.first.wait_for(state="attached", timeout=_DRAWN)
        shapes = on_paper.all()
        found = [shape.get_attribute("data-element-id") or "" for shape in shapes]
        return [one for one in found if one.startswith(("step_", "Activity_"))]

    def save(self) -> None:
        """Save at once, and answer until nothing stands in the way."""
        self.page.keyboard.press("Control+s")

    def settled(self) -> None:
        """Return once everything is saved."""
        for _ in range(60):
            self.decide()
            if re.match("Saved", self.page.locator('[data-slot="saved"]').inner_text()):
                return
            self.page.keyboard.press("Control+s")
            self.page.wait_for_timeout(250)
        raise AssertionError(self.page.locator('[data-slot="saved"]').inner_text())

    def edit(self, number: int) -> list[Edit]:
        """Do one edit; return what it did, with what it took along, and what it began before."""
        begun: list[Edit] = []
        for _ in range(_TRIES):
            self.decide()
            there = self.elements()
            acts: list[Callable[[int, str], list[Edit]]] = [self.rename, self.rename, self.move]
            if len(there) < _TASKS + 4:
                acts.append(self.append)
            if len(there) > _TASKS - 2:
                acts.append(self.remove)
            try:
                return begun + self.chance.choice(acts)(number, self.chance.choice(there))
            except (AssertionError, Error):
                # A question came up, or somebody else's save took the element away.
                begun += self.begun
                self.begun = []
                self.page.wait_for_timeout(200)
        raise AssertionError(f"{self.who} could not do edit {number}")

    def rename(self, number: int, element: str) -> list[Edit]:
        """Give an element a name that nothing else ever had."""
        self.editor.select(element)
        over = self.editor.panel.get_by_role("button", name="Edit it anyway")
        if over.count():
            over.click()
        self.editor.open_group("Basics")
        field = self.editor.panel.get_by_label("Name", exact=True)
        before, after = field.input_value(), f"n{number}"
        self.begun = [Edit(number, self.who, element, "name", before, after, accepted=False)]
        field.fill(after)
        field.press("Tab")
        return [Edit(number, self.who, element, "name", before, after)]

    def move(self, number: int, element: str) -> list[Edit]:
        """Move an element with the keyboard, by a distance of its own."""
        self.editor.select(element)
        before = self.place(element)
        key = self.chance.choice(("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"))
        self.page.keyboard.press(f"Shift+{key}")
        for _ in range(self.chance.randrange(4)):
            self.page.keyboard.press(key)
        return [Edit(number, self.who, element, "place", before, self.place(element))]

    def append(self, number: int, element: str) -> list[Edit]:
        """Put a task after an element."""
        self.editor.select(element)
        made = self.editor.append_by_key("Person")
        return [Edit(number, self.who, made, "there", _GONE, "there")]

    def remove(self, number: int, element: str) -> list[Edit]:
        """Delete an element, and with it what was said of it."""
        self.editor.select(element)
        name = self.editor.panel.get_by_label("Name", exact=True).input_value()
        place = self.place(element)
        self.page.keyboard.press("Delete")
        said = (("name", name), ("place", place), ("there", "there"))
        return [Edit(number, self.who, element, side, value, _GONE) for side, value in said]

    def place(self, element: str) -> str:
        """Return where an element is drawn."""
        return str(self.page.locator(f'.djs-shape[data-element-id="{element}"]').evaluate(_PLACE))


def work(first: Page, second: Page, draft: str, *, edits: int, seed: int) -> Outcome:
    """Let two people edit until that many edits are done; return what became of them."""
    chance = random.Random(seed)  # noqa: S311  (a fixed seed repeats)
    both = [
        Writer(page, who, draft, chance) for page, who in zip((first, second), WRITERS, strict=True)
    ]
    done: list[Edit] = []
    for number in range(edits):
        writer = chance.choice(both)
        done += writer.edit(number)
        if chance.random() < 1 / 6:
            writer.save()
    for _ in range(2):
        for writer in both:
            writer.settled()
    return judged(done, model_of(first, draft), both)


def model_of(page: Page, draft: str) -> dict[str, dict[str, str]]:
    """Return what the saved model says of each task."""
    root = etree.fromstring(api(page, "GET", f"/api/v1/drafts/{draft}/model").body())
    places = {
        str(
            shape.get("bpmnElement")
        ): f"{round(float(box.get('x', '0')))}, {round(float(box.get('y', '0')))}"
        for shape in root.iter("{*}BPMNShape")
        for box in shape.iterchildren("{*}Bounds")
    }
    return {
        str(one.get("id")): {
            "name": one.get("name", ""),
            "place": places.get(str(one.get("id")), ""),
            "there": "there",
        }
        for one in root.iter("{*}task", "{*}userTask")
    }


def judged(
    edits: list[Edit], model: Mapping[str, Mapping[str, str]], both: list[Writer]
) -> Outcome:
    """Say of each edit where it is."""
    named = [row for writer in both for row in writer.named]
    keys = {(row["key"], *row["mine"], *row["theirs"]) for row in named}
    outcome = Outcome(edits, conflicts=len(keys), meetings=sum(one.meetings for one in both))
    for edit in (one for one in edits if one.accepted):
        if model.get(edit.element, {}).get(edit.side, _GONE) == edit.after:
            outcome.in_the_model += 1
        elif any(_knew(later, edit) for later in edits):
            outcome.replaced_knowingly += 1
        elif any(_names(row, edit) for row in named):
            outcome.named_in_a_conflict += 1
        else:
            outcome.lost.append(edit)
    return outcome


def _knew(later: Edit, edit: Edit) -> bool:
    return (later.element, later.side, later.before) == (edit.element, edit.side, edit.after) and (
        later.number > edit.number
    )


def _names(row: Mapping[str, Any], edit: Edit) -> bool:
    """Tell whether a conflict tells of an edit: of a name by its words, else by the element."""
    if edit.element not in row["elements"]:
        return False
    said = " ".join([*row["mine"], *row["theirs"]])
    return (
        edit.side != "name" or edit.after == _GONE or edit.after in said or "removed" in row["key"]
    )


def cut_while_typing(page: Page, *, seconds: float) -> None:
    """Take the connection away in the middle of a name; return once the whole name is saved."""
    editor = Editor(page)
    writer = next(one for one in page.locator(".djs-shape[data-element-id]").all())
    editor.select(writer.get_attribute("data-element-id") or "")
    editor.open_group("Basics")
    field = editor.panel.get_by_label("Name", exact=True)
    field.fill("")
    field.press_sequentially(TYPED[:9])
    page.context.set_offline(True)
    field.press("Control+s")
    expect(page.locator(".banners")).to_contain_text("Not saved: no connection")
    page.wait_for_timeout(seconds * 1_000)
    field.press_sequentially(TYPED[9:])
    page.context.set_offline(False)
    expect(page.locator('[data-slot="saved"]')).to_contain_text("Saved", timeout=20_000)
    expect(page.locator(".banners .note")).to_have_count(0)
    expect(field).to_have_value(TYPED)
    expect(field).to_be_focused()
