"""Carrying on a shard: due timers, runs that were cut short, timed starts."""

from __future__ import annotations

from celery import shared_task

from engine.actions import drains
from engine.announce import DRAIN
from engine.runtime import BATCH
from engine.workers.jobs import ACTOR

#: Batches per message; what is left is rung for again, so that no message runs for ever.
_BATCHES = 50


@shared_task(name=DRAIN)
def drain(shard: int) -> None:
    """Carry on whatever is due in a shard."""
    for _batch in range(_BATCHES):
        if drains.drain(actor=ACTOR, shard=shard) < BATCH:
            return
