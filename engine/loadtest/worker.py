"""A worker of the load test: it starts runs where it is told to, and works until told to rest.

    python -m engine.loadtest.worker

It is told a line of JSON at a time: `{"deployment": id, "runs": n, "unit": id, "person": id}`
starts so many runs and then works, `{}` just works, and any line after that lets it rest. It
answers `ready`, `started`, `rests`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django

from common import heap

_PAUSE = 0.002


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    from engine.loadtest import at_once  # noqa: PLC0415  (needs Django)

    at_once.install()
    _work_until(lambda: True)
    heap.settle()
    _say("ready")
    while line := sys.stdin.readline():
        order = json.loads(line)
        if order:
            _start(order)
            _say("started")
        over = threading.Event()
        threading.Thread(target=_listen, args=(over,), daemon=True).start()
        _work_until(over.is_set)
        _say("rests")


def _start(told: dict[str, Any]) -> None:
    from common import tenancy  # noqa: PLC0415  (needs Django)
    from common.context import Actor  # noqa: PLC0415
    from engine.loadtest import floor  # noqa: PLC0415
    from engine.models.deployments import Deployment  # noqa: PLC0415

    with tenancy.units_in_scope([UUID(told["unit"])]):
        deployment = Deployment.objects.get(pk=told["deployment"])
        person = Actor(name="Somebody", person_id=UUID(told["person"]))
        for _run in range(told["runs"]):
            floor.start(deployment, person, {"order": 7})


def _work_until(is_over: Callable[[], bool]) -> None:
    """Do jobs and carry on timers as a worker does, until it is over."""
    from engine.actions import drains  # noqa: PLC0415  (needs Django)
    from engine.workers import jobs  # noqa: PLC0415

    while True:
        found = drains.drain(actor=jobs.ACTOR) + jobs.drain(["connector"])
        if is_over():
            return
        if not found:
            time.sleep(_PAUSE)


def _listen(over: threading.Event) -> None:
    sys.stdin.readline()
    over.set()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
