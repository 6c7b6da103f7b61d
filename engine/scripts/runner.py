"""The door to the script runner: starts the program, hands scripts to it, ends them in time.

Nothing of a script is read in this process but the JSON of its result, and that under a limit.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

_PROGRAM = Path(__file__).with_name("program.py")
_START = 10.0
"""Seconds that the program may take to start on a busy machine."""
_ENVELOPE = 1024
"""Bytes around the value in an answer."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one script may use.

    Attributes:
        seconds: from the moment it is handed over to the end of its answer.
        memory: bytes of address space, the language included.
        size: bytes of its text, of its context, and of its result, each.
    """

    seconds: float = 3.0
    memory: int = 256 * 1024 * 1024
    size: int = 1024 * 1024


LIMITS = Limits()


class ScriptFailed(Exception):
    """The script gave no result, and would give none if it ran again.

    `code` is one of `script_unreadable`, `script_failed`, `script_without_result`,
    `script_result_unfit`, `script_result_large`, `script_input_unfit`, `script_input_large`,
    `script_slow`, `script_memory`, `script_depth` and `script_ended`; `sentence` tells people.
    """

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence
        super().__init__(sentence)


class RunnerLost(Exception):
    """The runner does not start, or died under the script: to be tried again."""


@dataclass(frozen=True, slots=True)
class _Program:
    """The program as it runs.

    `owner` is the process that started it; `given_up` says which of network, files and user are
    gone for it.
    """

    process: subprocess.Popen[bytes]
    control: socket.socket
    owner: int
    given_up: Mapping[str, bool]

    @property
    def is_ours(self) -> bool:
        return self.owner == os.getpid()

    def end(self) -> None:
        """End it and its children; of the program of a process that forked us, only let go."""
        self.control.close()
        if self.is_ours:
            self.process.kill()
            self.process.wait()


class Runner:
    """The program, started when it is first needed and again when it has died.

    One may be shared by threads; a process that forked starts its own.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._program: _Program | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Return the process id of the program, or None while there is none."""
        return self._program.process.pid if self._program else None

    def run(self, source: str, context: Mapping[str, Any]) -> Any:
        """Evaluate a script and return its result, as JSON says it.

        Raises:
            ScriptFailed: it gave no result.
            RunnerLost: it could not be evaluated this time.
        """
        request = self._request(source, context)
        deadline = time.monotonic() + self._limits.seconds
        with self._channel() as channel:
            try:
                answer = self._exchange(channel, request, deadline)
            except TimeoutError:
                raise _slow(self._limits) from None  # Closing the channel ends the script.
            except OSError:
                raise RunnerLost from None
        return self._value(answer)

    def close(self) -> None:
        """End the program, and any script that it runs."""
        with self._lock:
            if self._program is not None:
                self._program.end()
            self._program = None

    def _request(self, source: str, context: Mapping[str, Any]) -> bytes:
        try:
            given = json.dumps(context, allow_nan=False)
        except (ValueError, TypeError, RecursionError):
            sentence = "The context holds something that JSON cannot say. Give texts and numbers."
            raise ScriptFailed("script_input_unfit", sentence) from None
        for what, text in (("text of the script", source), ("context", given)):
            if len(text.encode(errors="surrogatepass")) > self._limits.size:
                largest = self._limits.size // 1024
                raise ScriptFailed(
                    "script_input_large", f"The {what} is larger than {largest} KiB."
                )
        return b'{"source": %s, "context": %s}' % (json.dumps(source).encode(), given.encode())

    def _exchange(self, channel: socket.socket, request: bytes, deadline: float) -> bytes:
        """Send the request and return all that comes back, or more than there may be.

        Raises:
            TimeoutError: the time is up.
            OSError: the program is gone.
        """
        channel.settimeout(_left(deadline))
        channel.sendall(request)
        channel.shutdown(socket.SHUT_WR)
        chunks, size = [], 0
        while size <= self._limits.size + _ENVELOPE:
            channel.settimeout(_left(deadline))
            chunk = channel.recv(65536)
            if not chunk:
                break
            chunks.append(chunk)
            size += len(chunk)
        return b"".join(chunks)

    def _value(self, answer: bytes) -> Any:
        text, killed, number = answer.partition(b"\0")
        if killed:
            raise _killed(int(number), self._limits)
        if not text:
            raise RunnerLost
        if len(text) > self._limits.size + _ENVELOPE:
            raise ScriptFailed("script_result_large", "The script's answer has no end.")
        told = json.loads(text)
        if "value" in told:
            return told["value"]
        raise ScriptFailed(told["code"], told["sentence"])

    def _channel(self) -> socket.socket:
        """Return a socket at whose other end a child waits for a script.

        Raises:
            RunnerLost: the program does not start.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._running().control, [b"s"], [theirs.fileno()])
        except (OSError, RunnerLost):
            ours.close()
            raise RunnerLost from None
        return ours

    def _running(self) -> _Program:
        with self._lock:
            found = self._program
            if found is not None and found.is_ours and found.process.poll() is None:
                return found
            if found is not None:
                found.end()
            self._program = None  # Should it not start now, the next script tries again.
            self._program = _started(self._limits)
            return self._program


def _started(limits: Limits) -> _Program:
    """Start the program and wait until it has given up what it can.

    What reads untrusted text is told nothing: no environment, no arguments but its limits, no
    descriptor but one end of a socket, and a session of its own.

    Raises:
        RunnerLost: it does not start.
    """
    told = {"memory": limits.memory, "size": limits.size, "cpu": int(limits.seconds) + 1}
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(_PROGRAM), json.dumps(told)],
            env={},
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        control.settimeout(_START)
        given_up = json.loads(control.recv(1024))
    except (OSError, ValueError):
        _Program(process, control, os.getpid(), {}).end()
        raise RunnerLost from None
    logger.debug("scripts.started", extra={"given_up": given_up})
    return _Program(process, control, os.getpid(), given_up)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _slow(limits: Limits) -> ScriptFailed:
    sentence = f"The script was ended after {limits.seconds:g} s. Let it do less."
    return ScriptFailed("script_slow", sentence)


def _killed(number: int, limits: Limits) -> ScriptFailed:
    """Return what a signal says about the script that it ended."""
    match number:
        case signal.SIGABRT | signal.SIGBUS:
            most = limits.memory // 1024 // 1024
            sentence = f"The script needed more than {most} MiB of memory. Let it keep less."
            return ScriptFailed("script_memory", sentence)
        case signal.SIGSEGV:
            sentence = "The script, or a value in it, is nested too deeply. Make it flatter."
            return ScriptFailed("script_depth", sentence)
        case signal.SIGXCPU:
            return _slow(limits)
        case _:
            sentence = "The script was ended by the system, most likely for its use of memory."
            return ScriptFailed("script_ended", sentence)
