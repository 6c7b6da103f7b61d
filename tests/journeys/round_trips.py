"""Models of other tools on their way through the editor: in, one edit that is taken back, and out.

The edit is real: an element is renamed and saved, then that is undone and saved again. So what the
file holds in the end was read and written by the editor's library twice, and should say what it
said before.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from playwright.sync_api import Page, expect

from tests.journeys.browsing import go, ready
from tests.journeys.drawing import Editor
from tests.support.shared import SHARED

REFERENCE = sorted((SHARED / "miwg").glob("*.bpmn"))
_COMPARE = SHARED / "conformance" / "roundtrip_compare.py"
#: Elements that have a name in the panel, and that every model has some of.
_NAMED = ("task", "userTask", "serviceTask", "startEvent", "endEvent", "subProcess", "participant")


@dataclass(frozen=True)
class Trip:
    """What came of one file."""

    name: str
    untouched: bool
    differences: list[str]


def compare(before: Path, after: Path) -> list[str]:
    """Return what differs in meaning, drawing or foreign content, by the reference comparison."""
    spec = importlib.util.spec_from_file_location("roundtrip_compare", _COMPARE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [str(difference) for difference in module.compare(str(before), str(after))]


def travel(page: Page, model: Path, folder: Path) -> Trip:
    """Take a file through the editor of somebody who is signed in; keep what comes out."""
    draft = uploaded(page, model)
    untouched = downloaded(page, draft) == model.read_bytes()
    edit_and_take_back(page, draft, an_element_of(model))
    out = folder / model.name
    out.write_bytes(downloaded(page, draft))
    return Trip(model.stem, untouched, compare(model, out))


def uploaded(page: Page, model: Path) -> str:
    """Import a file as a new process; return the id of its draft."""
    key = f"trip-{model.stem.lower().replace('.', '-')}"
    cookies = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    file: Any = {"name": model.name, "mimeType": "application/xml", "buffer": model.read_bytes()}
    answer = page.request.post(
        "/api/v1/processes/import",
        headers={"X-CSRFToken": cookies["interlock_csrf"] or "", "Referer": page.url},
        multipart={"key": key, "name": f"Trip of {model.stem}", "board": "cab", "file": file},
    )
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def imported(page: Page, model: Path) -> None:
    """Import a file as a new process by hand; its draft opens in the editor."""
    go(page, "/processes/import")
    page.get_by_label("File", exact=True).set_input_files(model)
    page.get_by_label("Name", exact=True).fill(f"Reference {model.stem}")
    page.get_by_label("Key").fill(f"reference-{model.stem.lower().replace('.', '-')}")
    page.get_by_label("Review board").select_option(label="Change Advisory Board")
    page.get_by_role("button", name="Import and open").click()
    expect(page).to_have_url(re.compile(r"/drafts/[^/]+/edit"), timeout=20_000)
    ready(page)


def downloaded(page: Page, draft: str) -> bytes:
    """Return the file of a draft as it is downloaded."""
    return page.request.get(f"/api/v1/drafts/{draft}/model").body()


def an_element_of(model: Path) -> str:
    """Return an element that the first diagram shows and that has a name to change."""
    tree = etree.parse(model)
    first = tree.find("./{*}BPMNDiagram")
    assert first is not None
    shown = {
        shape.get("bpmnElement", "").rpartition(":")[2] for shape in first.iter("{*}BPMNShape")
    }
    kinds = [tree.iter(f"{{*}}{kind}") for kind in _NAMED]
    return next(str(one.get("id")) for kind in kinds for one in kind if one.get("id") in shown)


def edit_and_take_back(page: Page, draft: str, element: str) -> None:
    """Rename an element, save, undo, save."""
    editor = Editor(page)
    go(page, f"/drafts/{draft}/edit?element={element}")
    editor.open_group("Basics")
    with _a_save(page):
        editor.fill("Name", "Renamed for a moment")
        page.keyboard.press("Control+s")
    with _a_save(page):
        page.locator('[data-act="undo"]').first.click()
        page.keyboard.press("Control+s")


@contextmanager
def _a_save(page: Page) -> Iterator[None]:
    with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        yield
    assert saved.value.ok, saved.value.text()
