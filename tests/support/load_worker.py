"""A worker of the load test: does jobs of one connector that is done at once, until told to end."""

from __future__ import annotations

import sys
import threading
import time
from typing import ClassVar

import django

from engine.connectors.base import Call, Done, Outcome

_PAUSE = 0.002


class AtOnce:
    """Does nothing, and is done: what remains is the engine's own work."""

    job_type: ClassVar[str] = "at-once:1"
    required_inputs: ClassVar[frozenset[str]] = frozenset()

    def run(self, call: Call) -> Outcome:
        """Be done."""
        del call
        return Done()


def main() -> None:
    """Say that we are ready, wait for a line, and then work until the next."""
    django.setup()
    import config.celery  # noqa: F401, PLC0415  (doorbells go to our own broker)
    from engine.connectors import registry  # noqa: PLC0415  (needs Django)
    from engine.workers import jobs  # noqa: PLC0415

    assert isinstance(registry.CONNECTORS, dict)
    registry.CONNECTORS[AtOnce.job_type] = AtOnce()
    over = threading.Event()

    def listen() -> None:
        sys.stdin.readline()
        over.set()

    jobs.drain(["connector"])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    threading.Thread(target=listen, daemon=True).start()
    while not over.is_set():
        if not jobs.drain(["connector"]):
            time.sleep(_PAUSE)


if __name__ == "__main__":
    main()
