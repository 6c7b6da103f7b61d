"""Script tasks in a worker: the script goes to the runner, and what came of it is an outcome.

A script has no effect but its value, so it may always run again; one that fails, fails the same way
every time, and a person must change something first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.connectors.base import Done, Failed, FailureKind, Outcome
from engine.scripts import Runner, RunnerLost, ScriptFailed
from engine.semantics.jobs import RESULT

#: One for each worker process; its program starts with the first script.
_runner = Runner()


def run(source: str, context: Mapping[str, Any]) -> Outcome:
    """Have a script evaluated over these variables."""
    try:
        return Done({RESULT: _runner.run(source, context)})
    except ScriptFailed as error:
        return Failed(FailureKind.PERMANENT, error.code, error.sentence)
    except RunnerLost:
        sentence = "The script runner ended under the script, or does not start. It is tried again."
        return Failed(FailureKind.ENVIRONMENTAL, "script_runner_lost", sentence)
