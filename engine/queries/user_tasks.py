"""Reads user tasks: what waits for a person, and one task with all it takes to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common import tenancy
from common.context import Actor
from common.logging import masked
from common.problems import NotFound
from engine.bpmn.elements import Activity, FlowNode
from engine.bpmn.elements import UserTask as UserTaskNode
from engine.bpmn.process import Process as Model
from engine.forms import Form, Moment
from engine.forms.drawn import Drawn
from engine.models.user_tasks import UserTask, UserTaskState
from engine.queries.deployments import model_of
from engine.queries.instances import values_of
from governance import access
from governance.models.boards import Board, BoardMember
from governance.models.people import Person
from governance.models.units import Team, TeamMember


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said at a gate."""

    person: str
    verdict: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """One user task as a person meets it.

    `known` are the variables the form reads, for it to be drawn from. They are given to nobody as
    they are: a candidate may be a guest who sees this task and what its form shows, and nothing
    else of the run (rule 7). `refusal` is why rule 1 or a claim
    keeps this person from it, or "". `why` tells what made them a candidate, `after` the names of
    the steps that follow.
    """

    task: UserTask
    form: Form | None
    known: Mapping[str, Any]
    votes: list[Vote]
    why: str
    after: list[str]
    refusal: str

    def drawn(self, at: Moment) -> tuple[Drawn, ...]:
        """Return the parts of the form with what is known, as nobody has filled in anything yet."""
        return self.form.filled(self.known, None, at).drawn if self.form else ()


def list_inbox(*, actor: Actor) -> list[UserTask]:
    """Return the open tasks the actor may do, in all units they belong to, due first.

    A gate on the actor's own work is not theirs to do, and so is not listed.
    """
    offered = Q(assignee_id=actor.person_id)
    unclaimed = Q(assignee_id=None)
    offered |= unclaimed & Q(candidate_persons__contains=[actor.person_id])
    for unit_id in tenancy.current_units():
        groups = list(access.groups_of(_person(actor), unit_id))
        if groups:
            offered |= unclaimed & Q(unit_id=unit_id, candidate_groups__overlap=groups)
    rows = _told(UserTask.objects.filter(offered, state=UserTaskState.OPEN))
    ordered = rows.order_by(F("due_at").asc(nulls_last=True), "created_at", "id")
    return [task for task in ordered if not _settled(task, actor)]


def count_inbox(*, actor: Actor) -> int:
    """Return how many tasks `list_inbox` would list, in one statement."""
    person = _person(actor)
    here = {"person_id": person, "unit_id": OuterRef("unit_id")}
    offered = (
        Q(candidate_persons__contains=[person])
        | Q(candidate_groups__overlap=BoardMember.objects.filter(**here).values("board__key"))
        | Q(candidate_groups__overlap=TeamMember.objects.filter(**here).values("team__key"))
    )
    own = Q(instance__started_by_id=person) | Q(instance__deployment__authors__contains=[person])
    mine = UserTask.objects.filter(
        Q(assignee_id=person) | Q(assignee_id=None) & offered, state=UserTaskState.OPEN
    )
    # A gate on one's own work, or one's vote is in: nothing is left to do here.
    settled = Q(quorum__gt=0) & own | Q(votes__contains=[{"person": str(person)}])
    return mine.exclude(settled).count()


def list_open_of_run(run_id: UUID) -> list[UserTask]:
    """Return the open tasks of a run, oldest first."""
    rows = UserTask.objects.filter(instance_id=run_id, state=UserTaskState.OPEN)
    return list(_told(rows).order_by("created_at"))


def get_ask(*, actor: Actor, task_id: UUID) -> Ask:
    """Return one task with what it takes to decide.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    task = _told(UserTask.objects.filter(pk=task_id)).first()
    if task is None:
        raise NotFound
    access.require("user_task.view", actor=actor, subject=task)
    model = model_of(task.instance.deployment)
    node = model.nodes.get(task.element)
    form = Form.parse(node.form) if isinstance(node, UserTaskNode) and node.form else None
    return Ask(
        task=task,
        form=form,
        known=_known(form, task),
        votes=_votes(task),
        why=_why(task, actor),
        after=_after(model, node),
        refusal=_refusal(task, actor),
    )


def who_may(task: UserTask) -> str:
    """Return who a task waits for, in words."""
    if task.assignee is not None:
        return task.assignee.name
    names = [*_group_names(task.unit_id, task.candidate_groups)]
    people = Person.objects.filter(pk__in=task.candidate_persons).order_by("name")
    names += people.values_list("name", flat=True)
    return ", ".join(names) or _("nobody who is known here")


def _known(form: Form | None, task: UserTask) -> dict[str, Any]:
    reads = form.reads if form else frozenset()
    seen = values_of(task.instance_id, [task.pk], sorted(reads)) if reads else {}
    return {name: masked(name, value) for name, value in seen.items()}


def _told(rows: QuerySet[UserTask]) -> QuerySet[UserTask]:
    return rows.select_related(
        "instance__process", "instance__deployment", "instance__started_by", "assignee"
    )


def _settled(task: UserTask, actor: Actor) -> bool:
    """Tell whether there is nothing left for the actor to do here."""
    return bool(task.excluded(actor.person_id) or task.votes_of(actor.person_id))


def _votes(task: UserTask) -> list[Vote]:
    ids = [vote["person"] for vote in task.votes]
    names = {str(person.pk): person.name for person in Person.objects.filter(pk__in=ids)}
    return [
        Vote(
            names.get(vote["person"], ""), vote["decision"], vote.get("reason", ""), vote.get("at")
        )
        for vote in task.votes
    ]


def _refusal(task: UserTask, actor: Actor) -> str:
    because = task.excluded(actor.person_id)
    refusal = ""
    if task.state != UserTaskState.OPEN:
        refusal = _("This was done already. Look at the run to see what came of it.")
    elif because:
        words = _("You cannot decide this: {because}. Another member decides.")
        refusal = words.format(because=because)
    elif task.votes_of(actor.person_id):
        refusal = _("Your vote is in. Others still have to vote.")
    elif task.assignee is not None and task.assignee_id != actor.person_id:
        refusal = _("{who} has claimed this task.").format(who=task.assignee.name)
    elif "candidate" not in task.relations(actor.person_id):
        refusal = _("This waits for {who}.").format(who=who_may(task))
    return refusal


def _why(task: UserTask, actor: Actor) -> str:
    mine = access.groups_of(_person(actor), task.unit_id).intersection(task.candidate_groups)
    if mine:
        groups = ", ".join(_group_names(task.unit_id, sorted(mine)))
        if task.is_gate:
            words = _("You are on {groups} and did not write or start this.")
            return words.format(groups=groups)
        return _("You are on {groups}.").format(groups=groups)
    if actor.person_id == task.assignee_id or actor.person_id in task.candidate_persons:
        return _("It was given to you by name.")
    return _("It is shown to you because you may see this run.")


def _group_names(unit_id: UUID, keys: list[str]) -> list[str]:
    boards = Board.objects.filter(unit_id=unit_id, key__in=keys).values_list("name", flat=True)
    teams = Team.objects.filter(unit_id=unit_id, key__in=keys).values_list("name", flat=True)
    return sorted({*boards, *teams})


def _after(model: Model, node: FlowNode | None, depth: int = 3) -> list[str]:
    """Return the names of the next steps that people would name, past gateways."""
    found: list[str] = []
    for flow in node.outgoing if node else ():
        following = model.nodes.get(flow.target)
        if following is None:
            continue
        if following.name and (isinstance(following, Activity) or not following.outgoing):
            found.append(following.name)
        elif depth:
            found += _after(model, following, depth - 1)
    return list(dict.fromkeys(found))


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotFound
    return actor.person_id
