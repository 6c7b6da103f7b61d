"""Models of other tools open in the editor and leave it as they came, byte for byte.

The files are the reference models of the BPMN Model Interchange Working Group, kept beside the
repository; where they are not, there is nothing to open.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.journeys.browsing import go, ready
from tests.journeys.conftest import Visit
from tests.support.shared import SHARED

HERE = sorted((SHARED / "miwg").glob("*.bpmn"))


@pytest.mark.skipif(not HERE, reason="There is no ../shared/miwg beside this checkout.")
@pytest.mark.parametrize("model", HERE, ids=lambda path: path.stem)
def test_a_model_of_another_tool_is_imported_drawn_and_handed_back(
    model: Path, visit: Visit
) -> None:
    page = visit("Yusuf Demir")
    imported(page, model)
    expect(page.get_by_role("alert")).to_have_count(0)
    # Where there is a shape in the file there is one on the paper.
    drawn = set(page.locator(".djs-shape").evaluate_all(_IDS))
    assert shapes_in(model) - drawn == set()
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Download").click()
    assert Path(fetched.value.path()).read_bytes() == model.read_bytes()


def imported(page: Page, model: Path) -> None:
    """Import a file as a new process; its draft opens in the editor."""
    go(page, "/processes/import")
    page.get_by_label("BPMN file").set_input_files(model)
    page.get_by_label("Name", exact=True).fill(f"Reference {model.stem}")
    page.get_by_label("Key").fill(f"reference-{model.stem.lower().replace('.', '-')}")
    page.get_by_label("Review board").select_option(label="Change Advisory Board")
    page.get_by_role("button", name="Import and open").click()
    expect(page).to_have_url(re.compile(r"/drafts/[^/]+/edit"), timeout=20_000)
    ready(page)


def shapes_in(model: Path) -> set[str]:
    """Return the elements that the first diagram of a file shows as shapes.

    Two of the files put a process that no pool stands for on the paper of the collaboration; the
    drawing library leaves such a process out, and so does this.
    """
    tree = etree.parse(model)
    pools = {pool.get("processRef") for pool in tree.iterfind(".//{*}participant")}
    left_out = {
        part.get("id")
        for process in tree.iterfind("./{*}process")
        if pools and process.get("id") not in pools
        for part in process.iter()
    }
    first = tree.find("./{*}BPMNDiagram")
    assert first is not None
    shown = {str(shape.get("bpmnElement")) for shape in first.iter("{*}BPMNShape")}
    return {element for element in shown if element not in left_out}


_IDS = "shapes => shapes.map(shape => shape.dataset.elementId)"
