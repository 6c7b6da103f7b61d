"""An operations floor for tests of the engine: people, a process, and short words for acts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.context import Actor
from engine.actions import deployments, instances, user_tasks
from engine.actions.user_tasks import Answer
from engine.models.deployments import Deployment
from engine.models.instances import Instance
from engine.models.user_tasks import UserTask
from governance.models.processes import Process
from governance.models.units import Role
from tests.support.drawings import drawing
from tests.support.office import Office

MEMBERS = ("Gita Olsen", "Sofia Lind", "Marek Nowak")


@dataclass
class Floor:
    """One unit: Ana drew the process, Ben runs it, Ola and Pia do its work, a board decides."""

    office: Office
    process: Process
    ana: Actor
    ben: Actor
    ola: Actor
    pia: Actor
    gita: Actor
    sofia: Actor
    version: int = 0

    def deploy(
        self, body: str, *, before: str = "", files: Mapping[str, bytes] | None = None
    ) -> Deployment:
        """Place a model of this content in the engine, written by Ana."""
        self.version += 1
        xml = drawing(body, before=before)
        return deployments.deploy(
            actor=self.gita,
            process=self.process,
            number=self.version,
            digest=hashlib.sha256(xml).hexdigest(),
            xml=xml,
            authors=[self.ana.person],
            files=files or {},
        )

    def start(self, *, by: Actor | None = None, **rest: Any) -> Instance:
        return instances.start_instance(actor=by or self.ben, process_id=self.process.pk, **rest)

    def task(self, instance: Instance, name: str = "") -> UserTask:
        """Return the open user task of a run."""
        open_tasks = UserTask.objects.filter(instance=instance, state="OPEN")
        return open_tasks.get(element=name) if name else open_tasks.get()

    def complete(self, task: UserTask, by: Actor | None = None, **answer: Any) -> UserTask:
        return user_tasks.complete_user_task(
            actor=by or self.ola, user_task_id=task.pk, answer=Answer(**answer)
        )


def a_floor(office: Office) -> Floor:
    """Return the floor of an office."""
    board = office.board(members=MEMBERS)
    office.team("platform", "Ola Berg", "Pia Holm")
    process = office.process(board=board, owner="Olga")
    ben = office.person("Ben Carter", Role.OPERATOR)
    for right in ("start_run", "operate_run"):
        office.grant("Ben Carter", right, process)
    return Floor(
        office=office,
        process=process,
        ana=office.person("Ana Ruiz", Role.MODELLER, Role.REVIEWER),
        ben=ben,
        ola=office.person("Ola Berg", Role.VIEWER),
        pia=office.person("Pia Holm", Role.VIEWER),
        gita=office.person("Gita Olsen"),
        sofia=office.person("Sofia Lind"),
    )


# Parts of models


def user_task(name: str = "work", *, groups: str = "platform", more: str = "") -> str:
    """Return a user task for a team or board."""
    return (
        f'<userTask id="{name}" name="{name.title()}"><extensionElements>'
        f'<zeebe:assignmentDefinition candidateGroups="{groups}"/>{more}'
        "</extensionElements></userTask>"
    )


def gate(name: str = "decide", *, quorum: int = 1) -> str:
    """Return a gate of the board."""
    return user_task(name, groups="cab", more=f'<interlock:gate quorum="{quorum}"/>')


def call(
    name: str = "call",
    *,
    url: str = '=connection.itsm + "/api/tickets"',
    body: str = '={title: "A ticket", kind: "change"}',
    more: str = "",
) -> str:
    """Return a service task that opens a ticket, or calls something else."""
    return (
        f'<serviceTask id="{name}" name="{name.title()}"><extensionElements>'
        f'<zeebe:taskDefinition type="http:1"/>{more}<zeebe:ioMapping>'
        '<zeebe:input source="POST" target="method"/>'
        f"<zeebe:input source='{url}' target='url'/>"
        f"<zeebe:input source='{body}' target='body'/>"
        '<zeebe:output source="=response.status" target="status"/>'
        "</zeebe:ioMapping></extensionElements></serviceTask>"
    )


def timer(name: str = "wait", *, duration: str = "PT1H") -> str:
    """Return a timer in the flow."""
    return (
        f'<intermediateCatchEvent id="{name}" name="{name.title()}"><timerEventDefinition>'
        f"<timeDuration>{duration}</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
