"""Measures how soon an act is sealed in an installation as `make up` starts it. Goal: within 1 s.

People's acts are spread over time, at moments that do not keep step with the sealer. Each starts a
run, which writes an audit entry and the head of a journal. Counted is from the entry's own time,
a little before its commit, until another connection sees both sealed; so never too little.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg

from common import clock
from config.loadtest.figures import percentile
from config.supervisor.installation import installation
from tests.journeys.installation import Installation
from tests.proof.user_task import signed_in, start
from tests.support.proof import ROOT, write

_ACTS = int(os.environ.get("ACTS") or "200")
_WARM = 5
#: Seconds between two acts: from a fifth to half a second, never the same twice.
_LEAST, _SPREAD, _STEP = 0.2, 0.3, 0.6180339887
_LOOK_EVERY = 0.005
_PATIENCE = 30.0
_SEALED = """
    SELECT e.at FROM governance_auditentry e
    JOIN governance_auditseal s ON s.kind = 'ENTRY' AND s.ref = e.id
    JOIN governance_auditseal j ON j.kind = 'JOURNAL' AND j.ref = %(run)s
    WHERE e.code = 'run.started' AND e.subject_id = %(run)s::text
"""


def main() -> None:
    """Bring the demo company up, act, and write the figures."""
    with tempfile.TemporaryDirectory() as folder:
        company = Installation(Path(folder) / "data")
        company.home.mkdir()
        try:
            company.start()
            figures = _measure(company)
        finally:
            company.stop()
    sys.stdout.write(f"{write('sealing', figures)}: {figures}\n")


def _measure(company: Installation) -> dict[str, Any]:
    shell = {**os.environ, "DATA_DIR": str(company.home)}
    auditor = installation(ROOT, shell).settings.url_for("audit")
    claire = signed_in(company.url, company.home, "claire.dubois")
    with psycopg.connect(auditor, autocommit=True) as reader:
        spent = [_act(claire, reader, number) for number in range(_ACTS + _WARM)][_WARM:]
    return {
        "what": "seconds from an act's audit entry until it and its journal are seen sealed",
        "acts": len(spent),
        "p50": round(statistics.median(spent), 3),
        "p99": round(percentile(spent, 99), 3),
        "max": round(max(spent), 3),
    }


def _act(person: httpx.Client, reader: psycopg.Connection[Any], number: int) -> float:
    run = start(person, number)
    deadline = time.monotonic() + _PATIENCE
    while (row := reader.execute(_SEALED, {"run": run}).fetchone()) is None:
        assert time.monotonic() < deadline, f"the start of {run} is not sealed"
        time.sleep(_LOOK_EVERY)
    spent: float = (clock.now() - row[0]).total_seconds()
    time.sleep(_LEAST + _SPREAD * (number * _STEP % 1))
    return spent


if __name__ == "__main__":
    main()
