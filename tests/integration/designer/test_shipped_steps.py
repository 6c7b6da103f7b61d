"""Every step of the product, as the editor writes it, fits its template and runs to its effect.

The files in tests/support/steps are written by the editor's own code: a test of the editor holds
them against what it writes (frontend/src/editor/templates/places.test.ts).
"""

from __future__ import annotations

import hashlib
import json
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import httpx
import pytest

from designer.queries import step_templates
from designer.steps import fitting, shipped
from engine.actions import deployments
from engine.actions import instances as actions
from engine.bpmn import validation
from engine.bpmn.surroundings import Surroundings
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.user_tasks import UserTask
from engine.queries import instances
from engine.queries.connectors import known_jobs
from engine.workers import jobs
from governance.models.connections import EgressDestination
from governance.models.processes import Process
from tests.integration.engine.test_between_runs import another, settle
from tests.integration.engine.test_timers import later
from tests.support.decisions import rules
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db

STEPS = Path(__file__).parents[2] / "support" / "steps"
TO_STEP = b'<bpmn:sequenceFlow id="to_step" sourceRef="start" targetRef="step" />'
NAMES = sorted(path.stem for path in STEPS.glob("*.bpmn"))


def model(name: str) -> bytes:
    return (STEPS / f"{name}.bpmn").read_bytes()


def test_there_is_a_file_for_every_step_of_the_product() -> None:
    assert [f"{shipped.PREFIX}{name}" for name in NAMES] == sorted(shipped.templates())


@pytest.mark.parametrize("name", NAMES)
def test_a_step_as_the_editor_writes_it_fits_its_template_and_could_run(
    name: str, floor: Floor
) -> None:
    found = step_templates.problems_of(floor.office.unit.pk, model(name))
    around = Surroundings(jobs=known_jobs())

    assert found == []
    assert fitting.uses(model(name))
    assert [
        one for one in validation.problems(model(name), around) if one.severity == "error"
    ] == []


# --- on the real engine ---


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Start the ITSM stand-in of the demo as a program of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "demo.itsm", "--data", str(tmp_path_factory.mktemp("desk"))]
    process = subprocess.Popen([*command, "--port", str(port)])  # noqa: S603
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
    for _ in range(600):
        try:
            client.get("/health")
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield client
    client.close()
    process.kill()
    process.wait()


@dataclass
class Mailbox:
    """A mail server that takes one conversation after another, and keeps what it was given."""

    port: int = 0
    lines: list[str] = field(default_factory=list)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 mail.acme.example\r\n")
        taking = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            self.server.box.lines.append(line)  # type: ignore[attr-defined]
            if taking:
                taking = line != "."
                if not taking:
                    self.wfile.write(b"250 taken\r\n")
                continue
            taking = line.upper() == "DATA"
            self.wfile.write(b"354 go on\r\n" if taking else b"250 fine\r\n")
            if line.upper() == "QUIT":
                return


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
    server.daemon_threads = True
    server.box = Mailbox(server.server_address[1])  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.box  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def allow(floor: Floor, port: int) -> None:
    unit = floor.office.unit
    EgressDestination.objects.create(unit=unit, host="127.0.0.1", port=port, reason="A test's.")


def run(
    floor: Floor,
    name: str,
    files: dict[str, bytes] | None = None,
    *,
    process: Process | None = None,
    **values: Any,
) -> Instance:
    """Place the model of a step in the engine, start it, and do its job where it has one."""
    process = process or floor.process
    floor.version += 1
    xml = model(name).replace(TO_STEP, preceded(values))
    deployments.deploy(
        actor=floor.gita,
        process=process,
        number=floor.version,
        digest=hashlib.sha256(xml).hexdigest(),
        xml=xml,
        authors=[floor.ana.person],
        files=files or {},
    )
    instance = actions.start_instance(actor=floor.ben, process_id=process.pk)
    for job in Job.objects.filter(instance=instance):
        jobs.run_job(str(job.pk))
    settle()
    instance.refresh_from_db()
    return instance


def preceded(values: dict[str, Any]) -> bytes:
    """Return a script before the step that brings these values, and the flows to both."""
    written = quoteattr(f"={json.dumps(values)}")
    outputs = "".join(f'<zeebe:output source="=given.{name}" target="{name}"/>' for name in values)
    mapping = f"<zeebe:ioMapping>{outputs}</zeebe:ioMapping>" if outputs else ""
    return f"""<bpmn:scriptTask id="given"><bpmn:extensionElements><zeebe:script
      expression={written} resultVariable="given"/>{mapping}</bpmn:extensionElements>
      </bpmn:scriptTask><bpmn:sequenceFlow id="to_given" sourceRef="start" targetRef="given"/>
      <bpmn:sequenceFlow id="to_step" sourceRef="given" targetRef="step"/>""".encode()


def kept(floor: Floor, instance: Instance) -> dict[str, Any]:
    assert instance.state == "COMPLETED", list(Job.objects.values("code", "cause"))
    return instances.variables_of(instance.pk)


def on_desk(floor: Floor, desk: httpx.Client, name: str, **values: Any) -> dict[str, Any]:
    allow(floor, desk.base_url.port or 0)
    return kept(floor, run(floor, name, desk=str(desk.base_url).rstrip("/"), host="db-1", **values))


def a_ticket(desk: httpx.Client) -> str:
    body = {"kind": "incident", "title": "Disk full"}
    headers = {"Idempotency-Key": f"{time.monotonic_ns()}"}
    return str(desk.post("/api/tickets", json=body, headers=headers).json()["id"])


def test_http_request(floor: Floor, desk: httpx.Client) -> None:
    found = on_desk(floor, desk, "http-request")
    assert (found["status"], found["answer"]["service"]) == (200, "mail")


def test_create_a_ticket(floor: Floor, desk: httpx.Client) -> None:
    ticket = on_desk(floor, desk, "ticket-create")["ticket"]
    shown = desk.get(f"/api/tickets/{ticket['id']}").json()
    assert (shown["kind"], shown["title"], shown["state"]) == ("incident", "Disk of db-1", "open")


def test_update_a_ticket(floor: Floor, desk: httpx.Client) -> None:
    ticket = a_ticket(desk)
    on_desk(floor, desk, "ticket-update", ticket=ticket)
    shown = desk.get(f"/api/tickets/{ticket}").json()
    assert (shown["state"], shown["resolution"]) == ("closed", "Cleaned up")


def test_wait_for_a_ticket(floor: Floor, desk: httpx.Client) -> None:
    ticket = a_ticket(desk)
    allow(floor, desk.base_url.port or 0)
    instance = run(floor, "ticket-wait", desk=str(desk.base_url).rstrip("/"), ticket=ticket)
    job = Job.objects.get(instance=instance)
    assert (instance.state, job.code, job.attempts) == ("RUNNING", "not_yet", 1)
    assert "Not yet: state is open" in job.cause

    headers = {"Idempotency-Key": f"close {ticket}"}
    desk.post(f"/api/tickets/{ticket}/close", json={"resolution": "Done"}, headers=headers)
    later(timedelta(seconds=2))
    jobs.run_job(str(job.pk))

    instance.refresh_from_db()
    assert kept(floor, instance)["closed"]["resolution"] == "Done"


def test_chat_message(floor: Floor, desk: httpx.Client) -> None:
    on_desk(floor, desk, "chat-message")
    assert "Disk of db-1 is full" in desk.get("/chat?channel=operations").text


def test_openapi_operation(floor: Floor, desk: httpx.Client) -> None:
    found = on_desk(floor, desk, "openapi-operation")
    assert found["answer"]["healthy"] is True


def test_email(floor: Floor, mailbox: Mailbox) -> None:
    allow(floor, mailbox.port)
    mail = f"smtp://127.0.0.1:{mailbox.port}"
    found = kept(floor, run(floor, "email", mail=mail, owner="ana@acme.example", host="db-1"))

    assert "rcpt TO:<ana@acme.example>" in mailbox.lines
    assert {"Subject: Disk of db-1", "It is full."} <= set(mailbox.lines)
    assert f"Message-ID: {found['message_id']}" in mailbox.lines


def test_script(floor: Floor) -> None:
    assert kept(floor, run(floor, "script", amount=21))["doubled"] == 42


def test_decision(floor: Floor) -> None:
    found = kept(floor, run(floor, "decision", {"route.dmn": rules()}, amount=500))
    assert found["team"] == "board"


def test_approval_gate(floor: Floor) -> None:
    instance = run(floor, "approval-gate")
    task = UserTask.objects.get(instance=instance)
    assert (task.quorum, task.candidate_groups) == (2, ["cab"])

    for person in (floor.gita, floor.sofia):
        floor.complete(floor.task(instance), by=person, decision="approve")

    instance.refresh_from_db()
    assert kept(floor, instance)["decision"] == "approve"


def test_call_a_process(floor: Floor) -> None:
    another(floor, "called", line(user_task("ask")))
    instance = run(floor, "call-process", asked="for Ana")

    [child] = Instance.objects.exclude(pk=instance.pk)
    assert instances.variables_of(child.pk)["asked"] == "for Ana"
    floor.complete(floor.task(child))
    settle()

    instance.refresh_from_db()
    assert instance.state == "COMPLETED"


def test_an_event_is_published_to_the_run_that_waits_for_it(floor: Floor) -> None:
    waiting = run(floor, "wait-for-event", change="CHG-7")
    other = run(floor, "wait-for-event", change="CHG-8")
    # Within one process BPMN has no message flow.
    sender = floor.office.process("sender", board=floor.process.board)
    floor.office.grant("Ben Carter", "start_run", sender)
    run(floor, "publish-event", process=sender, change="CHG-7", host="db-1")
    settle()

    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.state, other.state) == ("COMPLETED", "WAITING")
    assert kept(floor, waiting)["payload"] == {"by": "db-1"}
