"""Let things happen in the demo company: runs are started, and people do their part in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from uuid import UUID

from demo.cast import Cast
from demo.happenings import WHEN, Deed, Happening
from demo.past import Act
from engine.actions import instances, user_tasks
from engine.actions.user_tasks import Answer
from engine.queries.user_tasks import list_open_of_run


def acts(cast: Cast, happenings: Iterable[Happening]) -> Iterator[Act]:
    """Yield the starts of the runs, and what people did in them so far."""
    runs: dict[str, UUID] = {}
    for happening in happenings:
        start, *later = WHEN[happening.reference]
        yield Act(start, partial(_begin, cast, happening, runs))
        for after, deed in zip(later, happening.deeds, strict=True):
            yield Act(start - after, partial(_do, cast, happening, runs, deed))


def _begin(cast: Cast, happening: Happening, runs: dict[str, UUID]) -> None:
    """Start a run as its starter would, with its start form filled in."""
    with cast.acting(happening.starter, happening.unit) as starter:
        run = instances.start_instance(
            actor=starter,
            process_id=cast.processes[happening.unit, happening.process],
            variables={**happening.values, "reference": happening.reference},
            title=happening.title,
            business_key=happening.reference,
        )
    runs[happening.reference] = run.pk


def _do(cast: Cast, happening: Happening, runs: dict[str, UUID], deed: Deed) -> None:
    """Complete the task that waits at an element of a run, or vote at it."""
    with cast.acting(deed.by, happening.unit) as actor:
        waiting = list_open_of_run(runs[happening.reference])
        task = next(task for task in waiting if task.element == deed.element)
        answer = Answer(deed.values, deed.decision or None, deed.reason)
        user_tasks.complete_user_task(actor=actor, user_task_id=task.pk, answer=answer)
