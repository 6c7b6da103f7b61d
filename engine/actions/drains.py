"""Carrying on what needs no person and no connector: due timers, runs cut short, timed starts.

Two hundred instances to a transaction. One that breaks waits a minute and stays alone; a newer
release's journal is put back for whoever can read it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from common import tenancy
from common.context import Actor
from common.errors import DomainError, Transient
from engine import leases, runtime
from engine.actions import deliveries, start_timers
from engine.errors import LeaseLost
from engine.leases import Claim, Wanted
from engine.models.queue import Kind
from engine.queries import clock
from engine.runtime import BATCH, Ask, Outcome
from engine.semantics.commands import Continue, TriggerTimer
from engine.semantics.errors import TimerNotDue

_BROKEN = timedelta(minutes=1)
_ADVANCED = (Kind.TIMER, Kind.CONTINUE)
_EARLY = timedelta(seconds=1)
#: When to look again at a timer whose run has an earlier one in other hands.
_AFTER = timedelta(milliseconds=50)
_PASSING = (TimerNotDue, Transient)

logger = logging.getLogger(__name__)


def drain(*, actor: Actor, shard: int | None = None, late: timedelta = timedelta(0)) -> int:
    """Carry on one batch of what is due in a shard, or in all; return how much was claimed."""
    claims = leases.claim(Wanted(leases.DRAINED, BATCH, shard, late=late))
    if not claims:
        return 0
    with tenancy.units_in_scope({claim.unit_id for claim in claims}):
        leases.postpone([claim.lease for claim in claims if claim.behind], _AFTER)
        rest = [claim for claim in claims if claim.kind in _ADVANCED and not claim.behind]
        while rest:
            now, rest = _one_each(rest)
            rest = _in_order(rest, _carry_on(now, actor))
        for claim in claims:
            if claim.kind is Kind.START:
                _start(claim, actor)
        deliveries.carry([claim for claim in claims if claim.kind is Kind.DELIVER], actor)
    return len(claims)


def _one_each(claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Return one claim of each instance, and the others for the next transaction."""
    first: dict[UUID, Claim] = {}
    rest = []
    for claim in claims:
        if claim.instance_id in first:
            rest.append(claim)
        else:
            first[claim.instance_id] = claim
    return list(first.values()), rest


def _in_order(rest: Sequence[Claim], late: set[UUID]) -> list[Claim]:
    """Return what can go on; what follows on something that was put back is put back after it."""
    leases.postpone([claim.lease for claim in rest if claim.instance_id in late], _EARLY)
    return [claim for claim in rest if claim.instance_id not in late]


def _carry_on(claims: Sequence[Claim], actor: Actor) -> set[UUID]:
    """Advance one claim of each instance; return the instances whose claim must come again soon."""
    asks = [Ask(claim.instance_id, _command(claim), actor, claim.lease) for claim in claims]
    refused = [outcome for outcome in runtime.advance(asks) if outcome.refusal is not None]
    for outcome in refused:
        _put_back(outcome)
    return {each.ask.instance_id for each in refused if isinstance(each.refusal, _PASSING)}


def _command(claim: Claim) -> TriggerTimer | Continue:
    return TriggerTimer(str(claim.lease.entry_id)) if claim.kind is Kind.TIMER else Continue()


def _put_back(outcome: Outcome) -> None:
    """Decide what becomes of an entry that moved nothing; one that is gone takes its row along."""
    lease = outcome.ask.lease
    if lease is None or isinstance(outcome.refusal, LeaseLost):
        return
    by = _EARLY if isinstance(outcome.refusal, _PASSING) else _BROKEN
    logger.warning(
        "drain.refused",
        extra={"instance": str(outcome.ask.instance_id), "error": repr(outcome.refusal)},
    )
    leases.postpone([lease], by)


def _start(claim: Claim, actor: Actor) -> None:
    try:
        start_timers.fire(
            timer_id=claim.lease.entry_id,
            lease=claim.lease,
            now=clock.engine_now(),
            actor=actor,
        )
    except Transient:
        leases.postpone([claim.lease], _EARLY)
    except DomainError:
        logger.exception("start.refused", extra={"timer": str(claim.lease.entry_id)})
        leases.postpone([claim.lease], _BROKEN)
