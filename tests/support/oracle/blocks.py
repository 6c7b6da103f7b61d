"""Blocks that a process can be built of, drawn at random.

Every block has one way in and one way out. Branches that run side by side write to variables of
their own and read none that a neighbour writes, so whatever the order of their steps, a process
has one outcome: it can be interpreted by plain recursion.

Variables hold whole numbers from 0 to 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Pick: TypeAlias = Callable[[int], int]
"""Chance: `pick(n)` is one of 0 to n - 1. The less, the simpler, so that failures shrink."""

VARIABLES = ("a", "b", "c", "d", "e", "f")
MODULUS = 11
JOINS = ("parallel", "inclusive", "complex")
NESTED = ("body", "mend", "late")
"""The fields that hold one block; `parts` holds several."""
_DEEPEST = 3
_WIDEST = 3


@dataclass(frozen=True, slots=True)
class Mix:
    """A value: `(left + right) modulo 11`; `left` is a variable, `right` one too or a number."""

    left: str
    right: str | int


@dataclass(frozen=True, slots=True)
class Over:
    """A condition: the variable is greater than the limit."""

    variable: str
    limit: int


@dataclass(frozen=True, slots=True)
class Assign:
    """A script task."""

    id: str
    target: str
    value: Mix


@dataclass(frozen=True, slots=True)
class Work:
    """A user or service task that writes a number, or nothing where there is no `target`."""

    id: str
    by_person: bool
    target: str
    value: int


@dataclass(frozen=True, slots=True)
class Wait:
    """A timer catch event."""

    id: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another."""

    id: str
    parts: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Exclusive split and merge: the first branch whose condition holds, else the last part."""

    id: str
    conditions: tuple[Over, ...]
    parts: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """Parallel split, and a join that waits for all branches: `join` says how."""

    id: str
    parts: tuple[Block, ...]
    join: str


@dataclass(frozen=True, slots=True)
class Several:
    """Inclusive split and join: every branch whose condition holds, else the last part."""

    id: str
    conditions: tuple[Over, ...]
    parts: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A loop of gateways that counts up to `times` in a variable of its own sub-process."""

    id: str
    counter: str
    times: int
    body: Block


@dataclass(frozen=True, slots=True)
class Again:
    """A script task with a standard loop."""

    id: str
    target: str
    value: Mix
    condition: Over
    test_before: bool
    maximum: int


@dataclass(frozen=True, slots=True)
class Group:
    """An embedded sub-process."""

    id: str
    body: Block


@dataclass(frozen=True, slots=True)
class Each:
    """A multi-instance sub-process; the body turns the element into what `output` collects.

    The element is local to the item, the one variable its body writes.
    """

    id: str
    sequential: bool
    items: tuple[int, ...]
    element: str
    output: str
    body: Block


@dataclass(frozen=True, slots=True)
class Collect:
    """A multi-instance script task, whose results `output` collects."""

    id: str
    sequential: bool
    items: tuple[int, ...]
    element: str
    output: str
    value: Mix


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sub-process that fails with an error if `fails` holds; `mend` is what follows then.

    It is caught by a boundary event, or `inside` by an event sub-process.
    """

    id: str
    body: Block
    fails: Over
    mend: Block
    inside: bool


@dataclass(frozen=True, slots=True)
class Undo:
    """A sub-process whose steps are compensated, last first, if `fails` holds.

    By a throw event; in a `transaction` by its cancel end event.
    """

    id: str
    steps: tuple[Assign, ...]
    handlers: tuple[Assign, ...]
    fails: Over
    transaction: bool


@dataclass(frozen=True, slots=True)
class Race:
    """An event-based gateway before timers: the part behind the shorter one is gone on with."""

    id: str
    minutes: tuple[int, ...]
    parts: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A pair of link events."""

    id: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A sub-process that takes `minutes`, and a boundary timer after `limit` that leads to `late`.

    Where it does not interrupt, both go on side by side.
    """

    id: str
    minutes: int
    limit: int
    interrupting: bool
    late: Block


@dataclass(frozen=True, slots=True)
class Hear:
    """A message catch event; the message has the block's id as its name and brings a number."""

    id: str
    target: str
    value: int


@dataclass(frozen=True, slots=True)
class Called:
    """A call activity; the process it calls has the block's id and is the body.

    It is given all that is seen, and gives back the variables that its body may write (`gives`).
    """

    id: str
    body: Block
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remind:
    """A sub-process beside which a cycle comes every so many minutes, at most so many `times`.

    It goes on for so many `rounds` and half a one.
    """

    id: str
    every: int
    rounds: int
    times: int


Block: TypeAlias = (
    Assign
    | Work
    | Wait
    | Sequence
    | Choice
    | Fork
    | Several
    | Repeat
    | Again
    | Group
    | Each
    | Collect
    | Attempt
    | Undo
    | Race
    | Jump
    | Deadline
    | Hear
    | Called
    | Remind
)


def parts_of(block: Block) -> list[Block]:
    """Return the blocks directly inside a block."""
    nested = [getattr(block, name) for name in NESTED if hasattr(block, name)]
    return [*getattr(block, "parts", ()), *nested]


@dataclass(frozen=True)
class Ground:
    """Where a block is drawn: what it may read and write, how deep it is, the next free number.

    Inside an `Each` nothing may be collected, since the items would write to one variable.
    `peopled` says that somebody outside sends messages and starts what is called.
    """

    numbers: Iterator[int]
    readable: tuple[str, ...] = VARIABLES
    writable: tuple[str, ...] = VARIABLES
    depth: int = 0
    collects: bool = True
    peopled: bool = False

    def fresh(self, prefix: str) -> str:
        """Return an id that no other block has."""
        return f"{prefix}{next(self.numbers)}"

    def deeper(self) -> Ground:
        return replace(self, depth=self.depth + 1)

    def parted(self, ways: int) -> list[Ground]:
        """Return ground for branches that do not see what the others write."""
        owned = [self.writable[way::ways] for way in range(ways)]
        shared = tuple(name for name in self.readable if name not in self.writable)
        inner = self.deeper()
        return [replace(inner, writable=own, readable=shared + own) for own in owned]


def drawn(pick: Pick, *, peopled: bool = False, depth: int = 0) -> Block:
    """Return a block as chance would have it; the deeper it begins, the smaller it is."""
    return _block(pick, Ground(count(1), depth=depth, peopled=peopled))


def _block(pick: Pick, ground: Ground) -> Block:
    makers = (*_ANYWHERE, *(_WRITING if ground.writable else ()))
    if ground.peopled:
        makers += _HEARING
    if ground.depth < _DEEPEST:
        makers += (*_NESTING, *(_JUDGING if ground.readable else ()))
        makers += _CALLING if ground.peopled else ()
    return _one(pick, makers)(pick, ground)


def _inner(pick: Pick, ground: Ground) -> Block:
    return _block(pick, ground.deeper())


def _wait(pick: Pick, ground: Ground) -> Block:
    return Wait(ground.fresh("wait"), _minutes(pick))


def _work(pick: Pick, ground: Ground) -> Block:
    return Work(ground.fresh("work"), bool(pick(2)), _target(pick, ground), pick(MODULUS))


def _job(pick: Pick, ground: Ground) -> Block:
    target = _target(pick, ground)
    return Work(ground.fresh("job"), by_person=False, target=target, value=pick(MODULUS))


def _hear(pick: Pick, ground: Ground) -> Block:
    return Hear(ground.fresh("hear"), _target(pick, ground), pick(MODULUS))


def _target(pick: Pick, ground: Ground) -> str:
    return _one(pick, ground.writable) if ground.writable else ""


def _assign(pick: Pick, ground: Ground) -> Assign:
    return Assign(ground.fresh("assign"), _one(pick, ground.writable), _mix(pick, ground))


def _again(pick: Pick, ground: Ground) -> Block:
    target, value = _one(pick, ground.writable), _mix(pick, ground)
    condition, before = _condition(pick, ground), bool(pick(2))
    return Again(ground.fresh("again"), target, value, condition, before, _times(pick))


def _sequence(pick: Pick, ground: Ground) -> Block:
    parts = tuple(_inner(pick, ground) for _ in range(1 + pick(_WIDEST)))
    return Sequence(ground.fresh("sequence"), parts)


def _choice(pick: Pick, ground: Ground) -> Block:
    parts = tuple(_inner(pick, ground) for _ in range(2 + pick(_WIDEST - 1)))
    return Choice(ground.fresh("choice"), _conditions(pick, ground, parts), parts)


def _fork(pick: Pick, ground: Ground) -> Block:
    parts = _side_by_side(pick, ground)
    return Fork(ground.fresh("fork"), parts, _one(pick, JOINS))


def _several(pick: Pick, ground: Ground) -> Block:
    parts = _side_by_side(pick, ground)
    return Several(ground.fresh("several"), _conditions(pick, ground, parts), parts)


def _side_by_side(pick: Pick, ground: Ground) -> tuple[Block, ...]:
    return tuple(_block(pick, part) for part in ground.parted(2 + pick(_WIDEST - 1)))


def _repeat(pick: Pick, ground: Ground) -> Block:
    counter, times = ground.fresh("counter"), _times(pick)
    body = _inner(pick, replace(ground, readable=(*ground.readable, counter)))
    return Repeat(ground.fresh("repeat"), counter, times, body)


def _group(pick: Pick, ground: Ground) -> Block:
    return Group(ground.fresh("group"), _inner(pick, ground))


def _each(pick: Pick, ground: Ground) -> Block:
    element = ground.fresh("element")
    inner = replace(
        ground, writable=(element,), readable=(*ground.readable, element), collects=False
    )
    sequential, items = bool(pick(2)), _items(pick)
    output = ground.fresh("output") if ground.collects else ""
    body = _inner(pick, inner)
    return Each(ground.fresh("each"), sequential, items, element, output, body)


def _collect(pick: Pick, ground: Ground) -> Block:
    element = ground.fresh("element")
    value = _mix(pick, replace(ground, readable=(*ground.readable, element)))
    output = ground.fresh("output") if ground.collects else ""
    name = ground.fresh("collect")
    return Collect(name, bool(pick(2)), _items(pick), element, output, value)


def _attempt(pick: Pick, ground: Ground) -> Block:
    body, fails, mend = _inner(pick, ground), _condition(pick, ground), _inner(pick, ground)
    return Attempt(ground.fresh("attempt"), body, fails, mend, bool(pick(2)))


def _undo(pick: Pick, ground: Ground) -> Block:
    number = 1 + pick(_WIDEST)
    steps = tuple(_assign(pick, ground) for _ in range(number))
    handlers = tuple(_assign(pick, ground) for _ in range(number))
    return Undo(ground.fresh("undo"), steps, handlers, _condition(pick, ground), bool(pick(2)))


def _race(pick: Pick, ground: Ground) -> Block:
    first = _minutes(pick)
    second = _minutes(pick)
    # One minute apart at least, as below.
    minutes = (first, second + (second == first))
    return Race(ground.fresh("race"), minutes, tuple(_inner(pick, ground) for _ in minutes))


def _jump(_pick: Pick, ground: Ground) -> Block:
    return Jump(ground.fresh("jump"))


def _deadline(pick: Pick, ground: Ground) -> Block:
    minutes, limit, interrupting = _minutes(pick), _minutes(pick), bool(pick(2))
    # One minute apart at least: what comes due together is not the question here.
    limit += limit == minutes
    late = _inner(pick, ground)
    return Deadline(ground.fresh("deadline"), minutes, limit, interrupting, late)


def _called(pick: Pick, ground: Ground) -> Block:
    body = _inner(pick, replace(ground, collects=False))
    return Called(ground.fresh("called"), body, ground.writable)


def _remind(pick: Pick, ground: Ground) -> Block:
    return Remind(ground.fresh("remind"), 2 * _times(pick), pick(_WIDEST + 1), _times(pick))


def _mix(pick: Pick, ground: Ground) -> Mix:
    right = _one(pick, ground.readable) if pick(2) else pick(MODULUS)
    return Mix(_one(pick, ground.readable), right)


def _conditions(pick: Pick, ground: Ground, parts: tuple[Block, ...]) -> tuple[Over, ...]:
    return tuple(_condition(pick, ground) for _ in parts[1:])


def _condition(pick: Pick, ground: Ground) -> Over:
    return Over(_one(pick, ground.readable), pick(MODULUS))


def _items(pick: Pick) -> tuple[int, ...]:
    return tuple(pick(MODULUS) for _ in range(pick(_WIDEST + 1)))


def _minutes(pick: Pick) -> int:
    return 1 + pick(9)


def _times(pick: Pick) -> int:
    return 1 + pick(3)


def _one(pick: Pick, choices: tuple[T, ...]) -> T:
    return choices[pick(len(choices))]


_Maker: TypeAlias = Callable[[Pick, Ground], Block]
_ANYWHERE: tuple[_Maker, ...] = (_work, _wait, _collect, _jump)
_WRITING: tuple[_Maker, ...] = (_assign, _again, _undo)
_NESTING: tuple[_Maker, ...] = (
    _sequence,
    _fork,
    _group,
    _repeat,
    _each,
    _deadline,
    _race,
)
_JUDGING: tuple[_Maker, ...] = (_choice, _several, _attempt)
_HEARING: tuple[_Maker, ...] = (_hear, _remind, _job, _job)
_CALLING: tuple[_Maker, ...] = (_called,)
