"""Measures how long `make up` takes to the first page once it is set up. Goal: 4 s."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time

from config import health
from tests.support.proof import ROOT, write

_TIMES = 5
_PORT = os.environ.get("PORT") or "8400"


def main() -> None:
    """Start and stop a few times, the first time unmeasured, and write the figures."""
    _once()
    measured = [_once() for _ in range(_TIMES)]
    first = [seconds for seconds, _ in measured]
    everything = [seconds for _, seconds in measured]
    figures = {
        "what": "seconds from `make up` to the first HTTP 200 of /health/ready, and to all parts",
        "first_page": _summary(first),
        "all_parts": _summary(everything),
    }
    sys.stdout.write(f"{write('start', figures)}: {figures}\n")


def _once() -> tuple[float, float]:
    began = time.monotonic()
    with subprocess.Popen(["make", "up"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as make:
        assert make.stdout is not None
        while not health.web(f"http://127.0.0.1:{_PORT}/health/ready"):
            assert make.poll() is None, make.stdout.read()
            time.sleep(0.01)
        first_page = time.monotonic() - began
        while "Ctrl-C stops" not in make.stdout.readline():
            assert make.poll() is None
        everything = time.monotonic() - began
        make.send_signal(signal.SIGTERM)
        make.communicate()
    return first_page, everything


def _summary(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 2), "worst": round(max(seconds), 2)}


if __name__ == "__main__":
    main()
