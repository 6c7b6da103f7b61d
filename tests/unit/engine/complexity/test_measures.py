"""Measures of drawings small enough to count by hand."""

from __future__ import annotations

from engine.bpmn.elements import UserTask
from engine.complexity import measured
from tests.support.processes import a_process


def test_a_sequence_is_as_simple_as_can_be() -> None:
    found = measured(a_process().user_task("a").user_task("b").end())

    assert (found.size, found.activities, found.gateways, found.flows) == (4, 2, 0, 3)
    assert (found.control_flow, found.depth, found.cyclicity) == (0, 0, 0.0)
    assert (found.sequentiality, found.network, found.density) == (1.0, 0.75, 0.25)


def test_splits_add_the_states_they_lead_to() -> None:
    def split(kind: str) -> int:
        builder = getattr(a_process(), kind)("g").user_task("a").stop("e")
        return measured(builder.at("g").user_task("b").to("e").at("g").to("e").build()).control_flow

    assert [split(kind) for kind in ("exclusive", "inclusive", "parallel")] == [3, 7, 1]


def test_conditions_on_the_flows_out_of_a_step_count_as_an_inclusive_split() -> None:
    builder = a_process().user_task("a").when("x").user_task("b").stop("e")

    assert measured(builder.at("a").when("y").to("e").build()).control_flow == 3


def test_depth_grows_with_splits_and_shrinks_with_joins() -> None:
    builder = a_process().exclusive("s1").parallel("s2").user_task("a").parallel("j2")
    builder.exclusive("j1").user_task("after").stop("e")
    process = builder.at("s2").user_task("b").to("j2").at("s1").user_task("c").to("j1").build()

    found = measured(process)

    assert (found.depth, found.gateways, found.widest) == (2, 4, 3)
    assert found.degree == 3.0
    assert found.heterogeneity == 0.631


def test_what_lies_on_a_loop_is_a_share_of_all() -> None:
    builder = a_process().exclusive("again").user_task("a").exclusive("enough").stop("e")

    assert measured(builder.at("enough").to("again").build()).cyclicity == 0.6


def test_each_level_is_measured_by_itself() -> None:
    builder = a_process().sub("inner").user_task("a").user_task("b").stop("ie").out()
    process = builder.node(UserTask("after")).end()

    assert (measured(process).size, measured(process, "inner").size) == (4, 4)
    assert measured(process).activities == 2
