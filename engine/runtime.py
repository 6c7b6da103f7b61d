"""advance(): the one transaction script of execution: lock, handle, write, announce.

The web advances one instance inline, within the transaction of its action. A worker advances up to
two hundred in one transaction of their own; one of them that breaks is found by halving, and the
others go on without it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, get_args
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from common.context import Actor
from common.errors import DomainError
from common.ids import new_id, random_bytes
from common.outages import is_outage
from common.problems import NotFound
from engine import announce, beginnings, crash_points, projections, store
from engine.crash_points import Point
from engine.errors import LeaseLost, NewerJournal, RunBusy, RunHeld
from engine.held import Advance, Held, Left, Onward, Opening, standing_of
from engine.models.deployments import Deployment
from engine.semantics import business_rules, machine
from engine.semantics.commands import Cancel, Command, Continue
from engine.semantics.environment import Environment
from engine.semantics.errors import ScopeNotLoaded, WorkGone
from engine.semantics.events import Event
from engine.store import Lease

logger = logging.getLogger(__name__)

#: How many instances one transaction advances; the knee of the measured curve.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Share:
    """How far one command may carry an instance in one transaction; the rest is queued.

    The machine is given `stride` transitions at a time, and asked again while there is budget and
    time: it knows no clock.
    """

    stride: int
    budget: int
    seconds: float


INLINE = Share(stride=50, budget=200, seconds=0.050)
BACKGROUND = Share(stride=10_000, budget=10_000, seconds=5.0)


def _nowhere(_advance: Advance) -> Onward | None:
    """Leave what is next to whoever takes it from the queue."""
    return None


@dataclass(frozen=True, slots=True)
class Ask:
    """One command for one instance, by whom, and under which lease where a worker asks.

    `delivery` is what another run said, where that is why: it arrives once. `deployment_id` is the
    one the instance is pinned to, and `left` the run as it was left by who asks: who knows them
    saves a look. `onward` chooses the job that is begun with the advance.
    """

    instance_id: UUID
    command: Command
    actor: Actor
    lease: Lease | None = None
    delivery: UUID | None = None
    deployment_id: UUID | None = None
    left: Left | None = None
    onward: Callable[[Advance], Onward | None] = _nowhere


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an ask: an advance, or why there is none."""

    ask: Ask
    advance: Advance | None = None
    refusal: Exception | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing was left to do: another command had carried the run on."""
        return self.advance is not None and not self.advance.happened

    @property
    def is_broken(self) -> bool:
        """Tell whether the instance cannot be advanced at all: a bug, or rows that do not fit."""
        return self.refusal is not None and not isinstance(self.refusal, DomainError)


Also: TypeAlias = Callable[[Sequence[Outcome]], None]


def _nothing(_outcomes: Sequence[Outcome]) -> None:
    """Write nothing more."""


def advance_one(ask: Ask, share: Share = INLINE) -> Advance:
    """Carry out one command in the caller's transaction.

    Raises:
        NotFound: there is no such instance in sight.
        RunBusy: another step of it takes too long.
        LeaseLost: another worker has taken over.
        DomainError: the machine refuses the command.
    """
    held = _locked([ask]).get(ask.instance_id)
    if held is None:
        raise NotFound
    if ask.lease and not store.leases_held([ask.lease]):
        raise LeaseLost
    if ask.delivery and not store.deliveries_held([ask.delivery]):
        raise WorkGone(delivery=str(ask.delivery))
    advance = _handle(held, ask, share)
    _write([advance])
    return advance


def start(ask: Ask, deployment: Deployment, opening: Callable[[int], Opening]) -> Advance:
    """Begin a new instance of a deployment, in the caller's transaction.

    Raises:
        DomainError: the machine refuses the command.
    """
    held = store.open_new(ask.instance_id, deployment, opening)
    advance = _handle(held, ask, INLINE)
    advance.happened[0] = beginnings.noted(advance.happened[0], held)
    _write([advance])
    return advance


def advance(asks: Sequence[Ask], share: Share = BACKGROUND, also: Also = _nothing) -> list[Outcome]:
    """Carry out commands for many instances, one each, in one transaction.

    Refusals come back as outcomes. Where the database refuses what one of them wrote, the batch is
    halved until that one is alone. `also` writes what belongs to the outcomes, with them.

    Raises:
        DatabaseError: the database is away or has no room: none of them is to blame.
    """
    try:
        with transaction.atomic():
            outcomes = _advance_all(asks, share)
            also(outcomes)
            crash_points.reached(Point.BEFORE_COMMIT)
            return outcomes
    except (DatabaseError, RunBusy) as error:
        if not _is_connected() or is_outage(error):
            raise
        if len(asks) == 1:
            extra = {"instance": str(asks[0].instance_id)}
            logger.warning("instance.not_advanced", extra=extra, exc_info=error)
            return [Outcome(asks[0], refusal=error)]
    # What was left has been moved on by what came to nothing.
    asks = [replace(ask, left=None) for ask in asks]
    half = len(asks) // 2
    return [*advance(asks[:half], share, also), *advance(asks[half:], share, also)]


def cause_of(command: Command) -> str:
    """Return a command's name as the journal has it: `complete_user_task`."""
    return _CAUSES[type(command)]


def _advance_all(asks: Sequence[Ask], share: Share) -> list[Outcome]:
    held = _locked(asks)
    current = store.leases_held(ask.lease for ask in asks if ask.lease)
    carried = store.deliveries_held(ask.delivery for ask in asks if ask.delivery)
    outcomes = [
        _try(held.get(ask.instance_id), ask, share)
        if _is_ours(ask, current, carried)
        else Outcome(ask, refusal=LeaseLost())
        for ask in asks
    ]
    _write([outcome.advance for outcome in outcomes if outcome.advance])
    store.end_leases(outcome.ask.lease for outcome in outcomes if outcome.is_idle)
    return outcomes


def _locked(asks: Sequence[Ask]) -> dict[UUID, Held]:
    commands = {ask.instance_id: ask.command for ask in asks}
    pinned = {ask.instance_id: ask.deployment_id for ask in asks if ask.deployment_id}
    left = {ask.instance_id: ask.left for ask in asks if ask.left}
    return store.lock_for(commands, pinned, left)


def _is_ours(ask: Ask, current: set[Lease], carried: set[UUID]) -> bool:
    """Tell whether nobody else has done what an ask is for."""
    if ask.lease and ask.lease not in current:
        return False
    return ask.delivery is None or ask.delivery in carried


def _try(held: Held | None, ask: Ask, share: Share) -> Outcome:
    if held is None:
        return Outcome(ask, refusal=NotFound())
    try:
        return Outcome(ask, _handle(held, ask, share))
    except (DatabaseError, RunBusy):
        raise  # the transaction is over, for all of them
    except DomainError as error:
        return Outcome(ask, refusal=error)
    except Exception as error:  # a bug met by one instance must not stop the others
        logger.exception("instance.broken", extra={"instance": str(ask.instance_id)})
        return Outcome(ask, refusal=error)


def _handle(held: Held, ask: Ask, share: Share) -> Advance:
    """Carry out a command; where it reads more than was loaded, once more with all there is."""
    if held.newer:
        raise NewerJournal(type=held.home.model.name or held.home.model.id, schema=held.newer)
    if held.on_hold and not isinstance(ask.command, Cancel):
        raise RunHeld
    try:
        return _handled(held, ask, share)
    except ScopeNotLoaded:
        return _handled(store.lock([held.id])[held.id], ask, share)


def _handled(held: Held, ask: Ask, share: Share) -> Advance:
    seq_from = held.state.seq + 1
    limits = replace(held.home.limits, budget=share.stride)
    decide = business_rules.decider(held.home.decisions, held.at)
    env = Environment(
        held.at, _fresh_id, _fraction, limits, held.home.given, decide, held.home.retry
    )
    happened = _carry_out(held, ask.command, env, share)
    done = Advance(
        held,
        ask.actor,
        cause_of(ask.command),
        seq_from,
        happened,
        standing_of(held),
        delivery=ask.delivery,
    )
    done.onward = ask.onward(done)
    return done


def _carry_out(held: Held, command: Command, env: Environment, share: Share) -> list[Event]:
    began, steps = time.monotonic(), share.stride
    _state, happened = machine.handle(held.home.model, held.state, command, env)
    more = happened
    while (
        machine.is_unfinished(more)
        and steps < share.budget
        and time.monotonic() - began < share.seconds
    ):
        _state, more = machine.handle(held.home.model, held.state, Continue(), env)
        happened, steps = [*happened, *more], steps + share.stride
    return happened


def _write(advances: Sequence[Advance]) -> None:
    """Write what happened; a command that made nothing happen leaves no row."""
    done = [advance for advance in advances if advance.happened]
    if done:
        announce.after_commit(done, projections.project(done))


def _is_connected() -> bool:
    return connection.connection is not None and not connection.connection.closed


def _fresh_id() -> str:
    return str(new_id())


def _fraction() -> float:
    """Return a number in [0, 1), evenly spread; nothing secret hangs on it."""
    return int.from_bytes(random_bytes(7), "big") / 2**56


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


_CAUSES = {kind: _snake(kind.__name__) for kind in get_args(Command)}
