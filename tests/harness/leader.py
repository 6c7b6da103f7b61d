"""Plays trials one after another, each in a process forked for it, and does what only we can."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)
from typing import Any

from config.offspring import dies_with_me
from tests.harness import trial as trials
from tests.harness.ground import Ground
from tests.harness.play import FILL, STOP, Report, Stage, Trial

Before = Callable[[], None]


def _nothing() -> None:
    """Do nothing first."""


def play(
    trial: Trial, ground: Ground, seed: int, say: Callable[[str], None], before: Before = _nothing
) -> Report:
    """Play one trial and return its report; `before` is done first in the process it is played in.

    Raises:
        RuntimeError: it broke off; its last words are in the text.
    """
    if trial.fills and ground.disk is None:
        return Report(trial.name, skipped="a disk of its own cannot be mounted here")
    folder = ground.scratch / f"{os.getpid()}_{time.monotonic_ns()}"
    folder.mkdir()
    ours, theirs = socket.socketpair()
    stage = Stage(ground, folder, seed, *_mouth(theirs))
    prepare = dies_with_me(signal.SIGKILL)
    pid = os.fork()
    if pid == 0:
        prepare()
        ours.close()
        _perform(trial, stage, theirs, before)
    theirs.close()
    try:
        return _listen(ours, ground, Random(seed), say)  # noqa: S311  (no secret depends on it)
    finally:
        # Whoever it forked dies with it, by their own wish.
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        ground.drop(stage.database)


def _perform(trial: Trial, stage: Stage, mouth: socket.socket, before: Before) -> None:
    """Be the process of a trial."""
    word: dict[str, Any]
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        before()
        word = {"report": trials.as_document(trials.run(trial, stage))}
    except BaseException:  # noqa: BLE001  (a forked process has nobody above it)
        word = {"broke": traceback.format_exc() + _last_words(stage.folder)}
    mouth.sendall(json.dumps(word).encode() + b"\n")
    mouth.recv(1)
    os._exit(0)


def _mouth(theirs: socket.socket) -> tuple[Callable[[str], None], Callable[[str], None]]:
    """Return how a trial tells and how it asks; what it asks for is done when that returns."""

    def tell(kind: str, text: str) -> None:
        theirs.sendall(json.dumps({kind: text}).encode() + b"\n")
        theirs.recv(1)

    return lambda text: tell("say", text), lambda text: tell("ask", text)


def _listen(
    ear: socket.socket, ground: Ground, chance: Random, say: Callable[[str], None]
) -> Report:
    for word in _words(ear):
        if "report" in word:
            return Report(**word["report"])
        if "broke" in word:
            raise RuntimeError(word["broke"])
        if "say" in word:
            say(word["say"])
        else:
            _AT_OUR_HANDS[word["ask"]](ground, chance.random())
        ear.sendall(b".")
    raise RuntimeError("the trial ended without a word")


def _stop_database(ground: Ground, seconds: float) -> None:
    ground.servers.stop_database_at_once()
    time.sleep(seconds)
    ground.servers.start_database()


def _fill_disk(ground: Ground, seconds: float) -> None:
    ground.fill_disk(1 + 2 * seconds)


_AT_OUR_HANDS = {STOP: _stop_database, FILL: _fill_disk}


def _words(ear: socket.socket) -> Iterator[dict[str, Any]]:
    with ear.makefile("rb") as lines:
        for line in lines:
            yield json.loads(line)


def _last_words(folder: Path) -> str:
    logs = sorted(folder.glob("*.log"))
    return "".join(f"\n== {log.name}\n{log.read_text()[-2000:]}" for log in logs)
