"""Measures completing a user task through HTTP against an empty signed-in view. Goal: p99 <= 3x.

Both are asked of the same server in the same run, turn by turn, by one client: a decision at the
gate of a production change, which moves the run on to its first service task, and `/api/v1/ping`.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from config.loadtest.figures import percentile
from tests.support.proof import ROOT, write

_RUNS = int(os.environ.get("RUNS") or "400")
_WARM = 20
_VALUES = {
    "title": "Measure",
    "service": "core-db-03",
    "previous_version": "1.0",
    "version": "1.1",
    "effect": "None",
    "way_back": "Deploy the version before.",
    # The window opens after the measuring, so that no worker competes for the processors.
    "opens_in": "PT8H",
}


def main() -> None:
    """Bring the demo company up, measure, and write the figures."""
    with tempfile.TemporaryDirectory() as folder:
        port, itsm_port = free_port(), free_port()
        shell = {**os.environ, "DATA_DIR": folder, "PORT": str(port), "ITSM_PORT": str(itsm_port)}
        command = [sys.executable, "-m", "config.supervisor", "up"]
        with subprocess.Popen(
            command, cwd=ROOT, env=shell, stdout=subprocess.PIPE, text=True
        ) as supervisor:
            try:
                assert supervisor.stdout is not None
                for line in supervisor.stdout:
                    if "Ctrl-C stops" in line:
                        break
                figures = _measure(f"http://127.0.0.1:{port}", Path(folder))
            finally:
                supervisor.send_signal(signal.SIGTERM)
                supervisor.communicate()
    sys.stdout.write(f"{write('user_task', figures)}: {figures}\n")


def _measure(base: str, data: Path) -> dict[str, Any]:
    claire, grace = (signed_in(base, data, name) for name in ("claire.dubois", "grace.okafor"))
    for number in range(_RUNS + _WARM):
        start(claire, number)
    asked = grace.get("/api/v1/user-tasks").json()["user_tasks"]
    gates = [row["id"] for row in asked if row["name"] == "Approve change"][: _RUNS + _WARM]
    empty, complete = [], []
    for number, gate in enumerate(gates):
        spent = _timed(grace, "GET", "/api/v1/ping")
        done = _timed(grace, "POST", f"/api/v1/user-tasks/{gate}/complete", {"decision": "approve"})
        if number >= _WARM:
            empty.append(spent)
            complete.append(done)
    ratio = percentile(complete, 99) / percentile(empty, 99)
    return {
        "what": "milliseconds per request; ratio of the p99s",
        "requests": len(complete),
        "empty_view": _summary(empty),
        "complete_user_task": _summary(complete),
        "ratio_p99": round(ratio, 2),
        "ratio_p50": round(statistics.median(complete) / statistics.median(empty), 2),
    }


def signed_in(base: str, data: Path, name: str) -> httpx.Client:
    """Return a client in which a person of the demo company is signed in."""
    text = (data / "demo-sign-ins.txt").read_text(encoding="utf-8")
    found = re.search(rf"({re.escape(name)}@\S+)\s+(\S+)", text)
    assert found is not None
    client = httpx.Client(base_url=base, headers={"Origin": base}, timeout=30)
    page = client.get("/sign-in").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(
        "/sign-in",
        data={"csrfmiddlewaretoken": token[1], "email": found[1], "password": found[2]},
    )
    assert answer.status_code == httpx.codes.FOUND, answer.text
    client.headers["X-CSRFToken"] = client.cookies["interlock_csrf"]
    return client


def start(client: httpx.Client, number: int) -> str:
    """Start a production change and return the run's id."""
    answer = client.post(
        "/api/v1/runs",
        json={
            "process": "production-change",
            "title": f"Measure {number}",
            "variables": {**_VALUES, "title": f"Measure {number}"},
        },
        headers={"Idempotency-Key": f"measure-{number}"},
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["id"])


def _timed(client: httpx.Client, method: str, path: str, body: Any = None) -> float:
    began = time.perf_counter()
    answer = client.request(method, path, json=body)
    spent = (time.perf_counter() - began) * 1000
    assert answer.status_code == httpx.codes.OK, answer.text
    return spent


def _summary(milliseconds: list[float]) -> dict[str, float]:
    return {
        "p50": round(statistics.median(milliseconds), 2),
        "p99": round(percentile(milliseconds, 99), 2),
    }


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
