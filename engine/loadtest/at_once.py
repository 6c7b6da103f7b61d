"""A connector that has nothing to do: what remains of a job is the engine's own work."""

from __future__ import annotations

from typing import ClassVar, cast

from engine.connectors.base import Call, Connector, Done, Outcome
from engine.connectors.registry import CONNECTORS


class AtOnce:
    """Is done at once. No installation offers it; workers of a load test add it."""

    job_type: ClassVar[str] = "at-once:1"
    required_inputs: ClassVar[frozenset[str]] = frozenset()

    def run(self, call: Call) -> Outcome:
        """Be done."""
        del call
        return Done()


def install() -> None:
    """Let this process's workers know the connector: who asked the list earlier has it, too."""
    cast("dict[str, Connector]", CONNECTORS)[AtOnce.job_type] = AtOnce()
