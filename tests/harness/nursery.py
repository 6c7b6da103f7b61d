"""Forks the processes that are to suffer, sees them die, and forks the next ones.

The nursery itself is forked before anything else: it has no threads and, when it forks, no
connections, so that a child begins as a fresh process would, with every module loaded.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)
from typing import Any
from uuid import UUID

from django.db import connection

from common import tenancy
from config.offspring import dies_with_me
from engine import store
from tests.harness import armed, web
from tests.harness.armed import Orders
from tests.harness.tally import Tally

_TURN = 0.02
_ROLES: dict[str, Callable[[Orders, int], None]] = {
    "worker": armed.work,
    "sweeper": armed.sweep,
    "web": web.serve,
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is to be there: so many processes of each role, and how often one dies at random.

    Where there are `webs`, with orders of their own, it is these that die so.
    """

    orders: Orders
    workers: int = 4
    sweepers: int = 2
    kills_per_second: float = 0.0
    most_random: int = 0
    webs: int = 0
    web: Orders | None = None

    @property
    def wanted(self) -> dict[str, tuple[int, Orders]]:
        """Return how many of each role there are to be, and under which orders."""
        found = {"worker": (self.workers, self.orders), "sweeper": (self.sweepers, self.orders)}
        return found | ({"web": (self.webs, self.web)} if self.web else {})

    @property
    def mortal(self) -> str:
        """Return as what those are told who die at random."""
        return "kill web at random" if self.web else "kill random"


class Nursery:
    """The side of whoever leads a trial."""

    def __init__(self, log: Path) -> None:
        self._ours, theirs = socket.socketpair()
        prepare = dies_with_me(signal.SIGKILL)
        self._pid = os.fork()
        if self._pid == 0:
            prepare()
            self._ours.close()
            _live(theirs, log)
        theirs.close()

    def staff(self, staff: Crowd) -> None:
        """Let these work, and those before them no more."""
        self._say({"staff": asdict(staff)})

    def warm(self, database: str, unit: UUID, deployments: list[UUID]) -> None:
        """Read the models beforehand, so that no child must."""
        ids = [str(one) for one in deployments]
        self._say({"warm": {"database": database, "unit": str(unit), "ids": ids}})

    def close(self) -> None:
        """Send everybody home."""
        self._say({"over": True})
        os.waitpid(self._pid, 0)

    def _say(self, word: dict[str, Any]) -> None:
        self._ours.sendall(json.dumps(word).encode() + b"\n")
        self._ours.recv(1)


def _live(ear: socket.socket, log: Path) -> None:
    """Be the nursery."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keeper = _Keeper()
    status = 0
    try:
        _obey(ear, keeper)
    except BaseException:  # noqa: BLE001  (a forked process has nobody above it)
        traceback.print_exc()
        status = 1
    finally:
        keeper.dismiss()
        os._exit(status)


def _obey(ear: socket.socket, keeper: _Keeper) -> None:
    words = ear.makefile("rb")
    while True:
        ready, _, _ = select.select([ear], [], [], _TURN)
        if ready:
            line = words.readline()
            if not line:
                return
            word = json.loads(line)
            if "over" in word:
                keeper.dismiss()
            else:
                _do(word, keeper)
            ear.sendall(b".")
            if "over" in word:
                return
        keeper.turn()


def _do(word: dict[str, Any], keeper: _Keeper) -> None:
    if "warm" in word:
        _warm(**word["warm"])
    else:
        told = word["staff"]
        orders = {name: Orders(**told[name]) for name in ("orders", "web") if told[name]}
        keeper.take(Crowd(**{**told, **orders}))


def _warm(database: str, unit: str, ids: list[str]) -> None:
    armed.sign_in(database)
    with tenancy.units_in_scope([UUID(unit)]):
        for one in ids:
            store.model_of(UUID(one))
    connection.close()


class _Keeper:
    """Keeps the staff complete."""

    def __init__(self) -> None:
        self._staff: Crowd | None = None
        self._roles: dict[int, str] = {}
        self._asleep: dict[int, float] = {}
        self._serial = 0
        self._next_kill = float("inf")

    def take(self, staff: Crowd) -> None:
        """Replace everybody by others."""
        self.dismiss()
        if staff.web:
            web.warm()
        self._staff = staff
        self._tally = Tally(Path(staff.orders.tally))
        self._chance = Random(f"{staff.orders.seed}/nursery")  # noqa: S311
        self._schedule()

    def turn(self) -> None:
        """Bury, wake, kill and fork, as far as it is time."""
        self._look()
        now = time.monotonic()
        for pid in [pid for pid, at in self._asleep.items() if at <= now]:
            del self._asleep[pid]
            os.kill(pid, signal.SIGCONT)
        staff = self._staff
        if staff is None:
            return
        if now >= self._next_kill:
            self._kill_any(staff)
        for role, (wanted, orders) in staff.wanted.items():
            for _ in range(wanted - list(self._roles.values()).count(role)):
                self._fork(role, orders)

    def dismiss(self) -> None:
        """Kill everybody and wait for their ends."""
        self._staff = None
        for pid in self._roles:
            os.kill(pid, signal.SIGKILL)
        for pid in self._roles:
            os.waitpid(pid, 0)
        self._roles.clear()
        self._asleep.clear()

    def _look(self) -> None:
        while self._roles:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            if pid == 0:
                return
            if os.WIFSTOPPED(status):
                lease = self._staff.orders.lease if self._staff else 0.0
                beyond = lease + 0.2 + 0.6 * self._chance.random()
                self._asleep[pid] = time.monotonic() + beyond
            else:
                self._asleep.pop(pid, None)
                self._roles.pop(pid, None)

    def _kill_any(self, staff: Crowd) -> None:
        self._schedule()
        mortal = [pid for pid, role in self._roles.items() if not staff.web or role == "web"]
        if mortal and self._tally.counts()[staff.mortal] < staff.most_random:
            pid = self._chance.choice(sorted(mortal))
            self._tally.note(staff.mortal)
            os.kill(pid, signal.SIGKILL)

    def _schedule(self) -> None:
        rate = self._staff.kills_per_second if self._staff else 0.0
        wait = self._chance.expovariate(rate) if rate else float("inf")
        self._next_kill = time.monotonic() + wait

    def _fork(self, role: str, orders: Orders) -> None:
        self._serial += 1
        prepare = dies_with_me(signal.SIGKILL)
        pid = os.fork()
        if pid:
            self._roles[pid] = role
            return
        try:
            prepare()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            _ROLES[role](orders, self._serial)
        except BaseException:  # noqa: BLE001  (a forked process has nobody above it)
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(1)
