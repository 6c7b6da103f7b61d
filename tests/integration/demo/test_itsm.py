"""The stand-in is a real server: it survives being killed, does nothing twice, fails on demand."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

TICKET = {"title": "Upgrade core-db-03", "kind": "change"}


@dataclass
class Desk:
    """One server process and a client that speaks to it."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    client: httpx.Client = field(init=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "demo.itsm", "--data", str(self.data)]
        self.process = subprocess.Popen([*command, "--port", str(self.port)])  # noqa: S603
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=10)
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            try:
                assert self.client.get("/health").json() == {"status": "ok"}
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not answer")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.client.close()

    def post(self, path: str, body: object, key: str = "") -> httpx.Response:
        return self.client.post(path, json=body, headers={"Idempotency-Key": key} if key else {})

    def effects(self) -> dict[str, int]:
        return dict(self.client.get("/api/effects").json())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    desk = Desk(tmp_path_factory.mktemp("itsm"), port)
    desk.start()
    yield desk
    desk.kill()


@pytest.fixture
def desk(server: Desk) -> Iterator[Desk]:
    yield server
    server.client.delete("/control/faults")


def test_an_opened_ticket_has_a_number_of_its_kind_and_a_page(desk: Desk) -> None:
    made = desk.post("/api/tickets", {**TICKET, "kind": "access", "requested_by": "Ana Ruiz"})

    assert made.status_code == 201
    assert made.json()["id"] == "ACC-1001"
    assert made.json()["state"] == "open"
    assert "Ana Ruiz" in desk.client.get(made.json()["url"]).text


def test_a_ticket_is_commented_on_changed_and_closed_once(desk: Desk) -> None:
    path = f"/api/tickets/{desk.post('/api/tickets', TICKET).json()['id']}"

    desk.post(f"{path}/comments", {"text": "Window opens at 22:00."})
    changed = desk.client.patch(path, json={"state": "in_progress", "assignee": "Ben Carter"})
    closed = desk.post(f"{path}/close", {"resolution": "Upgraded."})
    again = desk.post(f"{path}/close", {"resolution": "Upgraded twice."})

    assert changed.json()["assignee"] == "Ben Carter"
    assert closed.json()["state"] == "closed"
    assert [line["text"] for line in closed.json()["comments"]] == ["Window opens at 22:00."]
    assert again.status_code == 409


def test_what_was_answered_survives_a_kill(desk: Desk) -> None:
    made = desk.post("/api/tickets", TICKET, key="kept").json()

    desk.kill()
    desk.start()

    assert desk.client.get(f"/api/tickets/{made['id']}").json() == made
    again = desk.post("/api/tickets", TICKET, key="kept")
    assert again.json() == made
    assert again.headers["Idempotent-Replay"] == "true"


def test_parallel_calls_with_one_key_do_one_thing(desk: Desk) -> None:
    before = desk.effects()
    with ThreadPoolExecutor(12) as pool:
        calls = [pool.submit(desk.post, "/api/tickets", TICKET, "parallel") for _ in range(24)]
    answers = [call.result() for call in calls]

    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replay" not in answer.headers for answer in answers) == 1
    after = desk.effects()
    assert after["effects"] - before["effects"] == 1
    assert after["calls"] - before["calls"] == 24
    assert {"key": "parallel", "calls": 24, "effects": 1} in list(after["repeated"])  # type: ignore[call-overload]


def test_a_key_of_another_call_is_refused(desk: Desk) -> None:
    desk.post("/api/tickets", TICKET, key="mine")

    assert desk.post("/api/tickets", {**TICKET, "title": "Other"}, key="mine").status_code == 422


def test_a_refused_call_may_be_mended_under_its_key(desk: Desk) -> None:
    refused = desk.post("/api/tickets", {"kind": "change"}, key="mended")

    assert refused.status_code == 400
    assert desk.post("/api/tickets", TICKET, key="mended").status_code == 201


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"\xff", b'{"title": NaN}', b"[" * 100_000, b'{"title": "\\ud800"}']
)
def test_a_bad_body_is_a_problem_and_never_a_trace(desk: Desk, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = desk.client.post("/api/tickets", content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Traceback" not in answer.text


def test_a_form_of_another_site_cannot_post(desk: Desk) -> None:
    assert desk.client.post("/api/tickets", data={"title": "x"}).status_code == 415


def test_a_fault_strikes_as_often_as_it_was_told(desk: Desk) -> None:
    fault = {"path_prefix": "/api/chat", "mode": "429", "times": 2, "retry_after": 7}
    desk.post("/control/faults", fault)
    answers = [desk.post("/api/chat/changes", {"text": "Starting."}, "chat") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 201]
    assert answers[0].headers["Retry-After"] == "7"


def test_a_fault_may_be_meant_for_some_calls_only(desk: Desk) -> None:
    desk.post("/control/faults", {"mode": "409", "containing": "edge-b", "times": 0})

    assert desk.post("/api/checks", {"service": "edge-a"}).status_code == 200
    assert desk.post("/api/checks", {"service": "edge-b"}).status_code == 409


def test_a_delay_is_waited_out(desk: Desk) -> None:
    desk.post("/control/faults", {"mode": "delay", "seconds": 0.3})
    started = time.monotonic()

    assert desk.post("/api/checks", {"service": "ledger"}).json()["healthy"] is True
    assert time.monotonic() - started >= 0.3


def test_a_reset_connection_did_nothing(desk: Desk) -> None:
    desk.post("/control/faults", {"mode": "reset"})
    with pytest.raises(httpx.TransportError):
        desk.post("/api/tickets", TICKET, key="reset")

    assert "Idempotent-Replay" not in desk.post("/api/tickets", TICKET, key="reset").headers


@pytest.mark.parametrize("fault", [{"mode": "half"}, {"mode": "reset", "after": True}])
def test_a_lost_answer_is_found_again_by_its_key(desk: Desk, fault: dict[str, object]) -> None:
    key = f"lost-{fault['mode']}"
    desk.post("/control/faults", fault)
    with pytest.raises(httpx.TransportError):
        desk.post("/api/tickets", TICKET, key=key)

    assert desk.post("/api/tickets", TICKET, key=key).headers["Idempotent-Replay"] == "true"


def test_an_ill_service_is_well_after_its_rollback(desk: Desk) -> None:
    desk.client.put("/control/services", json={"service": "ledger-api", "state": "ill"})
    assert desk.post("/api/checks", {"service": "ledger-api"}).json()["healthy"] is False

    done = desk.post(
        "/api/deployments", {"service": "ledger-api", "version": "4.1", "rollback": True}
    )

    assert done.json()["result"] == "ok"
    assert desk.post("/api/checks", {"service": "ledger-api"}).json()["healthy"] is True


def test_a_service_in_maintenance_refuses_until_somebody_ends_it(desk: Desk) -> None:
    deployment = {"service": "edge-b", "version": "9.4"}
    assert desk.post("/api/deployments", deployment, "edge").status_code == 409
    assert "edge-b" in desk.client.get("/services").text
    assert desk.client.post("/services/edge-b/mend").status_code == 403

    headers = {"Sec-Fetch-Site": "same-origin"}
    assert desk.client.post("/services/edge-b/mend", headers=headers).status_code == 303
    assert desk.post("/api/deployments", deployment, "edge").status_code == 201


def test_pages_show_what_was_said_and_done_and_run_no_foreign_markup(desk: Desk) -> None:
    desk.post("/api/chat/changes", {"text": "<script>alert(1)</script>"})
    desk.post("/api/operations", {"action": "grant", "target": "sap-fi-ap"})

    chat = desk.client.get("/chat?channel=changes")
    assert "&lt;script&gt;" in chat.text
    assert "<script" not in chat.text
    assert "sap-fi-ap" in desk.client.get("/operations").text
    assert desk.client.get("/").status_code == 200
    assert desk.client.get("/nowhere").status_code == 404
    assert desk.client.get("/api/chat/changes").status_code == 405
