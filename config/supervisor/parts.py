"""The processes of the product: what each runs, what it may know, and how to see it work."""

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
    #: Higher stages stop earlier: what takes requests, what does work, what witnesses it.
    stage: int
    #: What its line says when it is ready.
    place: str = "ready"


@dataclass(frozen=True)
class _Lone:
    """A command of Django's that runs for ever, by itself."""

    name: str
    title: str
    command: str
    role: str
    stage: int


_SWEEPER = _Lone("sweeper", "Sweeper", "sweep", "engine", stage=2)
_SEALER = _Lone("sealer", "Sealer", "seal_audit", "audit", stage=1)


def parts(installation: Installation) -> list[Part]:
    """Return every part in the order of starting, the web first."""
    found = [
        _web(installation),
        _worker(installation, "engine", "Worker engine", "engine"),
        _worker(installation, "connector", "Worker connector", "connector,internal,script,report"),
        _session(installation, _SWEEPER),
        _session(installation, _SEALER),
    ]
    return [*found, _itsm(installation)] if installation.wants_demo else found


def _web(installation: Installation) -> Part:
    port = str(installation.port)
    server = ["uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", port]
    quiet = ["--no-access-log", "--lifespan", "off", "--timeout-graceful-shutdown", "3"]
    return Part(
        "Web",
        _program(installation, "web", [sys.executable, "-m", *server, *quiet], "app"),
        partial(health.web, f"http://127.0.0.1:{port}/health/ready"),
        stage=3,
        place=installation.public_url,
    )


def _worker(installation: Installation, name: str, title: str, queues: str) -> Part:
    node = f"{name}@{health.host()}"
    worker = ["celery", "-A", "config.celery:app", "worker", "-Q", queues, "-n", node]
    calm = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    program = _program(
        installation, f"worker-{name}", [sys.executable, "-m", *worker, *calm], "engine"
    )
    probe = partial(health.worker, installation.settings.broker_url, node)
    return Part(title, program, probe, stage=2)


def _session(installation: Installation, lone: _Lone) -> Part:
    program = _program(installation, lone.name, installation.manage(lone.command), lone.role)
    address = installation.settings.url_for(lone.role)
    probe = partial(health.session, address, f"interlock-{lone.name}")
    return Part(lone.title, program, probe, lone.stage)


def _itsm(installation: Installation) -> Part:
    port = str(installation.itsm_port)
    data = str(installation.places.data / "itsm")
    command = [sys.executable, "-m", "demo.itsm", "--port", port, "--data", data]
    return Part(
        "ITSM stand-in",
        _program(installation, "itsm", command, ""),
        partial(health.web, f"http://127.0.0.1:{port}/health"),
        stage=1,
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
