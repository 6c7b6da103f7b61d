"""Doorbells that come late: each is kept and rung when what it was for has long been done."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)
from typing import Any

from config.celery import app

_TRUE_SEND = app.send_task
#: Of ten doorbells so many are not heard at all before they come late.
_ONLY_LATE = 5


def keep_bells(path: Path, chance: Random) -> None:
    """Write down every message that this process sends from now on; half of them it only keeps."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    send = app.send_task

    def kept(name: str, **named: Any) -> None:
        line = json.dumps({"at": time.monotonic(), "name": name, "named": named})
        os.write(handle, f"{line}\n".encode())
        if chance.randrange(10) >= _ONLY_LATE:
            send(name, **named)

    app.send_task = kept  # type: ignore[assignment,method-assign]


def ring_late(path: Path, seconds: float) -> Iterator[int]:
    """Send what was kept, each so long after it was first sent; yield how many have been sent.

    The order is another one, too: what is late enough is sent youngest first.
    """
    bells = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    sent = 0
    while sent < len(bells):
        ripe = [bell for bell in bells[sent:] if bell["at"] <= time.monotonic() - seconds]
        for bell in reversed(ripe):
            _TRUE_SEND(bell["name"], **bell["named"])
        sent += len(ripe)
        yield sent
        time.sleep(1)
