"""Measures the durable core beside what PostgreSQL can do, on servers of its own with sync on.

    python -m tests.proof.durable [--size quick|full] [--json FILE]

Each row is turns of pairs: ours, and what it is compared with, one after the other; the limit is
measured before and after each.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import psycopg

from config.supervisor.postgres import tool
from config.supervisor.throwaway import borrowed
from tests.support import limit
from tests.support.figures import Row, chart, exponent, is_noisy
from tests.support.proof import ROOT, write

if TYPE_CHECKING:
    from tests.support.load_floor import LoadFloor

_STEPS = 10
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured; `most` is the large end of what must not grow."""

    turns: int
    runs: int
    completions: int
    seconds: float
    loop: int
    several: int


SIZES = {
    "smoke": Size(turns=1, runs=20, completions=20, seconds=0.3, loop=200, several=40),
    "quick": Size(turns=3, runs=200, completions=300, seconds=2, loop=1_000, several=500),
    "full": Size(turns=5, runs=1_000, completions=2_000, seconds=5, loop=10_000, several=5_000),
}


def main() -> None:
    """Measure every row, show them, and keep the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=sorted(SIZES), default="quick")
    parser.add_argument("--json")
    options = parser.parse_args()
    with borrowed(durable=True) as told:
        environment = {**os.environ, **told, "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        os.environ.update({**environment, "INTERLOCK_ROLE": "owner"})
        _prepare(told["DATABASE_URL"])
        from tests.support.load_floor import a_load_floor  # noqa: PLC0415  (needs Django)

        with a_load_floor() as floor:
            bench = _Bench(SIZES[options.size], floor, told["DATABASE_URL"], environment)
            rows = [bench.steps(), bench.completion(), *bench.growth(), bench.rows(), bench.late()]
            about = bench.about()
    figures = {"what": about, "rows": {row.name: row.told() for row in rows}}
    sys.stdout.write(f"{json.dumps(about)}\n{chart(rows)}\n")
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    elif options.size == "full":
        sys.stdout.write(f"{write('durable', figures)}\n")


def _prepare(url: str) -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  (needs the environment)

    import config.celery  # noqa: F401, PLC0415  (doorbells go to our own broker)

    call_command("migrate", verbosity=0)
    with psycopg.connect(url) as connection:
        connection.execute(limit.SCHEMA)


@dataclass
class _Bench:
    """One run of the measurements."""

    size: Size
    floor: LoadFloor
    url: str
    environment: dict[str, str]

    def about(self) -> dict[str, Any]:
        """Return on what the figures were taken."""
        with psycopg.connect(self.url) as connection:
            answer = connection.execute("SHOW server_version").fetchone()
        return {
            "postgresql": answer[0] if answer else "",
            "workers": _WORKERS,
            "synchronous_commit": "on",
            "fsync_ms": round(_fsync_ms(), 2),
            "load": [round(figure, 2) for figure in os.getloadavg()],
        }

    def limit(self) -> float:
        """Return the advances a second that PostgreSQL takes in batches from two processes."""
        begin = str(time.time() + 1)
        crew = [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.support.limit", str(worker)),
                    *(str(_WORKERS), str(self.size.seconds), begin),
                ],
                cwd=ROOT,
                env={**self.environment, limit.DSN: self.url},
                stdout=subprocess.PIPE,
                text=True,
            )
            for worker in range(_WORKERS)
        ]
        return sum(float(worker.communicate()[0]) for worker in crew)

    def steps(self) -> Row:
        """Advances a second where each step of a run is a job, against the limit."""
        from tests.support import load_floor  # noqa: PLC0415  (needs Django)

        ours, limits = [], [self.limit()]
        for _turn in range(self.size.turns):
            deployment = self.floor.deploy(load_floor.in_a_row(_STEPS))
            with load_floor.workers(_WORKERS, self.environment) as crew:
                runs = [self.floor.start(deployment) for _ in range(self.size.runs)]
                seconds = load_floor.seconds_until_done(crew, runs)
            self.floor.check(runs, self.size.runs * (_STEPS + 1))
            ours.append(self.size.runs * _STEPS / seconds)
            limits.append(self.limit())
        theirs = [min(pair) for pair in pairwise(limits)]
        noisy = is_noisy(min(limits), max(limits))
        return Row("advances/s, each step a job", "1/s", ours, theirs, 0.35, None, 0.60, noisy)

    def completion(self) -> Row:
        """Completing one user task, against one transaction of the same work by pgbench."""
        from tests.support import load_floor  # noqa: PLC0415  (needs Django)

        deployment = self.floor.deploy(load_floor.several(1))
        ours, theirs, before = [], [], self.limit()
        for _turn in range(self.size.turns):
            runs = [self.floor.start(deployment) for _ in range(self.size.completions)]
            waiting = [(run, self.floor.open_tasks(run)[0]) for run in runs]
            spent = [self.floor.complete(run, task, deployment) for run, task in waiting]
            ours.append(1000 * statistics.median(spent))
            theirs.append(self._pgbench())
        noisy = is_noisy(before, self.limit())
        name = "one user task completed, p50, against pgbench"
        return Row(name, "ms", ours, theirs, None, 4.0, 2.5, noisy)

    def growth(self) -> list[Row]:
        """How time grows with the rounds of a loop, and with people at one task."""
        from tests.support import load_floor  # noqa: PLC0415  (needs Django)

        found = []
        for name, model, large, complete in (
            ("loop", load_floor.again_and_again, self.size.loop, False),
            ("user tasks side by side", load_floor.several, self.size.several, True),
        ):
            small = max(10, large // 50)
            self._whole(model(small), complete=complete)
            exponents = []
            for _turn in range(self.size.turns):
                few = self._whole(model(small), complete=complete)
                many = self._whole(model(large), complete=complete)
                exponents.append(exponent((small, few), (large, many)))
            ones = [1.0] * len(exponents)
            found.append(
                Row(f"exponent: {name}, {small} to {large}", "", exponents, ones, None, 1.05)
            )
        return found

    def rows(self) -> Row:
        """Rows read to complete one of many, against one of ten."""
        from tests.support import load_floor  # noqa: PLC0415  (needs Django)

        read = []
        for count in (self.size.several, 10):
            deployment = self.floor.deploy(load_floor.several(count))
            run = self.floor.start(deployment)
            self.floor.settle()
            task = self.floor.open_tasks(run)[count // 2]
            read.append(self.floor.rows_read(run, task, deployment))
        return Row(
            f"rows read: one of {self.size.several} against one of 10",
            "rows",
            read[:1],
            read[1:],
            None,
            1.0,
        )

    def late(self) -> Row:
        """Going on after many past events, against after few, in one run."""
        from tests.support import load_floor  # noqa: PLC0415  (needs Django)

        deployment = self.floor.deploy(load_floor.several(self.size.several))
        run = self.floor.start(deployment)
        self.floor.settle()
        tasks = self.floor.open_tasks(run)[:-1]
        spent = [self.floor.complete(run, task, deployment) for task in tasks]
        part = max(5, len(spent) // 10)
        early, late = statistics.median(spent[:part]), statistics.median(spent[-part:])
        name = f"going on after {5 * len(tasks)} events against {5 * part}"
        return Row(name, "ms", [1000 * late], [1000 * early], None, 1.1)

    def _whole(self, model: str, *, complete: bool) -> float:
        """Run a model from beginning to end and return the seconds that took."""
        deployment = self.floor.deploy(model)
        began = time.perf_counter()
        run = self.floor.start(deployment)
        self.floor.settle()
        for task in self.floor.open_tasks(run) if complete else ():
            self.floor.complete(run, task, deployment)
        seconds = time.perf_counter() - began
        self.floor.check_over(run)
        return seconds

    def _pgbench(self) -> float:
        """Return the median milliseconds of one transaction of `advance.sql`."""
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "advance.sql"
            script.write_text(limit.ADVANCE, encoding="utf-8")
            command = [
                str(tool("pgbench") or "pgbench"),
                "-n",
                "-T",
                str(max(1, round(self.size.seconds))),
            ]
            command += ["-c", "1", "-M", "prepared", "-l", f"--log-prefix={folder}/advance"]
            subprocess.run(
                [*command, "-f", str(script), self.url],
                check=True,
                capture_output=True,
                env={**os.environ, "PGOPTIONS": "-c search_path=load_limit"},
            )
            [log] = Path(folder).glob("advance.*[0-9]")
            spent = [int(line.split()[2]) for line in log.read_text().splitlines()]
        return statistics.median(spent) / 1000


def _fsync_ms() -> float:
    with tempfile.TemporaryFile() as file:
        spent = []
        for _ in range(20):
            file.write(b"x" * 8192)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - began)
    return 1000 * statistics.median(spent)


if __name__ == "__main__":
    main()
