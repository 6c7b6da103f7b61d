"""How a run began, as the first event of its journal has it: from there it can be made anew.

The machine knows neither numbers nor persons; the shell adds them to the fact that the run exists.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from engine.held import Caller, Held, Opening
from engine.semantics.events import Event, InstanceStarted


def noted(event: Event, held: Held) -> Event:
    """Return the first event of a run with what only the shell knows of its beginning."""
    opening = held.opening
    if opening is None or not isinstance(event, InstanceStarted):
        return event
    caller = opening.caller
    return replace(
        event,
        number=opening.number,
        title=opening.title,
        deployment=str(held.home.deployment_id),
        starter=_text(opening.person_id),
        account=_text(opening.account_id),
        caller=str(caller.instance_id) if caller else "",
        visit=str(caller.activity) if caller else "",
        depth=caller.depth if caller else 0,
    )


def read(event: Event) -> tuple[UUID, Opening] | None:
    """Return the deployment and the opening of a run, or None where its release wrote none."""
    if not isinstance(event, InstanceStarted) or not event.deployment:
        return None
    called = (UUID(event.caller), UUID(event.visit), event.depth) if event.caller else None
    return UUID(event.deployment), Opening(
        number=event.number,
        title=event.title,
        business_key=event.business_key,
        person_id=_id(event.starter),
        account_id=_id(event.account),
        caller=Caller(*called) if called else None,
    )


def _text(identity: UUID | None) -> str:
    return str(identity) if identity else ""


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
