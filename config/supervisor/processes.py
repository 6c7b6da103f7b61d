"""One process of ours: in a group of its own, dying with us, stopped politely and then not."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.offspring import dies_with_me

_LARGEST_LOG = 10 * 1024 * 1024

#: In the environment of everything we start: by it a later supervisor knows what is ours.
MARK = "INTERLOCK_SUPERVISED"


@dataclass(frozen=True)
class Program:
    """What to run, and how it likes to be told to stop."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    uid: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0


@dataclass
class Process:
    """A running program."""

    program: Program
    popen: subprocess.Popen[bytes]
    started_at: float = field(default_factory=time.monotonic)

    @property
    def is_alive(self) -> bool:
        """Return whether the process is still there."""
        return self.popen.poll() is None

    @property
    def ending(self) -> str:
        """Return in words how it ended."""
        code = self.popen.poll()
        if code is None:
            return "running"
        return f"exit {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"

    def ask_to_stop(self) -> bool:
        """Tell it to stop, in the way it likes; return whether it was there to be told."""
        if not self.is_alive:
            return False
        self.popen.send_signal(self.program.stop_signal)
        return True

    def wait(self, seconds: float, tick: Callable[[], None] = lambda: None) -> bool:
        """Wait for the end; return whether it came in time."""
        deadline = time.monotonic() + seconds
        while self.is_alive:
            if time.monotonic() > deadline:
                return False
            tick()
            time.sleep(0.02)
        return True

    def kill(self) -> None:
        """End it and everything it started, now."""
        try:
            os.killpg(self.popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.popen.wait()

    def wait_or_kill(self, tick: Callable[[], None] = lambda: None) -> None:
        """Wait as long as its grace; then, or should part of its group stay, kill."""
        self.wait(self.program.grace, tick)
        self.kill()

    def stop(self) -> None:
        """Stop politely, and then not."""
        self.ask_to_stop()
        self.wait_or_kill()


def start(program: Program) -> Process:
    """Start a program with its output in its log."""
    _roll(program.log)
    with program.log.open("ab") as log:
        popen = subprocess.Popen(
            program.command,
            cwd=program.cwd,
            env=dict(program.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
            user=program.uid,
            group=program.uid,
            extra_groups=None if program.uid is None else [],
            preexec_fn=dies_with_me(program.stop_signal),  # noqa: PLW1509
        )
    return Process(program, popen)


def last_words(log: Path) -> str:
    """Return the last line of a log, for the line that says why a part did not start."""
    try:
        said = log.read_bytes()[-4096:].decode(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(said) if line.strip()), "")[:300]


def _roll(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
