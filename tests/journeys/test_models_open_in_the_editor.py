"""Models of other tools go through the editor without loss.

Some of the reference models of the BPMN Model Interchange Working Group where they lie beside the
repository (`make proof-miwg` takes them all), and always one of our own with every trap in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn import diff
from engine.bpmn.facts import facts
from tests.journeys import round_trips
from tests.journeys.browsing import go
from tests.journeys.conftest import Visit
from tests.support import foreign

#: With foreign prefixes, with our prefixes, and with processes and sub-processes that are not seen.
SAMPLE = [model for model in round_trips.REFERENCE if model.stem in {"A.2.1", "B.1.0", "C.1.0"}]


@pytest.mark.skipif(not SAMPLE, reason="The reference models are not beside this checkout.")
def test_reference_models_are_drawn_edited_and_handed_back(visit: Visit, tmp_path: Path) -> None:
    page = visit("Yusuf Demir")
    go(page, "/processes")
    for model in SAMPLE:
        trip = round_trips.travel(page, model, tmp_path)
        assert trip.untouched, trip.name
        assert trip.differences == [], trip.name
        assert page.get_by_role("alert").count() == 0
        # Where there is a shape in the file there is one on the paper.
        drawn = set(page.locator(".djs-shape").evaluate_all(_IDS))
        assert shapes_in(model) - drawn == set()


def test_a_model_full_of_traps_says_what_it_said(visit: Visit, tmp_path: Path) -> None:
    page = visit("Yusuf Demir")
    go(page, "/processes")
    model = tmp_path / "traps.bpmn"
    model.write_bytes(foreign.MODEL)
    draft = round_trips.uploaded(page, model)
    assert round_trips.downloaded(page, draft) == foreign.MODEL

    round_trips.edit_and_take_back(page, draft, "pr_fen")

    after = round_trips.downloaded(page, draft)
    assert [change.sentence for change in diff.diff(foreign.OPENED, after)] == []
    assert facts(after).places == facts(foreign.OPENED).places


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
