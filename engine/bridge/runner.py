"""The door to the bridge program: one process for each question, with limits and no rights."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from common.errors import Invalid

_HERE: Final = Path(__file__).parent
_PYTHON: Final = Path(sys.prefix) / "bpmn-python" / "bin" / "python"
_SECONDS: Final = 20
_MEMORY: Final = 2 * 1024 * 1024 * 1024
_MOST_ANSWER: Final = 8 * 1024 * 1024


class BridgeMissing(Invalid):
    """bpmn-python is not installed beside Interlock."""

    code = "engine.bridge_missing"
    title = (
        "The program bpmn-python is not installed beside Interlock. Ask whoever runs it to set it "
        "up, or choose another format."
    )


class BridgeFailed(Invalid):
    """bpmn-python gave no answer: it did not understand the text, or took too long or too much."""

    code = "engine.bridge_failed"
    title = "bpmn-python cannot read the file: {reason}. Compare it with the example, then mend it."
    members = ("reason",)


def ask(question: str, text: str) -> Any:
    """Return the program's answer to a question about a text, as JSON.

    Raises:
        BridgeMissing: there is no such program here.
        BridgeFailed: it has no answer, or none in time.
    """
    if not _PYTHON.exists():
        raise BridgeMissing
    try:
        done = subprocess.run(  # noqa: S603  (our own program)
            [str(_PYTHON), "-I", "-B", str(_HERE / "program.py"), question],
            input=text.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            cwd="/",
            env={"OPENBLAS_NUM_THREADS": "1", "MPLCONFIGDIR": "/nonexistent"},
            preexec_fn=_limited,
        )
    except subprocess.TimeoutExpired:
        raise BridgeFailed(reason=f"it took longer than {_SECONDS} seconds") from None
    return _answer(done)


def _answer(done: subprocess.CompletedProcess[bytes]) -> Any:
    if done.returncode < 0:
        raise BridgeFailed(reason="it took more memory or time than it may")
    try:
        found = json.loads(done.stdout[:_MOST_ANSWER])
    except ValueError:
        raise BridgeFailed(reason="it ended without an answer") from None
    if "refused" in found:
        raise BridgeFailed(reason=str(found["refused"])[:200])
    return found


def _limited() -> None:
    os.setsid()
    for limit, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
