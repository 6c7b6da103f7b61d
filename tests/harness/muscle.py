"""Real Celery workers under fire: their children, their parents, whole groups at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)

from config.offspring import dies_with_me
from tests.harness.armed import ORDERS, Orders
from tests.harness.ground import ROOT
from tests.harness.tally import Tally

CHILDREN = 2
#: Of ten kills so many hit a parent alone, and so many its whole group.
_PARENTS, _GROUPS = 1, 1


@dataclass
class Muscle:
    """One Celery worker with its children, replaced when it is gone."""

    orders: Orders
    log: Path
    chance: Random
    most: int
    every: float
    tally: Tally = field(init=False)
    _popen: subprocess.Popen[bytes] | None = None
    _next: float = 0.0

    def __post_init__(self) -> None:
        """Open the tally."""
        self.tally = Tally(Path(self.orders.tally))

    def turn(self) -> None:
        """See that it runs, and kill some of it where it is time."""
        if self._popen is None or self._popen.poll() is not None:
            self._hire()
        children = self._children()
        if time.monotonic() < self._next or not children:
            return
        self._next = time.monotonic() + self.every * (0.5 + self.chance.random())
        if self.kills < self.most:
            self._kill(children)

    @property
    def kills(self) -> int:
        """Return how many were killed here from outside."""
        counts = self.tally.counts()
        return sum(counts[f"kill celery {who}"] for who in ("child", "parent", "group"))

    def dismiss(self) -> None:
        """Kill it all."""
        if self._popen is not None:
            self._kill_group(self._children())

    def _kill(self, children: list[int]) -> None:
        assert self._popen is not None
        draw = self.chance.randrange(10)
        if draw < _PARENTS:
            self.tally.note("kill celery parent")
            os.kill(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
            _end(children)
        elif draw < _PARENTS + _GROUPS:
            self.tally.note("kill celery group")
            self._kill_group(children)
        else:
            self.tally.note("kill celery child")
            _end([self.chance.choice(children)])

    def _kill_group(self, children: list[int]) -> None:
        assert self._popen is not None
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            _end(children)
        self._popen.wait()

    def _hire(self) -> None:
        quiet = ("--without-gossip", "--without-mingle", "--loglevel", "ERROR")
        queues = (
            "-Q",
            "engine,connector,internal,script",
            "-c",
            str(CHILDREN),
            "-n",
            f"w{os.getpid()}@x",
        )
        app = ("-m", "celery", "-A", "tests.harness.celery_app:app", "worker")
        told = {
            "INTERLOCK_ROLE": "engine",
            "DATABASE_URL_ENGINE": self.orders.database,
            ORDERS: json.dumps(asdict(self.orders)),
        }
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                [sys.executable, *app, *quiet, *queues],
                cwd=ROOT,
                env=os.environ | told,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=dies_with_me(signal.SIGTERM),  # noqa: PLW1509
            )

    def _children(self) -> list[int]:
        if self._popen is None:
            return []
        pid = self._popen.pid
        try:
            text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        except OSError:
            return []
        return [int(word) for word in text.split()]


def _end(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
