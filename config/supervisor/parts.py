"""The processes of the product, in the order in which they stop when read from the end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from config import health
from config.supervisor.installation import Installation
from config.supervisor.processes import Program


@dataclass(frozen=True)
class Part:
    """A process that is kept running, and how to see that it does its work."""

    title: str
    program: Program
    probe: Callable[[], bool]
    #: What its line says when it is ready.
    place: str = "ready"


def parts(installation: Installation) -> list[Part]:
    """Return every part. The last, the web, is started first: people wait for it."""
    found = [_itsm(installation)] if installation.wants_demo else []
    return [
        *found,
        _session(installation, "sealer", "Sealer", "audit", "seal_audit"),
        _session(installation, "sweeper", "Sweeper", "engine", "sweep"),
        _worker(installation, "connector", "Worker connector", "connector,script,report"),
        _worker(installation, "engine", "Worker engine", "engine"),
        _web(installation),
    ]


def _web(installation: Installation) -> Part:
    port = str(installation.port)
    server = ["uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", port]
    quiet = ["--no-access-log", "--lifespan", "off", "--timeout-graceful-shutdown", "3"]
    return Part(
        "Web",
        _program(installation, "web", [sys.executable, "-m", *server, *quiet], "app"),
        partial(health.web, f"http://127.0.0.1:{port}/health/ready"),
        place=installation.public_url,
    )


def _worker(installation: Installation, name: str, title: str, queues: str) -> Part:
    node = f"{name}@{health.host()}"
    worker = ["celery", "-A", "config.celery:app", "worker", "-Q", queues, "-n", node]
    calm = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    program = _program(
        installation, f"worker-{name}", [sys.executable, "-m", *worker, *calm], "engine"
    )
    return Part(title, program, partial(health.worker, installation.settings.broker_url, node))


def _session(installation: Installation, name: str, title: str, role: str, command: str) -> Part:
    program = _program(installation, name, installation.manage(command), role)
    address = installation.settings.url_for(role)
    return Part(title, program, partial(health.session, address, f"interlock-{name}"))


def _itsm(installation: Installation) -> Part:
    port = str(installation.itsm_port)
    data = str(installation.places.data / "itsm")
    command = [sys.executable, "-m", "demo.itsm", "--port", port, "--data", data]
    return Part(
        "ITSM stand-in",
        _program(installation, "itsm", command, ""),
        partial(health.web, f"http://127.0.0.1:{port}/health"),
        place=f"http://127.0.0.1:{port}",
    )


def _program(installation: Installation, name: str, command: list[str], role: str) -> Program:
    return Program(
        name=name,
        command=command,
        env=installation.environment(name, role=role),
        log=installation.places.logs / f"{name}.log",
        cwd=installation.root,
    )
