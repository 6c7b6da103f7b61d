"""Nets of known soundness are told apart, with the run that shows the fault."""

from __future__ import annotations

from itertools import pairwise
from random import Random  # noqa: TID251 - nothing but the seed decides
from typing import Any

import pytest

from engine.bpmn.elements import (
    EndEvent,
    ExclusiveGateway,
    InclusiveGateway,
    IntermediateCatchEvent,
    ParallelGateway,
    StartEvent,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import (
    ErrorDefinition,
    EscalationDefinition,
    LinkDefinition,
    MessageDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process
from engine.soundness import BOUND, Finding, Flaw, judge
from tests.support import nets, token_game
from tests.support.processes import ProcessBuilder, a_process

HOUR = TimerDefinition(duration="PT1H")


def flaws(process: Process) -> set[Flaw]:
    return {found.flaw for found in judge(process).findings}


def the(flaw: Flaw, process: Process) -> Finding:
    return next(found for found in judge(process).findings if found.flaw is flaw)


# Nets by the hundred


def test_three_hundred_sound_nets_are_called_sound() -> None:
    verdicts = [judge(nets.sound(seed, 6 + seed % 18).process()) for seed in range(300)]

    assert all(verdict.is_sound and verdict.is_exact for verdict in verdicts)
    assert all(verdict.bound == BOUND for verdict in verdicts)


def test_three_hundred_broken_nets_are_told_with_their_fault() -> None:
    missed = []
    for seed in range(300):
        net, expected, what = nets.broken(seed, 6 + seed % 12)
        verdict = judge(net.process())
        if not (expected & {found.flaw for found in verdict.findings} and verdict.is_complete):
            missed.append((seed, what, verdict))

    assert not missed


def test_any_graph_is_judged_as_the_token_game_ends() -> None:
    differing = []
    played = 0
    for seed in range(250):
        process = _any_graph(seed)
        game = token_game.play(process, most=500)
        if game is not None:
            played += 1
            told = flaws(process) - {Flaw.DEAD}
            if told != _of(game):
                differing.append((seed, told, game))

    assert not differing
    assert played > 200


def test_what_no_run_comes_to_is_what_the_token_game_never_does() -> None:
    seen = 0
    for seed in range(150):
        process = _any_graph(seed)
        verdict = judge(process)
        game = token_game.play(process, most=500)
        if game is not None and {found.flaw for found in verdict.findings} <= {Flaw.DEAD}:
            seen += 1
            told = {found.element for found in verdict.findings}
            assert told == process.nodes.keys() - game.done

    assert seen > 30


def _any_graph(seed: int) -> Process:
    """Return gateways and tasks in a row, with flows between any of them."""
    chance = Random(seed)  # noqa: S311 - no secret depends on it
    net = nets.Net()
    net.add(StartEvent("start"))
    kinds: list[Any] = [ExclusiveGateway, ExclusiveGateway, ParallelGateway, InclusiveGateway]
    row = [
        net.add(chance.choice([*kinds, UserTask])(f"n{at}")) for at in range(chance.randint(2, 6))
    ]
    row = ["start", *row, net.add(EndEvent("end"))]
    net.flows += pairwise(row)
    for _ in range(chance.randint(1, 6)):
        ends = chance.choice(row[1:-1]), chance.choice(row[1:])
        net.flows += [] if ends in net.flows else [ends]
    return net.process()


def _of(game: token_game.Played) -> set[Flaw]:
    told = {
        Flaw.DEADLOCK: game.stuck,
        Flaw.UNSYNCHRONISED: game.doubled,
        Flaw.ENDLESS: game.endless,
    }
    return {flaw for flaw, happened in told.items() if happened}


def _gateway(builder: ProcessBuilder, kind: str) -> ProcessBuilder:
    """Draw the gateway `meet` of a kind."""
    return builder.node(nets.GATEWAYS[kind]("meet"))


# What is told


def test_a_deadlock_shows_where_tokens_wait_and_what_they_wait_for() -> None:
    process = (
        a_process()
        .exclusive("choose").user_task("a").parallel("join").user_task("after").stop("end")
        .at("choose").user_task("b").to("join")
        .build()
    )  # fmt: skip

    found = the(Flaw.DEADLOCK, process)

    assert found.element == "join"
    assert {found.tokens, found.missing} == {("a-join",), ("b-join",)}
    assert found.path[:2] == ("start", "start-choose")
    assert found.path[-1] == found.tokens[0]


def test_a_missing_join_shows_the_flow_that_holds_two_tokens() -> None:
    process = (
        a_process()
        .parallel("both").user_task("a").exclusive("merge").user_task("after").stop("end")
        .at("both").user_task("b").to("merge")
        .build()
    )  # fmt: skip

    found = the(Flaw.UNSYNCHRONISED, process)

    assert found.element == "merge"
    assert found.tokens == ("after-end", "after-end")
    assert {"a", "b", "merge"} <= set(found.path)


def test_a_bound_that_is_reached_is_said() -> None:
    process = nets.broken(3, 30)[0].process()

    verdict = judge(process, bound=1)

    assert not verdict.is_complete
    assert not verdict.is_sound
    assert verdict.bound == 1


def test_a_long_drawing_is_judged_in_time_that_grows_with_its_length() -> None:
    net = nets.Net()
    row = [net.add(UserTask(f"t{at}")) for at in range(1_000)]
    ends = net.add(StartEvent("start")), net.add(EndEvent("end"))
    net.flows += pairwise([ends[0], *row, ends[1]])

    verdict = judge(net.process())

    assert verdict.is_sound
    assert verdict.states == 2


# What each element does to the flow of control


def test_parallel_paths_may_end_apart_or_at_one_end() -> None:
    apart = a_process().parallel("both").user_task("a").stop("e1").at("both").user_task("b").end()
    at_one = a_process().parallel("both").user_task("a").stop("end").at("both").user_task("b")

    assert judge(apart).is_sound
    assert judge(at_one.to("end").build()).is_sound


def test_terminate_ends_what_would_wait_for_ever() -> None:
    builder = a_process().parallel("both").user_task("a").exclusive("choose").parallel("join")
    builder.stop("end").at("both").user_task("b").to("join")

    assert flaws(builder.at("choose").stop("other").build()) == {Flaw.DEADLOCK}
    builder = a_process().parallel("both").user_task("a").exclusive("choose").parallel("join")
    builder.stop("end").at("both").user_task("b").to("join")
    assert judge(builder.at("choose").stop("off", terminate=True).build()).is_sound


def test_an_event_at_the_edge_is_another_way_out() -> None:
    joined = a_process().user_task("a").parallel("join").stop("end").boundary("late", "a", HOUR)
    merged = a_process().user_task("a").exclusive("merge").stop("end").boundary("late", "a", HOUR)

    assert flaws(joined.to("join").build()) == {Flaw.DEADLOCK}
    assert judge(merged.to("merge").build()).is_sound


def test_an_event_that_does_not_interrupt_is_a_way_besides() -> None:
    def drawn(gateway: str) -> Process:
        builder = _gateway(a_process().user_task("a"), gateway).user_task("b").stop("end")
        return builder.boundary("late", "a", HOUR, interrupting=False).to("meet").build()

    assert flaws(drawn("exclusive")) == {Flaw.UNSYNCHRONISED}
    assert flaws(drawn("parallel")) == {Flaw.DEADLOCK}
    assert judge(drawn("inclusive")).is_sound


def test_a_sub_process_is_judged_by_itself_and_is_one_step_outside() -> None:
    builder = a_process().sub("inner").exclusive("choose").user_task("a").parallel("join")
    builder.stop("inner-end").at("choose").user_task("b").to("join").out().user_task("after")

    verdict = judge(builder.end())

    assert [(one.flaw, one.element) for one in verdict.findings] == [(Flaw.DEADLOCK, "join")]


def test_a_sub_process_that_only_fails_is_never_left_by_its_flow() -> None:
    builder = a_process().sub("inner").stop("failed", ErrorDefinition("E")).out()
    builder.user_task("never").stop("end").boundary("caught", "inner", ErrorDefinition("E"))

    found = judge(builder.stop("instead").build()).findings

    assert {(one.flaw, one.element) for one in found} == {(Flaw.DEAD, "never"), (Flaw.DEAD, "end")}


def test_an_event_sub_process_is_a_level_of_its_own() -> None:
    builder = a_process().user_task("a").stop("end")
    builder.esub("aside", MessageDefinition("m")).parallel("both").user_task("b")
    builder.exclusive("merge").stop("aside-end").at("both").user_task("c").to("merge")

    assert the(Flaw.UNSYNCHRONISED, builder.build()).element == "merge"


def test_an_adhoc_sub_process_has_no_order_to_judge() -> None:
    builder = a_process().sub("any", start=False, kind=SubProcessKind.ADHOC).user_task("a")

    assert judge(builder.out().end()).is_sound


def test_links_are_flows() -> None:
    builder = a_process().parallel("both").throw("go", LinkDefinition("there"))
    builder.at("both").user_task("a").parallel("join").stop("end")
    caught = IntermediateCatchEvent("come", definitions=(LinkDefinition("there"),))

    assert judge(builder.alone(caught).to("join").build()).is_sound


def test_a_loop_without_a_way_out_never_ends() -> None:
    process = a_process().exclusive("again").user_task("a").to("again").build()

    assert flaws(process) == {Flaw.ENDLESS}


def test_a_join_waits_in_vain_for_what_is_never_reached() -> None:
    builder = a_process().user_task("a").parallel("join").stop("end")
    process = builder.alone(UserTask("lost")).to("join").build()

    found = the(Flaw.DEADLOCK, process)

    assert (found.element, found.missing) == ("join", ("lost-join",))


def test_any_of_several_starts_begins_alone() -> None:
    def drawn(gateway: str) -> Process:
        builder = _gateway(a_process().user_task("a"), gateway).stop("end")
        start = StartEvent("message", definitions=(MessageDefinition("m"),))
        return builder.alone(start).to("meet").build()

    assert judge(drawn("exclusive")).is_sound
    assert flaws(drawn("parallel")) == {Flaw.DEADLOCK}


def test_an_activity_with_conditions_may_take_some_flows() -> None:
    def drawn(gateway: str) -> Process:
        builder = _gateway(a_process().user_task("a").when("x"), gateway).stop("end")
        return builder.at("a").when("y").user_task("b").to("meet").build()

    assert flaws(drawn("parallel")) == {Flaw.DEADLOCK}
    assert judge(drawn("inclusive")).is_sound


@pytest.mark.parametrize("code", ["", "E"])
def test_an_escalation_that_does_not_interrupt_leaves_two_tokens(code: str) -> None:
    builder = a_process().sub("inner").user_task("a").stop("inner-end").out().exclusive("merge")
    builder.user_task("b").stop("end")
    told = builder.boundary("told", "inner", EscalationDefinition(code), interrupting=False)

    assert flaws(told.to("merge").build()) == {Flaw.UNSYNCHRONISED}
