"""The processes of a load test: workers that are told, Celery's workers, a sweeper, the web.

Each leads a group of its own and dies with us, so that whoever stops the test stops all of it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any

from config.console import Trouble
from config.env import ROOT
from config.loadtest.ground import Ground
from config.offspring import dies_with_me

_PATIENCE = 60.0
_PAUSE = 0.01


@dataclass(frozen=True)
class Worker:
    """A worker that works while it is told to, and else rests."""

    talks: subprocess.Popen[str]

    def work(self, order: Mapping[str, Any]) -> None:
        """Let it work; the order may have it start runs first."""
        self._say(json.dumps(order))

    def rest(self) -> None:
        """Let it come to rest, and wait until it has."""
        self._say("")
        self.hear("rests")

    def hear(self, word: str) -> None:
        """Wait for a word of the worker.

        Raises:
            RuntimeError: it ended.
        """
        line = _pipe(self.talks.stdout).readline()
        if line.strip() != word:
            raise RuntimeError(f"a worker of the load test said {line!r}, and not {word}")

    def _say(self, line: str) -> None:
        stdin = _pipe(self.talks.stdin)
        stdin.write(f"{line}\n")
        stdin.flush()


@contextmanager
def workers(count: int, ground: Ground) -> Iterator[list[Worker]]:
    """Give so many workers, at rest."""
    command = [sys.executable, "-m", "engine.loadtest.worker"]
    with ExitStack() as stack:
        crew = [
            Worker(stack.enter_context(hired(f"worker-{n}", command, ground, "engine", talks=True)))
            for n in range(count)
        ]
        for worker in crew:
            worker.hear("ready")
        yield crew


@dataclass
class Muscle:
    """Celery's worker, of two processes that serve every queue."""

    ground: Ground
    stack: ExitStack
    running: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self._hire()

    def keep(self) -> None:
        """Start it again where it has ended, as the supervisor of an installation does."""
        if self.running.poll() is not None:
            self._hire()

    def pause(self) -> None:
        """Let it stand still."""
        self.keep()
        os.killpg(self.running.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        os.killpg(self.running.pid, signal.SIGCONT)

    def _hire(self) -> None:
        quiet = ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
        worker = ["celery", "-A", "config.loadtest.muscle:app", "worker", "-c", "2", *quiet]
        queues = ["-Q", "engine,connector,internal,script", "-n", "load@load"]
        command = [sys.executable, "-m", *worker, *queues]
        self.running = self.stack.enter_context(hired("celery", command, self.ground, "engine"))


@contextmanager
def muscle(ground: Ground) -> Iterator[Muscle]:
    """Give Celery's worker, and a sweeper beside it."""
    sweeper = [sys.executable, str(ROOT / "manage.py"), "sweep"]
    with hired("sweeper", sweeper, ground, "engine"), ExitStack() as stack:
        yield Muscle(ground, stack)


@contextmanager
def web(ground: Ground) -> Iterator[int]:
    """Give the port of a web server, as `make up` starts one."""
    port = free_port()
    server = ["uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    # Clients keep their connections while runs are started for them.
    quiet = ["--no-access-log", "--lifespan", "off", "--log-level", "error"]
    patient = ["--timeout-keep-alive", "600"]
    told = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "ALLOWED_HOSTS": "127.0.0.1"}
    with hired("web", [sys.executable, "-m", *server, *quiet, *patient], ground, "app", told=told):
        until(lambda: is_open(port), "the web answers")
        yield port


@contextmanager
def hired(
    name: str,
    command: Sequence[str],
    ground: Ground,
    role: str = "",
    *,
    talks: bool = False,
    told: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """Run a program for the block; without a role it is told nothing of ours."""
    ours = {**ground.environment, "INTERLOCK_ROLE": role, "PGAPPNAME": f"interlock-{name}"}
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    with (ground.folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, **(ours if role else {}), **(told or {})},
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else log,
            stderr=log,
            text=True,
            process_group=0,
            preexec_fn=dies_with_me(signal.SIGKILL),  # noqa: PLW1509
        )
    try:
        yield process
    finally:
        _end(process)


def until(holds: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> float:
    """Wait until something holds, and return for how long that was.

    Raises:
        Trouble: it did not in time.
    """
    began = time.perf_counter()
    while not holds():
        if time.perf_counter() - began > seconds:
            raise Trouble(
                f"After {seconds:.0f} s it is still not so that {what}.",
                "Is something else at work on this machine?",
            )
        time.sleep(_PAUSE)
    return time.perf_counter() - began


def free_port() -> int:
    """Return a port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Tell whether somebody answers at a port of the loopback."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _end(process: subprocess.Popen[str]) -> None:
    """End a program and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _pipe(end: IO[str] | None) -> IO[str]:
    if end is None:
        raise RuntimeError("it was started without pipes")
    return end
