"""Faults on demand: how tests and the demo make this server behave badly, for a counted while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from demo.itsm.exchange import Refusal, Reply, choice_of, problem, text_of

#: A status is answered instead of serving. `delay` serves late. `reset` breaks the connection off.
#: `half` serves, then breaks off in the middle of the answer.
MODES = ("409", "429", "500", "503", "delay", "reset", "half")
LONGEST_DELAY = 600.0
_LARGEST = 1_000_000
_DEFAULT_TITLE = "The system is told to fail."


@dataclass
class Fault:
    """One way to fail, for the next `times` calls (0: until it is removed) under a path.

    With `after`, the call is served first and fails then: done, but the caller cannot know.
    """

    path_prefix: str
    mode: str
    times: int = 1
    seconds: float = 0.0
    retry_after: int = 0
    after: bool = False
    containing: str = ""
    title: str = _DEFAULT_TITLE

    @property
    def serves(self) -> bool:
        """Return whether the call takes effect all the same."""
        return self.after or self.mode in {"delay", "half"}

    @property
    def status(self) -> int:
        """Return the status answered instead, or 0 where the fault is of another kind."""
        return int(self.mode) if self.mode.isdigit() else 0

    def reply(self) -> Reply:
        """Return the answer of a fault that has a status."""
        reply = problem(self.status, self.title)
        waits = self.retry_after and self.status in {
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.SERVICE_UNAVAILABLE,
        }
        return reply.with_header("Retry-After", str(self.retry_after)) if waits else reply


class Faults:
    """The faults in force. They live in memory: a restarted server is a mended one."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def add(self, fields: Mapping[str, Any]) -> Fault:
        """Put a fault in force.

        Raises:
            Refusal: it is not one the server can have.
        """
        fault = Fault(
            path_prefix=text_of(fields, "path_prefix", default="/api/"),
            mode=choice_of(fields, "mode", MODES),
            times=int(_number(fields, "times", 1)),
            seconds=min(_number(fields, "seconds", 0), LONGEST_DELAY),
            retry_after=int(_number(fields, "retry_after", 0)),
            after=fields.get("after") is True,
            containing=text_of(fields, "containing", default=""),
            title=text_of(fields, "title", default=_DEFAULT_TITLE),
        )
        self._all.append(fault)
        return fault

    def clear(self) -> int:
        """Remove all of them and return how many there were."""
        count = len(self._all)
        self._all.clear()
        return count

    def strike(self, path: str, body: bytes) -> Fault | None:
        """Return the fault that hits this call, and use one of its times up."""
        for fault in self._all:
            if path.startswith(fault.path_prefix) and fault.containing.encode() in body:
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times == 1:
            self._all.remove(fault)
        elif fault.times:
            fault.times -= 1


def _number(fields: Mapping[str, Any], name: str, default: float) -> float:
    value = fields.get(name, default)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= _LARGEST:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"“{name}” is a number from 0 to {_LARGEST}.")
    return float(value)
