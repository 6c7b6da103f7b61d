"""Starts the parts in order, keeps them running, and stops them in the opposite order."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

from config.console import Console, Step, Trouble
from config.supervisor import leftovers, migrations, ports
from config.supervisor.installation import DATABASE, OWNER, Installation
from config.supervisor.parts import Part, parts
from config.supervisor.processes import Process, Program, last_words, start

_PATIENCE = 60.0
_FIRST_DELAY, _LONGEST_DELAY, _CALM_AFTER = 0.5, 30.0, 60.0


class StopAskedError(Exception):
    """Somebody pressed Ctrl-C or asked us to end."""


@dataclass
class Kept:
    """A part that is kept running, and how long to wait before its next start."""

    title: str
    process: Process
    stage: int = 0
    delay: float = _FIRST_DELAY
    retry_at: float | None = None


@dataclass
class Supervisor:
    """One run of `make up`."""

    installation: Installation
    console: Console
    kept: list[Kept] = field(default_factory=list)
    times_asked: int = 0

    def run(self) -> None:
        """Bring everything up, keep it up until asked to stop, and stop it.

        Raises:
            Trouble: something did not start; what had started is stopped again.
        """
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self._asked)
        with leftovers.only_one(self.installation.places):
            try:
                self._bring_up()
                self._watch()
            except StopAskedError:
                self.console.say()
            finally:
                self._stop_all()

    def _asked(self, _signal: int, _frame: FrameType | None) -> None:
        self.times_asked += 1

    def _pause(self) -> None:
        if self.times_asked:
            raise StopAskedError
        time.sleep(0.02)

    def _bring_up(self) -> None:
        self._clean()
        self._start_servers()
        self._migrate()
        self._seed()
        web, *others = parts(self.installation)
        # The web alone at first: people wait for the page, and the others would take its processor.
        self._await([(web, self._start(web.title, web.program, web.stage))])
        self._await([(part, self._start(part.title, part.program, part.stage)) for part in others])
        self._welcome()

    def _clean(self) -> None:
        stopped = leftovers.stop_leftovers(self.installation.places)
        if stopped:
            self.console.line("Left behind", f"stopped {stopped} processes of an earlier run")
        ports.require_free(self.installation.port, "PORT")
        if self.installation.wants_demo:
            ports.require_free(self.installation.itsm_port, "ITSM_PORT")

    def _start_servers(self) -> None:
        postgres, valkey = self.installation.postgres, self.installation.valkey
        root = self.installation.root
        if postgres is not None:
            with self.console.step("PostgreSQL", "starting") as step:
                result = postgres.prepare()
                process = self._start("PostgreSQL", postgres.program(root), stage=-2)
                self._ready(step, process, postgres.is_ready)
                postgres.provide(DATABASE, OWNER, self.installation.owner_password)
                step.done(result)
        if valkey is not None:
            with self.console.step("Valkey", "starting") as step:
                process = self._start("Valkey", valkey.program(root), stage=-1)
                self._ready(step, process, valkey.is_ready)
                step.done("ready")

    def _migrate(self) -> None:
        address = self.installation.settings.database_url
        if not address:
            self.console.line("Schema", "left to whoever has the owner's DATABASE_URL")
            return
        digest = migrations.wanted(self.installation.root)
        with self.console.step("Schema", "checking") as step:
            if migrations.are_applied(address, digest):
                step.done("up to date")
            else:
                self._run(step, "migrate", "owner", ["migrate", "--no-color"])
                migrations.remember(address, digest)
                step.done("migrated")
            migrations.mend_sign_ins(self.installation.settings)

    def _seed(self) -> None:
        address = self.installation.settings.database_url
        if not self.installation.wants_demo or not address or migrations.has_accounts(address):
            return
        desk = f"http://127.0.0.1:{self.installation.itsm_port}"
        with self.console.step("Demo company", "moving in") as step:
            self._run(step, "seed-demo", "app", ["seed_demo", "--itsm-url", desk])
            step.done("moved in")

    def _run(self, step: Step, name: str, role: str, command: list[str]) -> None:
        """Run one of Django's commands to its end, its last line shown while it works."""
        log = self.installation.places.logs / f"{name}.log"
        program = Program(
            name=name,
            command=self.installation.manage(*command),
            env=self.installation.environment(name, role=role),
            log=log,
            cwd=self.installation.root,
        )
        process = start(program)
        try:
            while process.is_alive:
                step.tick(last_words(log)[:60])
                self._pause()
        except StopAskedError:
            process.stop()
            raise
        if process.popen.returncode:
            raise self._trouble(step, process)

    def _start(self, title: str, program: Program, stage: int = 0) -> Process:
        process = start(program)
        self.kept.append(Kept(title, process, stage))
        return process

    def _await(self, started: list[tuple[Part, Process]]) -> None:
        for part, process in started:
            with self.console.step(part.title, "starting", began=process.started_at) as step:
                self._ready(step, process, part.probe)
                step.done(part.place)

    def _ready(self, step: Step, process: Process, probe: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not probe():
            if not process.is_alive or time.monotonic() > deadline:
                raise self._trouble(step, process)
            step.tick()
            self._pause()

    def _trouble(self, step: Step, process: Process) -> Trouble:
        log = process.program.log
        how = f"ended ({process.ending})" if not process.is_alive else "does not answer"
        return Trouble(
            f"{step.name} {how}: {last_words(log) or 'it left no word'}",
            f"Its log is {log}. Once mended, type the same command again.",
        )

    def _welcome(self) -> None:
        self.console.say(f"\n  Interlock is ready: {self.installation.public_url}")
        sign_ins = self.installation.places.data / "demo-sign-ins.txt"
        address = self.installation.settings.database_url
        if self.installation.wants_demo and sign_ins.exists():
            text = sign_ins.read_text(encoding="utf-8").rstrip()
            self.console.say("\n" + "\n".join(f"  {line}" for line in text.splitlines()))
        elif address and not migrations.has_accounts(address):
            first = f"{self.installation.public_url}/first-administrator"
            self.console.say(f"  Create the first administrator: {first}")
        self.console.say(
            f"\n  Ctrl-C stops everything. Logs are in {self.installation.places.logs}."
        )

    def _watch(self) -> None:
        while True:
            for kept in self.kept:
                self._look_after(kept)
            for _ in range(10):
                self._pause()

    def _look_after(self, kept: Kept) -> None:
        now = time.monotonic()
        if kept.process.is_alive:
            if now - kept.process.started_at > _CALM_AFTER:
                kept.delay = _FIRST_DELAY
            return
        if kept.retry_at is None:
            kept.retry_at = now + kept.delay
            log = kept.process.program.log.name
            again = f"ended ({kept.process.ending}, see {log}); starting again"
            self.console.line(kept.title, again, kept.delay)
            kept.delay = min(kept.delay * 2, _LONGEST_DELAY)
            # What it started must not stay beside what replaces it.
            kept.process.kill()
        elif now >= kept.retry_at:
            kept.process, kept.retry_at = start(kept.process.program), None

    def _stop_all(self) -> None:
        self.times_asked = 0
        for stage in sorted({kept.stage for kept in self.kept}, reverse=True):
            together = [kept for kept in self.kept if kept.stage == stage]
            asked = [kept.process.ask_to_stop() for kept in together]
            for kept, was_alive in zip(together, asked, strict=True):
                with self.console.step(kept.title, "stopping") as step:
                    kept.process.wait_or_kill(tick=partial(self._hurry, step))
                    step.done("stopped" if was_alive else "had ended")

    def _hurry(self, step: Step) -> None:
        step.tick()
        if self.times_asked:
            # Asked again: no more patience with anybody but the database, which repairs itself.
            for kept in self.kept:
                kept.process.kill()


def stop(installation: Installation, console: Console) -> None:
    """Ask the supervisor that runs to stop, and wait until it has.

    Raises:
        Trouble: it does not end.
    """
    if leftovers.running(installation.places) is None:
        left = leftovers.stop_leftovers(installation.places)
        console.line(
            "Interlock", f"stopped {left} processes left behind" if left else "not running"
        )
        return
    with console.step("Interlock", "stopping") as step:
        asked = False
        deadline = time.monotonic() + _PATIENCE
        while (holder := leftovers.running(installation.places)) is not None:
            # It has the lock a moment before it has written who it is; 0 would mean all of us.
            if holder and not asked:
                os.kill(holder, signal.SIGTERM)
                asked = True
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Process {holder} does not end.", f"As a last resort: kill -9 {holder}"
                )
            step.tick()
            time.sleep(0.05)
        step.done("stopped")
