"""The world of a scenario in the database: its runs are rows, and workers' functions move them.

Time stands still but for what a scenario says: see `clock`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from common.context import Actor, automation
from common.ids import new_id
from engine import codec, leases, runtime, store
from engine.actions import deliveries, deployments, drains, jobs, start_subscriptions, start_timers
from engine.bpmn import parser
from engine.bpmn.process import Process as Model
from engine.conformance.errors import Differs
from engine.conformance.instances import Instance, passed
from engine.conformance.stubs import Stubs
from engine.conformance.world import Message, Values, fits, key_of
from engine.held import Opening
from engine.leases import JOBS, Claim, Wanted
from engine.models import instances as rows
from engine.models.deliveries import Delivery, DeliveryKind
from engine.models.deployments import Deployment
from engine.models.jobs import Job, JobState
from engine.models.journal import JournalRow
from engine.models.queue import QueueEntry
from engine.models.subscriptions import StartSubscription
from engine.queries import journals
from engine.rehearsal import clock
from engine.runtime import BACKGROUND, Ask
from engine.semantics import timers, variables
from engine.semantics.commands import (
    Command,
    CompleteUserTask,
    CorrelateMessage,
    StartInstance,
)
from engine.semantics.state import Awaited, InstanceState, Subscription
from governance.models.processes import Process

WORKER = automation("worker")


def here() -> bool:
    """Do a batch of what is due in this process."""
    return drains.drain(actor=WORKER) > 0


@dataclass
class DurableWorld:
    """All that happens in one scenario, as `engine.conformance.scenario` asks for it.

    `process` is the registry entry that stands in for all of the file's; `person` does what people
    do in it. `carry_on` sees to it that what is due is done, and tells whether anything was.
    """

    process: Process
    person: Actor
    model: bytes
    stubs: Stubs
    carry_on: Callable[[], bool]
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    instances: list[Instance] = field(default_factory=list)
    named: dict[str, Instance] = field(default_factory=dict)
    log: list[tuple[Instance, str]] = field(default_factory=list)
    called: list[tuple[Instance, str, Values]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Deploy every process of the file."""
        self._known: dict[UUID, Instance] = {}
        self._read: dict[UUID, int] = {}
        self._deployments = {
            model.id: self._deploy(number, model)
            for number, model in enumerate(parser.read(self.model).processes, start=1)
        }

    @property
    def now(self) -> datetime:
        """Return the engine's time."""
        return clock.now()

    # What a scenario does

    def start(self, process: str, name: str, given: Values, element: str = "") -> Instance:
        """Start an instance under a name of the scenario."""
        person, instance_id = self.person, new_id()

        def opening(number: int) -> Opening:
            return Opening(number, process, "", person.person_id, person.account_id)

        ask = Ask(instance_id, StartInstance(given, element=element), person)
        with transaction.atomic():
            runtime.start(ask, self._deployments[process], opening)
        self._settle()
        self.named[name] = self._known[instance_id]
        return self.named[name]

    def do(self, instance: Instance, command: Command) -> None:
        """Carry out a command, and all that follows without people and time."""
        if isinstance(command, CompleteUserTask):
            command = replace(command, person=str(self.person.person_id))
        self._advance(Ask(UUID(instance.state.instance), command, self.person))
        self._settle()

    def publish(self, message: Message, name: str) -> int:
        """Deliver to the one that waits, else to what starts by it; return how many took it."""
        before, started = self._taken(), set(self._known)
        waiting = self._waiting(message.name)
        if message.key is not None or not message.correlation or not waiting:
            self._send(message)
        elif (chosen := self._chosen(message, waiting)) is not None:
            self._advance(chosen)
        else:
            self._begin(message)
        self._settle()
        fresh = [one for key, one in self._known.items() if key not in started]
        if name and fresh:
            self.named[name] = fresh[0]
        return int(self._taken() > before or bool(fresh))

    def broadcast(self, name: str, given: Values) -> None:
        """Let every instance that waits hear a signal, and start those that begin by it."""
        self._write(DeliveryKind.SIGNAL, name, given)
        self._settle()

    def advance(self, text: str) -> None:
        """Move the clock; what is due fires in order of due time, each at its own."""
        until = timers.duration(text).after(self.now)
        while (due := self._next_due(until)) is not None:
            clock.stand_at(due)
            self._settle()
        clock.stand_at(until)
        self._settle()

    # What follows

    def _settle(self) -> None:
        while True:
            moved = self.carry_on()
            # Workers may have been done before we asked them: what they did is seen, too.
            seen = self._look()
            if not (moved or seen or self._answer_a_job()):
                return

    def _advance(self, ask: Ask) -> None:
        with transaction.atomic():
            runtime.advance_one(ask, BACKGROUND)

    def _answer_a_job(self) -> bool:
        """Do the oldest job that is due, under a lease as a worker would."""
        pending = Job.objects.filter(unit_id=self.process.unit_id, state=JobState.PENDING)
        due = QueueEntry.objects.filter(due_at__lte=self.now, lease_until=None)
        job = pending.filter(pk__in=due.values("pk")).order_by("pk").first()
        if job is None:
            return False
        claims = leases.claim(Wanted(JOBS, limit=1, only=job.pk))
        return any(self._answer(claim) for claim in claims)

    def _answer(self, claim: Claim) -> bool:
        work = jobs.begin_job(lease=claim.lease)
        if work is None:
            return False
        instance = self._known[claim.instance_id]
        state = instance.state
        job = state.jobs[str(work.tried.job_id)]
        token = state.tokens[job.token]
        seen = variables.view(state, job.activity if job.activity in state.scopes else token.scope)
        name = job.type if job.listener else job.element
        self.called.append((instance, name, dict(seen)))
        command = self.stubs.answer(job, name, seen, self.now)
        self._advance(Ask(claim.instance_id, command, WORKER, claim.lease))
        return True

    def _look(self) -> bool:
        """Read what has happened since we last looked, and prove that rows and journals agree.

        Tells whether anything has.

        Raises:
            Differs: they do not.
        """
        unit = self.process.unit_id
        for row in rows.Instance.objects.filter(unit_id=unit).order_by("number"):
            if row.pk not in self._known:
                self._meet(row)
        fresh = JournalRow.objects.filter(unit_id=unit).order_by("at", "instance_id", "seq_from")
        changed = [one for one in fresh if one.seq_from > self._read.get(one.instance_id, 0)]
        for one in changed:
            self._read[one.instance_id] = one.seq_to
            instance = self._known[one.instance_id]
            self.log += [(instance, element) for element in passed(codec.decode(one.events))]
        for instance_id in {one.instance_id for one in changed}:
            self._known[instance_id].state = _stored(instance_id)
        return bool(changed)

    def _meet(self, row: rows.Instance) -> None:
        parent = None
        if row.parent_id is not None and row.parent_activity is not None:
            parent = (self._known[row.parent_id], str(row.parent_activity))
        model = store.model_of(row.deployment_id)
        instance = Instance(model, InstanceState(str(row.pk)), parent)
        self._known[row.pk] = instance
        self.instances.append(instance)
        if parent is not None:
            parent[0].children.append(instance)

    # Messages, signals, time

    def _waiting(self, name: str) -> list[tuple[Instance, Subscription]]:
        """Return who waits for a message, the oldest first."""
        waiting = [
            (instance, awaited)
            for instance in self.instances
            for awaited in instance.state.subscriptions.values()
            if awaited.kind is Awaited.MESSAGE and awaited.name == name
        ]
        return sorted(waiting, key=lambda each: each[1].id)

    def _chosen(self, message: Message, waiting: list[tuple[Instance, Subscription]]) -> Ask | None:
        """Choose by variables where a scenario does, which our own addressing has no word for."""
        for instance, awaited in waiting:
            if fits(instance, awaited, message):
                command = CorrelateMessage(awaited.id, message.variables)
                return Ask(UUID(instance.state.instance), command, self.person)
        return None

    def _begin(self, message: Message) -> None:
        begun = StartSubscription.objects.filter(
            unit_id=self.process.unit_id, kind=start_subscriptions.MESSAGE, name=message.name
        ).first()
        if begun is not None:
            place = {"deployment_id": begun.deployment_id, "element": begun.element}
            self._write(DeliveryKind.START, message.name, message.variables, **place)

    def _send(self, message: Message) -> None:
        until = message.until if message.until > self.now else None
        address = {"key": key_of(message), "until": until}
        self._write(DeliveryKind.MESSAGE, message.name, message.variables, **address)

    def _write(
        self,
        kind: DeliveryKind,
        name: str,
        values: Mapping[str, Any],
        **rest: Any,
    ) -> None:
        said = Delivery(
            id=new_id(),
            unit_id=self.process.unit_id,
            kind=kind,
            name=name,
            variables=codec.canonical(dict(values)),
            at=self.now,
            **rest,
        )
        with transaction.atomic():
            deliveries.write(said, self.now)

    def _taken(self) -> int:
        taken = JournalRow.objects.filter(unit_id=self.process.unit_id, cause="correlate_message")
        return taken.count()

    def _next_due(self, until: datetime) -> datetime | None:
        later = QueueEntry.objects.filter(
            unit_id=self.process.unit_id, due_at__gt=self.now, due_at__lte=until
        )
        return later.order_by("due_at").values_list("due_at", flat=True).first()

    def _deploy(self, number: int, model: Model) -> Deployment:
        """Place a process as a version of the registry entry, whatever validation says of it."""
        deployment = Deployment.objects.create(
            unit_id=self.process.unit_id,
            process=_entry(self.process, model),
            number=number,
            digest=hashlib.sha256(self.model).hexdigest(),
            xml=self.model,
            model_id=model.id,
            tag=model.version_tag,
            released_at=self.now,
        )
        deployments.keep_files(deployment, self.decisions)
        if model.executable:
            start_subscriptions.subscribe(deployment, model)
            start_timers.schedule(deployment, model, self.now)
        return deployment


def _entry(like: Process, model: Model) -> Process:
    """Return the registry entry of one process of the file."""
    key = f"p-{hashlib.sha256(model.id.encode()).hexdigest()[:20]}"
    found, _ = Process.objects.get_or_create(
        unit_id=like.unit_id,
        key=key,
        defaults={"name": model.id[:120], "owner_id": like.owner_id, "board_id": like.board_id},
    )
    return found


@transaction.atomic
def _stored(instance_id: UUID) -> InstanceState:
    differences = list(journals.differences(instance_id))
    if differences:
        raise Differs("; ".join(differences))
    return store.lock([instance_id])[instance_id].state
