"""What is compared with: the limit of PostgreSQL, and other programs, each a process of its own.

The programs lie in `baselines/`, unchanged for as long as figures are to be compared.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import psycopg

from config.console import Console, Trouble
from config.env import ROOT
from config.loadtest.crew import free_port, hired, is_open, until
from config.loadtest.figures import percentile
from config.loadtest.ground import LIMIT, PEER, Ground
from config.offspring import dies_with_me
from config.setup import beside
from config.setup.packages import Packages
from config.setup.tools import Tools
from config.supervisor.postgres import tool
from config.supervisor.valkey import binary

WORKERS = 2
_BASELINES = Path(__file__).parent / "baselines"
_PATIENCE = 300.0


class NotMeasured(Exception):
    """Something to compare with cannot be had here; the text says why."""


@dataclass(frozen=True)
class Others:
    """The programs, on the same server as ours."""

    ground: Ground
    wants_peers: bool

    def limit(self, seconds: float) -> float:
        """Return the advances a second that PostgreSQL takes in batches from two processes."""
        url = self.ground.address(LIMIT)
        # Anew each time: what one measurement leaves behind must not slow the next.
        with psycopg.connect(url, autocommit=True) as connection:
            # The one thing that the schema does not replace by itself.
            connection.execute("DROP SEQUENCE IF EXISTS jseq")
            connection.execute((_BASELINES / "schema.sql").read_bytes())
        told = ("--dsn", url, "--workers", str(WORKERS), "--seconds", str(seconds))
        return float(self._python("limit.py", *told)["advances_per_s"])

    def one_at_a_time(self, seconds: float) -> tuple[float, float]:
        """Return p50 and p99, in milliseconds, of one advance to a transaction by pgbench.

        Raises:
            NotMeasured: there is no pgbench.
        """
        program = tool("pgbench") or which("pgbench")
        if program is None:
            raise NotMeasured("pgbench is not installed")
        with tempfile.TemporaryDirectory() as folder:
            how = ["-n", "-T", str(max(1, round(seconds))), "-c", "1", "-M", "prepared", "-l"]
            script = ["-f", str(_BASELINES / "advance.sql"), self.ground.address(LIMIT)]
            _run([str(program), *how, f"--log-prefix={folder}/advance", *script])
            [log] = Path(folder).glob("advance.*[0-9]")
            spent = [int(line.split()[2]) / 1000 for line in log.read_text().splitlines()]
        return statistics.median(spent), percentile(spent, 99)

    def dbos(self, workflows: int) -> float:
        """Return the workflows of ten steps a second of DBOS Transact.

        Raises:
            NotMeasured: it is not asked for, or cannot be installed.
        """
        python = self._beside()
        url = self.ground.address(PEER)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS dbos CASCADE")
        told = ("--dsn", url, "--workflows", str(workflows))
        return float(self._python("dbos_steps.py", *told, python=python)["workflows_per_s"])

    def celery(self, tasks: int) -> float:
        """Return the steps a second of one Celery task to a step.

        Raises:
            NotMeasured: it is not asked for.
        """
        if not self.wants_peers:
            raise NotMeasured("with --peers only")
        port = free_port()
        command = [str(binary()), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with hired("peer-broker", command, self.ground):
            until(lambda: is_open(port), "the peer's broker answers")
            told = ("--broker", f"redis://127.0.0.1:{port}/0", "--tasks", str(tasks))
            return float(self._python("celery_step.py", *told)["steps_per_s"])

    def _beside(self) -> Path:
        """Return the Python of an environment beside ours in which the peers are installed."""
        if not self.wants_peers:
            raise NotMeasured("with --peers only")
        try:
            beside.install(Packages(Tools(ROOT), Console()), beside.DURABLE_PEERS)
        except Trouble as trouble:
            raise NotMeasured(f"DBOS cannot be installed: {trouble.what}") from trouble
        return beside.home(ROOT, beside.DURABLE_PEERS) / "bin" / "python"

    def _python(
        self, program: str, *told: str, python: Path = Path(sys.executable)
    ) -> Mapping[str, Any]:
        said = _run([str(python), str(_BASELINES / program), *told])
        found: Mapping[str, Any] = json.loads(said.strip().splitlines()[-1])
        return found


def _run(command: Sequence[str]) -> str:
    """Run a program that knows nothing of us, and return what it said.

    Raises:
        NotMeasured: it failed.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with subprocess.Popen(
        command,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=dies_with_me(),  # noqa: PLW1509
    ) as process:
        try:
            said, complaint = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired as slow:
            process.kill()
            raise NotMeasured(f"{Path(command[1]).name} did not end in time") from slow
        except KeyboardInterrupt:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            raise
    if process.returncode:
        last = next(reversed(complaint.strip().splitlines()), "")
        raise NotMeasured(f"{Path(command[1]).name} failed: {last[:200]}")
    return said
