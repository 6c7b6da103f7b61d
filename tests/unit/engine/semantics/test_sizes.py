"""No step writes more into a variable than one may hold, whatever way it writes."""

from __future__ import annotations

import pytest

from engine.bpmn.elements import IoMapping, MultiInstance
from engine.semantics.environment import Limits
from engine.semantics.errors import ValueTooLarge
from engine.semantics.events import Glided, IncidentRaised
from engine.semantics.sizes import require_fit, size_of
from tests.support.processes import a_process
from tests.support.runs import Run

LIMITS = Limits(variable_bytes=100)


def incident(run: Run) -> IncidentRaised:
    (found,) = [event for event in run.facts if isinstance(event, IncidentRaised)]
    return found


@pytest.mark.parametrize("value", ["é" * 49, [1] * 49, {"a": "b" * 92}, 10**300, None, True, ""])
def test_what_may_be_held_is(value: object) -> None:
    require_fit([("name", value)], "Step", 100)


@pytest.mark.parametrize("value", ["é" * 50, [1] * 50, {"a": "b" * 93}, ["\x01" * 17]])
def test_one_byte_more_is_refused(value: object) -> None:
    assert size_of(value) > 100
    with pytest.raises(ValueTooLarge):
        require_fit([("name", value)], "Step", 100)


def test_a_script_in_a_glide_stops_at_its_own_step() -> None:
    builder = a_process().script_task("small", '"x"', "text")
    run = Run(builder.script_task("large", "[text, rest]", "all").end(), limits=LIMITS)
    run.start(rest="y" * 94)

    assert (incident(run).element, incident(run).code) == ("large", ValueTooLarge.code)
    assert "large would write 102 bytes into all" in incident(run).cause
    assert [event.written for event in run.facts if isinstance(event, Glided)] == [[("text", "x")]]


def test_an_input_mapping_stops_its_step() -> None:
    mapped = (IoMapping("[rest, rest]", "both"),)
    run = Run(a_process().user_task("work", inputs=mapped).end(), limits=LIMITS)
    run.start(rest="y" * 50)

    assert (incident(run).element, run.waiting) == ("work", [])


def test_what_a_loop_collects_is_one_variable() -> None:
    loop = MultiInstance(
        collection="items",
        element_variable="one",
        output_collection="all",
        output_element="one",
    )
    run = Run(a_process().script_task("each", "one", "one", loop=loop).end(), limits=LIMITS)
    run.start(items=["y" * 30] * 4)

    assert incident(run).code == ValueTooLarge.code
    assert "into all" in incident(run).cause
