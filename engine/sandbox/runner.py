"""The door to the sandbox program: one process for a request, with limits and no rights."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from common.errors import Invalid, Transient

_ROOT: Final = Path(__file__).parents[2]
_SECONDS: Final = 12
_MEMORY: Final = 1024 * 1024 * 1024
_MOST_REQUEST: Final = 16 * 1024 * 1024
_MOST_ANSWER: Final = 8 * 1024 * 1024
_AT_ONCE: Final = 2
_WAIT: Final = 10.0

_places = threading.BoundedSemaphore(_AT_ONCE)


class SandboxBusy(Transient):
    """Others are trying drafts just now: each trial has a processor for itself."""

    code = "engine.sandbox_busy"
    title = "Others are trying their drafts just now. Try again in a few seconds."


class SandboxEnded(Invalid):
    """The program was ended, or gave no answer: the draft took too much, or too long."""

    code = "engine.sandbox_ended"
    title = "The sandbox was ended: {reason}. Look for a loop that never ends, or for large values."


class ScenarioRefused(Invalid):
    """What was to be played is no scenario, or the draft cannot be read."""

    code = "engine.scenario_refused"
    title = "This cannot be tried: {reason}"


def packed(content: bytes) -> str:
    """Return bytes as a request holds them."""
    return base64.b64encode(content).decode("ascii")


def play(request: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """Return a report for each scenario of a request; `program.answer` says what both look like.

    Raises:
        SandboxBusy: no place is free.
        SandboxEnded: it took too long, or too much memory.
        ScenarioRefused: there is nothing that could be played.
    """
    text = json.dumps(request, allow_nan=False).encode()
    if len(text) > _MOST_REQUEST:
        raise ScenarioRefused(reason="the draft and what it calls are too large.")
    if not _places.acquire(timeout=_WAIT):
        raise SandboxBusy
    try:
        done = _run(text)
    finally:
        _places.release()
    return _read(done)


def _run(text: bytes) -> subprocess.CompletedProcess[bytes]:
    limits = [str(_SECONDS), str(_MEMORY)]
    try:
        return subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, "-P", "-m", "engine.sandbox.program", *limits],
            input=text,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONHASHSEED": "0"},
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise SandboxEnded(reason=f"it took longer than {_SECONDS} seconds") from None


def _read(done: subprocess.CompletedProcess[bytes]) -> Sequence[dict[str, Any]]:
    if done.returncode or len(done.stdout) > _MOST_ANSWER:
        raise SandboxEnded(reason="it took more memory, time or room than it may")
    found = json.loads(done.stdout)
    if "title" in found:
        raise ScenarioRefused(reason=found["title"].format(**found["context"]))
    reports: list[dict[str, Any]] = found["reports"]
    for report in reports:
        if "unreadable" in report:
            raise ScenarioRefused(reason=report["unreadable"])
    return reports
