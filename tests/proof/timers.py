"""Measures an installation on which thousands of timers fall due at one instant.

Goals, with 10,000: each fires once, none before its time by the database's clock, the last at most
20 s late; meanwhile pages at most three times what the slowest twentieth of them takes when
nothing happens.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from config.loadtest.figures import percentile
from config.supervisor.installation import installation
from tests.proof.user_task import free_port, signed_in
from tests.support.proof import ROOT, write

if TYPE_CHECKING:
    import httpx

    from tests.support.floor import Floor

_TIMERS = int(os.environ.get("TIMERS") or 10_000)
_IDLE = float(os.environ.get("SECONDS") or 30)
_PATIENCE = 300.0
_PAGES = ("/work", "/runs", "/operations", "/api/v1/runs")
#: Seconds between two requests, as of a few people at work.
_BETWEEN = 0.05
_TRIED = 200
_FIRED = """
SELECT instance_id, at FROM engine_journalrow
WHERE cause = 'trigger_timer' AND instance_id = ANY(%s)
"""
_LEFT = "SELECT count(*) FROM engine_queueentry WHERE unit_id = %s"


def main() -> None:
    """Bring an installation up, set the timers, watch them fire, and write the figures."""
    with tempfile.TemporaryDirectory(prefix="interlock-timers-") as folder:
        Path(folder).chmod(0o755)
        port, itsm_port = free_port(), free_port()
        os.environ |= {"DATA_DIR": folder, "PORT": str(port), "ITSM_PORT": str(itsm_port)}
        command = [sys.executable, "-m", "config.supervisor", "up"]
        with subprocess.Popen(
            command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True
        ) as supervisor:
            try:
                assert supervisor.stdout is not None
                while "Ctrl-C stops" not in (line := supervisor.stdout.readline()):
                    assert line, "it ended before it was ready"
                client = signed_in(f"http://127.0.0.1:{port}", Path(folder), "claire.dubois")
                figures = _measured(client)
            finally:
                supervisor.send_signal(signal.SIGTERM)
                supervisor.communicate()
    sys.stdout.write(f"{write('timers', figures)}: {figures}\n")


def _measured(client: httpx.Client) -> dict[str, Any]:
    os.environ |= installation(ROOT).environment("manage", role="owner")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django  # noqa: PLC0415  (settings are read from here on)

    django.setup()
    from tests.support.floor import a_floor  # noqa: PLC0415
    from tests.support.office import an_office  # noqa: PLC0415

    idle = _pages(client, _until(time.monotonic() + _IDLE))
    with an_office("timers").open() as office:
        floor = a_floor(office)
        due, runs = _set(floor)
        time.sleep(max(0.0, (due - _now()).total_seconds()))
        busy = _pages(client, lambda: _left(floor) == 0)
        fired = _fired(runs)
    times = [at for found in fired.values() for at in found]
    ratio = percentile(busy, 95) / percentile(idle, 95)
    return {
        "what": "timers due at one instant on a running installation; seconds after that instant "
        "by the database's clock; milliseconds a page takes, before and meanwhile",
        "timers": len(runs),
        "fired": len(times),
        "fired_twice": sum(len(found) > 1 for found in fired.values()),
        "never_fired": len(runs) - len(fired),
        "early": sum(at < due for at in times),
        "first_late": round((min(times) - due).total_seconds(), 3),
        "last_late": round((max(times) - due).total_seconds(), 3),
        "pages_idle": _summary(idle),
        "pages_meanwhile": _summary(busy),
        "ratio_p95": round(ratio, 2),
    }


def _set(floor: Floor) -> tuple[datetime, list[UUID]]:
    """Start runs that wait for one instant, which comes when all of them have been started."""
    began = time.monotonic()
    floor.deploy(_waiting(_now() + timedelta(days=1)))
    for _ in range(_TRIED):
        floor.start()
    each = (time.monotonic() - began) / _TRIED
    due = _now() + timedelta(seconds=2 * each * _TIMERS + 10)
    floor.deploy(_waiting(due))
    runs = [floor.start().pk for _ in range(_TIMERS)]
    assert _now() < due, "the machine was too busy to set all timers in time"
    return due, runs


def _waiting(due: datetime) -> str:
    from tests.support.drawings import line  # noqa: PLC0415

    return line(
        '<intermediateCatchEvent id="wait"><timerEventDefinition>'
        f"<timeDate>{due.isoformat()}</timeDate></timerEventDefinition></intermediateCatchEvent>"
    )


def _pages(client: httpx.Client, is_over: Callable[[], bool]) -> list[float]:
    """Return how many milliseconds each page took, one after another, until it is over."""
    spent: list[float] = []
    until = time.monotonic() + _PATIENCE
    while not is_over():
        assert time.monotonic() < until, "the timers do not get done"
        for page in _PAGES:
            began = time.perf_counter()
            answer = client.get(page)
            spent.append((time.perf_counter() - began) * 1000)
            assert answer.is_success, answer.text
            time.sleep(_BETWEEN)
    return spent


def _until(moment: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= moment


def _now() -> datetime:
    from engine.queries.clock import engine_now  # noqa: PLC0415

    return engine_now()


def _left(floor: Floor) -> int:
    """Return how many timers wait of those that are due."""
    waiting = _rows(_LEFT, floor.process.unit_id)
    return int(waiting[0][0]) - _TRIED


def _fired(runs: list[UUID]) -> dict[UUID, list[datetime]]:
    found: dict[UUID, list[datetime]] = {}
    for run, at in _rows(_FIRED, runs):
        found.setdefault(run, []).append(at)
    return found


def _rows(query: str, value: Any) -> list[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _summary(milliseconds: list[float]) -> dict[str, float]:
    shares = {"p50": 50, "p95": 95}
    told = {name: round(percentile(milliseconds, share), 1) for name, share in shares.items()}
    return {"requests": len(milliseconds), **told}


if __name__ == "__main__":
    main()
