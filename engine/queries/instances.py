"""Reads runs: lists, one run with its story, and what happened after a sequence number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from common.context import Actor
from common.logging import masked
from common.problems import NotFound
from engine import codec, large, references
from engine.codec import Vault
from engine.models.deployments import Deployment
from engine.models.instances import ENDED, Instance, RunState, Variable
from engine.models.journal import JournalRow, Payload
from engine.queries import holds, rollups
from engine.queries.deployments import model_of
from engine.steps import Narrator, Step
from governance import access

PAGE = 50
#: How many called runs a page lists.
_CALLED = 50
#: The acts on a whole run that are offered, in the order of their buttons.
ACTS = ("run.release", "run.pause", "run.resume", "run.cancel")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a list of runs is narrowed to; what is empty narrows nothing."""

    state: str = ""
    process_key: str = ""
    started_by: UUID | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class RunList:
    """One page of runs, newest first, and how many there are in each state."""

    runs: list[Instance]
    counts: dict[str, int]
    next_before: datetime | None


@dataclass(frozen=True, slots=True)
class Telling:
    """One advance as people see it: the numbers of its events, and its steps."""

    seq_from: int
    seq: int
    steps: list[Step]


def list_runs(
    *, actor: Actor, unit_id: UUID, wanted: RunFilter, before: datetime | None = None
) -> RunList:
    """Return runs of a unit that the actor may see.

    Raises:
        NotFound: the unit does not exist for the actor.
    """
    access.require_in_unit("run.view", actor=actor, unit_id=unit_id)
    rows = _narrowed(Instance.objects.filter(unit_id=unit_id), wanted)
    counts = _counts(unit_id, wanted, rows)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if before is not None:
        rows = rows.filter(started_at__lt=before)
    found = list(_told(rows)[: PAGE + 1])
    after = found[PAGE - 1].started_at if len(found) > PAGE else None
    return RunList(found[:PAGE], counts, after)


def list_started_by(person_id: UUID, limit: int = 6) -> list[Instance]:
    """Return the newest runs a person has started and that have not ended."""
    rows = Instance.objects.filter(started_by_id=person_id).exclude(state__in=ENDED)
    return list(_told(rows)[:limit])


def get_run(*, actor: Actor, run_id: UUID) -> Instance:
    """Return one run.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    run = _told(Instance.objects.filter(pk=run_id)).first()
    if run is None:
        raise NotFound
    access.require("run.view", actor=actor, subject=run)
    return run


def callers_of(run: Instance, actor: Actor) -> list[Instance]:
    """Return the run that called this one, where it was called and the actor may see that one."""
    above = _told(Instance.objects.filter(pk=run.parent_id)) if run.parent_id else ()
    return [one for one in above if access.may("run.view", actor=actor, subject=one)]


def called_by(run: Instance, actor: Actor) -> list[Instance]:
    """Return the runs that this one has called and the actor may see, the newest first."""
    below = _told(Instance.objects.filter(parent_id=run.pk))[:_CALLED]
    return [one for one in below if access.may("run.view", actor=actor, subject=one)]


def acts_on(run: Instance, actor: Actor) -> list[str]:
    """Return the acts on the run that are open to the actor and make sense where it stands."""
    if run.state in ENDED:
        return []
    if holds.hold_of(run.pk):
        sensible = {"run.release", "run.cancel"}
    else:
        sensible = {"run.resume" if run.state == RunState.PAUSED else "run.pause", "run.cancel"}
    return [
        name for name in ACTS if name in sensible and access.may(name, actor=actor, subject=run)
    ]


def story_of(run: Instance, since: int = 0) -> list[Step]:
    """Return the steps of a run after a sequence number, in order."""
    return [step for telling in tellings_of(run, since) for step in telling.steps]


def tellings_of(run: Instance, since: int = 0) -> Iterator[Telling]:
    """Yield each advance of a run after a sequence number, in order.

    Only the rows asked for are read: what the narrator must know of earlier ones stands in rows
    that stay.
    """
    rows = JournalRow.objects.filter(instance_id=run.pk, seq_to__gt=since).order_by("seq_from")
    vaults = _vaults(run.pk, since)
    narrator = _narrator(run) if since else Narrator(model_of(run.deployment))
    for row in rows:
        happened = codec.decode(row.events, vaults.get(row.seq_from, Vault("")))
        steps = narrator.tell(happened, row.seq_from, row.at, row.state)
        yield Telling(row.seq_from, row.seq_to, [step for step in steps if step["seq"] > since])


def _narrator(run: Instance) -> Narrator:
    places = {
        str(activity): element
        for rows in (run.jobs, run.user_tasks)
        for activity, element in rows.values_list("pk", "element")
    }
    incidents = {
        str(pk): (element, str(activity or ""))
        for pk, element, activity in run.incidents.values_list("pk", "element", "activity")
    }
    return Narrator(model_of(run.deployment), places, incidents)


def variables_of(run_id: UUID, scopes: Iterable[UUID] = ()) -> dict[str, Any]:
    """Return the variables seen from some scopes, inner ones last; by default the run's own.

    What is secret by its name is masked. A large one is not read: it is told by its `Reference`.
    """
    rows = _variables(run_id, scopes)
    return {
        name: masked(name, references.referred(stored) or json.loads(stored))
        for name, stored in rows.items()
    }


def data_of(run: Instance, name: str) -> Any:
    """Return one of a run's own variables, what is secret masked.

    Raises:
        NotFound: it has none of this name.
        ValueDamaged: it lies apart, and is gone or altered.
    """
    stored = _variables(run.pk, ()).get(name)
    if stored is None:
        raise NotFound
    return masked(name, large.value_of(run.pk, stored))


def values_of(run_id: UUID, scopes: Iterable[UUID], names: Iterable[str]) -> dict[str, Any]:
    """Return variables of these names as they are, for the engine to reckon with, not to show.

    Raises:
        ValueDamaged: one of them lies apart, and is gone or altered.
    """
    stored = _variables(run_id, scopes)
    return {name: large.value_of(run_id, stored[name]) for name in names if name in stored}


def _variables(run_id: UUID, scopes: Iterable[UUID]) -> dict[str, str]:
    """Return what the rows of the variables hold."""
    seen: dict[str, str] = {}
    for scope_id in [run_id, *scopes]:
        rows = Variable.objects.filter(instance_id=run_id, scope_id=scope_id).order_by("name")
        seen |= dict(rows.values_list("name", "value"))
    return seen


def _told(rows: QuerySet[Instance]) -> QuerySet[Instance]:
    """Return runs with what is told of them; a model is read where somebody looks at it.

    Many are of few processes, so each of these is read once and not with every run.
    """
    deployments = Prefetch("deployment", Deployment.objects.defer("xml"))
    told = rows.prefetch_related("process", deployments, "started_by")
    return told.order_by("-started_at", "-id")


def _counts(unit_id: UUID, wanted: RunFilter, rows: QuerySet[Instance]) -> dict[str, int]:
    """Return how many of the runs are in each state.

    Where somebody looks for a text or a person, they are looked at one by one.
    """
    if wanted.started_by is None and not wanted.text:
        return rollups.by_state(unit_id, wanted.process_key)
    return dict(rows.order_by().values_list("state").annotate(Count("id")))


def _narrowed(rows: QuerySet[Instance], wanted: RunFilter) -> QuerySet[Instance]:
    if wanted.process_key:
        rows = rows.filter(process__key=wanted.process_key)
    if wanted.started_by is not None:
        rows = rows.filter(started_by_id=wanted.started_by)
    if wanted.text:
        number = wanted.text.upper().removeprefix("RUN-")
        named = Q(title__icontains=wanted.text) | Q(business_key__iexact=wanted.text)
        rows = rows.filter(named | Q(number=int(number)) if number.isdecimal() else named)
    return rows


def _vaults(run_id: UUID, since: int) -> dict[int, Vault]:
    # A row that began before `since` may end after it; one more costs nothing.
    rows = Payload.objects.filter(instance_id=run_id)
    if since:
        newer = JournalRow.objects.filter(instance_id=run_id, seq_to__gt=since)
        rows = rows.filter(seq_from__in=newer.values("seq_from"))
    return {row.seq_from: Vault(row.salt, codec.values_of(row.values)) for row in rows}
