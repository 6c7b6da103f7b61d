"""The people of a trial: who starts runs, does their work, decides, and looks after what is stuck.

They act through the product's actions, as the web does for them. A request that got no answer is
sent again under its key, and so is now and then one that did.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random  # noqa: TID251  (nothing but the seed decides)
from typing import Any, TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError

from common import tenancy
from common.context import Actor
from common.errors import DomainError, Forbidden, Missing, Transient
from engine import store
from engine.actions import deployments, incidents, instances, messages, user_tasks
from engine.actions.user_tasks import Answer
from engine.bpmn.elements import UserTask as UserTaskNode
from engine.forms.form import Form
from engine.models.deployments import Deployment
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.subscriptions import MessageSubscription
from engine.models.user_tasks import UserTask
from governance.models.connections import Connection, EgressDestination
from governance.models.processes import Process
from governance.models.units import Role
from tests.harness.mix import Model
from tests.support.office import Office, an_office

T = TypeVar("T")
_TEAMS = ("identity", "network", "platform", "security", "service-desk", "storage")
_BOARD = ("Gita Olsen", "Sofia Lind", "Marek Nowak")
_WORKERS = ("Ola Berg", "Pia Holm")
_PATIENCE = 60.0
_AT_ONCE = 40
#: Of ten requests so many are sent twice though the first was answered.
_TWICE = 1


@dataclass(frozen=True, slots=True)
class Started:
    """A start that was answered: under which key, with which run, and of which version."""

    key: str
    instance_id: UUID
    version: int


@dataclass
class Staff:
    """Everybody, in the one unit of the trial."""

    office: Office
    chance: Random
    processes: dict[str, Process] = field(default_factory=dict)
    versions: dict[int, Model] = field(default_factory=dict)
    started: list[Started] = field(default_factory=list)
    cancelled: dict[UUID, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Name who acts."""
        self._number = 0
        self._ben = self.office.person("Ben Carter", Role.OPERATOR)
        self._gita = self.office.person("Gita Olsen")
        self._ana = self.office.person("Ana Ruiz", Role.MODELLER)
        self._hands = [self.office.person(name) for name in (*_WORKERS, *_BOARD)]

    def register(self, models: list[Model], board: Any) -> list[UUID]:
        """Enter processes in the register and deploy them; return the deployments."""
        made = []
        for model in models:
            process = self.office.process(model.key, board=board)
            for right in ("start_run", "operate_run"):
                self.office.grant("Ben Carter", right, process)
            self.processes[model.key] = process
            made.append(self.deploy(model).pk)
        return made

    def deploy(self, model: Model) -> Deployment:
        """Place one more version of a process."""
        # A deployment that got no answer may be there all the same; nobody uses its number again.
        self._number += 1
        number = self._number
        made = persistently(
            lambda: deployments.deploy(
                actor=self._gita,
                process=self.processes[model.key],
                number=number,
                digest=hashlib.sha256(model.xml).hexdigest(),
                xml=model.xml,
                authors=[self._ana.person],
            )
        )
        self.versions[number] = model
        return made

    def start(self, model: Model) -> None:
        """Start a run; the request is repeated under its key until it is answered."""
        key = f"start-{len(self.started)}"

        def ask() -> Instance:
            return instances.start_instance(
                actor=self._ben,
                process_id=self.processes[model.key].pk,
                variables=model.given,
                idempotency_key=key,
            )

        for _ in range(1 + (self.chance.randrange(10) < _TWICE)):
            made = persistently(ask)
            self.started.append(Started(key, made.pk, made.deployment.number))

    def cancel(self, instance_id: UUID) -> None:
        """Cancel a run, unless it has ended."""
        try:
            persistently(
                lambda: instances.cancel_instance(
                    actor=self._ben, instance_id=instance_id, reason="Not wanted any more."
                )
            )
        except DomainError:
            return
        self.cancelled[instance_id] = time.time()

    def tend(self) -> int:
        """Do what waits for people; return how much that was."""
        return sum(map(persistently, (self._do_work, self._answer, self._mend)))

    def _do_work(self) -> int:
        tasks = list(UserTask.objects.filter(state="OPEN").order_by("id")[:_AT_ONCE])
        for task in tasks:
            for person in self._hands:
                if self._complete(task, person):
                    break
        return len(tasks)

    def _complete(self, task: UserTask, person: Actor) -> bool:
        """Hand in a task for a person; tell whether nobody else needs to."""
        answer = _answer_for(task)
        try:
            done = user_tasks.complete_user_task(
                actor=person,
                user_task_id=task.pk,
                answer=answer,
                idempotency_key=f"{task.pk}/{person.person_id}",
            )
        except (Forbidden, Missing):
            return False
        except DomainError:
            return True
        return done.state != "OPEN"

    def _answer(self) -> int:
        """Send a message to each run that waits for one."""
        waiting = MessageSubscription.objects.filter(kind="message").order_by("id")[:_AT_ONCE]
        for one in waiting:
            try:
                messages.publish_message(
                    actor=self._ben,
                    process_id=one.process_id,
                    name=one.name,
                    correlation_key=one.key,
                    variables={},
                    idempotency_key=str(one.pk),
                )
            except DomainError:
                continue
        return len(waiting)

    def _mend(self) -> int:
        """Retry what is stuck, but for what kills its workers every time."""
        stuck = Incident.objects.filter(resolution="").exclude(instance__process__key="poison")
        found = list(stuck.order_by("id")[:_AT_ONCE])
        for incident in found:
            try:
                incidents.retry_incident(actor=self._ben, incident_id=incident.pk)
            except DomainError:
                continue
        return len(found)


@contextmanager
def staffed(seed: int, models: list[Model], port: int) -> Iterator[tuple[Staff, list[UUID]]]:
    """Found a unit, place the models, and give the people and the deployments."""
    office = an_office()
    with office.open():
        board = office.board(members=_BOARD)
        for team in _TEAMS:
            office.team(team, *_WORKERS)
        unit, address = office.unit, f"http://127.0.0.1:{port}"
        Connection.objects.create(unit=unit, key="itsm", name="The outside", base_url=address)
        EgressDestination.objects.create(unit=unit, host="127.0.0.1", port=port, reason="Ours.")
        staff = Staff(office, Random(seed))  # noqa: S311  (no secret depends on it)
        yield staff, staff.register(models, board)


def persistently(act: Callable[[], T]) -> T:
    """Do something until it is answered, however often the database goes away meanwhile."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError, Transient):
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
            _reconnect()


def _reconnect() -> None:
    try:
        tenancy.reconnect()
    except (OperationalError, InterfaceError):
        return


def _answer_for(task: UserTask) -> Answer:
    """Return what fits: a gate is approved, a form filled in."""
    node = store.model_of(task.instance.deployment_id).nodes[task.element]
    assert isinstance(node, UserTaskNode)
    decision = "approve" if task.is_gate else None
    fields = Form.parse(node.form).fields if node.form else ()
    values = {field.key: _filled(field) for field in fields if field.takes_value}
    return Answer(values, decision)


def _filled(field: Any) -> Any:
    if field.options:
        return field.options[0].value
    return {"number": 1, "checkbox": True, "datetime": "2030-01-01"}.get(field.type, "1")
