"""Let things happen in the demo company: runs are started, and people do their part in them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from demo.cast import Cast
from demo.happenings import Deed, Happening
from engine.actions import instances, user_tasks
from engine.actions.user_tasks import Answer
from engine.queries.user_tasks import list_open_of_run


def happen(cast: Cast, happenings: Iterable[Happening]) -> None:
    """Start each run, and do what people did in it so far."""
    for happening in happenings:
        run_id = begin(cast, happening)
        for deed in happening.deeds:
            do(cast, happening.unit, run_id, deed)


def begin(cast: Cast, happening: Happening) -> UUID:
    """Start a run as its starter would, with its start form filled in."""
    with cast.acting(happening.starter, happening.unit) as starter:
        run = instances.start_instance(
            actor=starter,
            process_id=cast.processes[happening.unit, happening.process],
            variables={**happening.values, "reference": happening.reference},
            title=happening.title,
            business_key=happening.reference,
        )
    return run.pk


def do(cast: Cast, unit: str, run_id: UUID, deed: Deed) -> None:
    """Complete the task that waits at an element of a run, or vote at it.

    Raises:
        LookupError: nothing waits there.
    """
    with cast.acting(deed.by, unit) as actor:
        waiting = [task for task in list_open_of_run(run_id) if task.element == deed.element]
        if not waiting:
            raise LookupError(f"nothing waits at {deed.element}")
        answer = Answer(deed.values, deed.decision or None, deed.reason)
        user_tasks.complete_user_task(actor=actor, user_task_id=waiting[0].pk, answer=answer)
