"""Processes whose soundness is known beforehand: built of blocks, then broken at one place.

A block has one way in and one way out, and passes on one token for one it got; so whatever is
built of blocks is sound. Each way of breaking says what must be found then, whatever surrounds the
place, because every block can be come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random  # noqa: TID251 - nothing but the seed decides

from engine.bpmn.elements import (
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    InclusiveGateway,
    ParallelGateway,
    SequenceFlow,
    StartEvent,
    UserTask,
)
from engine.bpmn.events import TimerDefinition
from engine.bpmn.process import Process
from engine.soundness import Flaw

GATEWAYS: Mapping[str, type[Gateway]] = {
    "exclusive": ExclusiveGateway,
    "parallel": ParallelGateway,
    "inclusive": InclusiveGateway,
}


@dataclass(slots=True)
class Pair:
    """A split and its join; in a loop, the split that leads back and the merge it leads to."""

    kind: str
    split: str
    join: str
    is_loop: bool = False


@dataclass(slots=True)
class Net:
    """Nodes by id, flows as pairs of ids, and the pairs of gateways among them."""

    nodes: dict[str, FlowNode] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    def add(self, node: FlowNode) -> str:
        """Add a node and return its id."""
        self.nodes[node.id] = node
        return node.id

    def process(self) -> Process:
        """Return the net as a process. No flow has a condition: every choice is possible."""
        flows = [SequenceFlow(f"f{at}", "", *ends) for at, ends in enumerate(self.flows)]
        nodes = {
            name: replace(
                node,
                incoming=tuple(flow for flow in flows if flow.target == name),
                outgoing=tuple(flow for flow in flows if flow.source == name),
            )
            for name, node in self.nodes.items()
        }
        return Process("net", nodes=nodes, flows={flow.id: flow for flow in flows})


def sound(seed: int, size: int = 12) -> Net:
    """Return a net of about so many blocks, nested as chance has it."""
    builder = _Builder(Random(seed))  # noqa: S311 - no secret depends on it
    return builder.net(size)


def broken(seed: int, size: int = 12) -> tuple[Net, frozenset[Flaw], str]:
    """Return a net with one fault, the flaws of which one must be found, and what was done."""
    chance = Random(seed)  # noqa: S311 - no secret depends on it
    net = sound(seed, size)
    while not net.pairs:
        seed += 1_000_003
        net = sound(seed, size)
    pair = chance.choice(net.pairs)
    ways = list(_ways(pair))
    what, expected, change = chance.choice(ways)
    change(net, pair)
    return net, expected, f"{pair.kind}{' loop' if pair.is_loop else ''}: {what}"


_STUCK = frozenset({Flaw.DEADLOCK})
_TWICE = frozenset({Flaw.UNSYNCHRONISED})
_EITHER = _STUCK | _TWICE
Way = tuple[str, frozenset[Flaw], Callable[[Net, Pair], None]]


def _ways(pair: Pair) -> Iterator[Way]:
    """Yield the ways to break a pair: what is done, and what must be found then."""
    if pair.is_loop:
        yield "its merge waits for both", _STUCK, _join_as("parallel")
        yield "its split takes both", _TWICE, _split_as("parallel")
    elif pair.kind == "exclusive":
        yield "its join waits for all", _STUCK, _join_as("parallel")
        yield "its split takes all", _TWICE, _split_as("parallel")
        yield "its split takes some", _TWICE, _split_as("inclusive")
    elif pair.kind == "parallel":
        yield "its join waits for none", _TWICE, _join_as("exclusive")
        yield "its split takes one", _STUCK, _split_as("exclusive")
        yield "its split takes some", _STUCK, _split_as("inclusive")
        yield "a branch leaves it", _EITHER, _leave
        yield "a branch goes round", _EITHER, _go_round
    else:
        yield "its join waits for none", _TWICE, _join_as("exclusive")
        yield "its join waits for all", _STUCK, _join_as("parallel")


def _join_as(kind: str) -> Callable[[Net, Pair], None]:
    def change(net: Net, pair: Pair) -> None:
        net.nodes[pair.join] = GATEWAYS[kind](pair.join)

    return change


def _split_as(kind: str) -> Callable[[Net, Pair], None]:
    def change(net: Net, pair: Pair) -> None:
        net.nodes[pair.split] = GATEWAYS[kind](pair.split)

    return change


def _leave(net: Net, pair: Pair) -> None:
    """Let one branch go past the join, to a merge behind it."""
    at = next(one for one, (source, _) in enumerate(net.flows) if source == pair.split)
    after = next(one for one, (source, _) in enumerate(net.flows) if source == pair.join)
    choice, merge = net.add(ExclusiveGateway("leave")), net.add(ExclusiveGateway("behind"))
    first, behind = net.flows[at][1], net.flows[after][1]
    net.flows[at] = (pair.split, choice)
    net.flows[after] = (pair.join, merge)
    net.flows += [(choice, first), (choice, merge), (merge, behind)]


def _go_round(net: Net, pair: Pair) -> None:
    """Let one branch go back before the split."""
    at = next(one for one, (source, _) in enumerate(net.flows) if source == pair.split)
    before = next(one for one, (_, target) in enumerate(net.flows) if target == pair.split)
    choice, merge = net.add(ExclusiveGateway("round")), net.add(ExclusiveGateway("before"))
    first = net.flows[at][1]
    net.flows[before] = (net.flows[before][0], merge)
    net.flows[at] = (pair.split, choice)
    net.flows += [(merge, pair.split), (choice, first), (choice, merge)]


class _Builder:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._net = Net()
        self._count = 0

    def net(self, size: int) -> Net:
        start = self._net.add(StartEvent("start"))
        last = self._sequence(start, size)
        self._net.flows.append((last, self._net.add(EndEvent("end"))))
        return self._net

    def _sequence(self, before: str, size: int) -> str:
        """Draw blocks one after another, of so many blocks in all; return the last node."""
        while size > 0:
            taken = self._chance.randint(1, size)
            size -= taken
            before = self._block(before, taken)
        return before

    def _block(self, before: str, size: int) -> str:
        if size == 1:
            return self._chance.choice([self._task, self._task, self._limited])(before)
        kind = self._chance.choice(["exclusive", "parallel", "inclusive", "loop"])
        return self._loop(before, size - 1) if kind == "loop" else self._split(kind, before, size)

    def _task(self, before: str) -> str:
        return self._after(before, UserTask(self._name("task")))

    def _limited(self, before: str) -> str:
        """Draw a task with a time limit, and a merge at which both ways come together."""
        task = self._task(before)
        timer = BoundaryEvent(
            self._name("limit"),
            definitions=(TimerDefinition(duration="PT1H"),),
            attached_to=task,
        )
        merge = self._after(task, ExclusiveGateway(self._name("merge")))
        self._net.flows.append((self._net.add(timer), merge))
        return merge

    def _split(self, kind: str, before: str, size: int) -> str:
        split = self._after(before, GATEWAYS[kind](self._name("split")))
        join = self._net.add(GATEWAYS[kind](self._name("join")))
        self._net.pairs.append(Pair(kind, split, join))
        for part in self._parts(size):
            last = self._sequence(split, part)
            self._net.flows.append((last, join))
        return join

    def _parts(self, size: int) -> Iterable[int]:
        branches = self._chance.randint(2, 4)
        sizes = [0] * branches
        for _ in range(size - 1):
            sizes[self._chance.randrange(branches)] += 1
        # Two branches without a step between the same gateways would be one drawn twice.
        return [max(one, 1) for one in sizes]

    def _loop(self, before: str, size: int) -> str:
        merge = self._after(before, ExclusiveGateway(self._name("again")))
        last = self._sequence(merge, size)
        split = self._after(last, ExclusiveGateway(self._name("enough")))
        self._net.flows.append((split, merge))
        self._net.pairs.append(Pair("exclusive", split, merge, is_loop=True))
        return split

    def _after(self, before: str, node: FlowNode) -> str:
        self._net.flows.append((before, self._net.add(node)))
        return node.id

    def _name(self, what: str) -> str:
        self._count += 1
        return f"{what}{self._count}"
