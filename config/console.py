"""What the person who typed `make up` reads: a line per part, with its time, never a trace."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_NAME_WIDTH = 18
_TEXT_WIDTH = 46
_REPAINT_EVERY = 0.1
_SHOWN_IN_TENTHS, _SHOWN_IN_SECONDS = 10, 100


class Trouble(Exception):
    """Something the person at the keyboard can mend: what is wrong, and the way out."""

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(what)
        self.what = what
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.what} {self.way_out}"


def unforeseen(error: Exception, log: Path) -> Trouble:
    """Keep the trace of what nobody foresaw in a log, and return it as one line.

    The one place that may be handed any exception: the end of a command that people type.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    said = next(iter(str(error).splitlines()), "")
    return Trouble(
        f"Something went wrong that should not: {type(error).__name__}: {said}",
        f"The whole story is in {log}; please report it. Typing the command again is safe.",
    )


class Step:
    """One part under way; its line is finished by `done`, or by the trouble that ends it."""

    def __init__(self, console: Console, name: str, doing: str) -> None:
        self._console = console
        self.name = name
        self._doing = doing
        self.started = time.monotonic()
        self._painted = 0.0
        self.result = ""

    def tick(self, doing: str = "") -> None:
        """Repaint the line with the time gone by, where a terminal can be repainted."""
        self._doing = doing or self._doing
        if time.monotonic() - self._painted > _REPAINT_EVERY:
            self._painted = time.monotonic()
            self._console.repaint(self.name, self._doing, self.seconds)

    def done(self, result: str) -> None:
        """Say what came of it; the line is written when the step ends."""
        self.result = result

    @property
    def seconds(self) -> float:
        """Return how long the step has been under way."""
        return time.monotonic() - self.started


class Console:
    """Writes the lines. A terminal sees a step's time run; a log file sees finished lines only."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()

    @contextmanager
    def step(self, name: str, doing: str, *, began: float | None = None) -> Iterator[Step]:
        """Show a step while it is under way and its result with the time it took.

        `began` is for what is under way already, as `time.monotonic()` said then.
        """
        step = Step(self, name, doing)
        step.started = began or step.started
        step.tick()
        try:
            yield step
        except BaseException:
            self._clear()
            raise
        self.line(name, step.result, step.seconds)

    def line(self, name: str, text: str, seconds: float | None = None) -> None:
        """Write one finished line."""
        self._clear()
        self._write(_format(name, text, seconds) + "\n")

    def say(self, text: str = "") -> None:
        """Write text as it is, such as the address at the end."""
        self._clear()
        self._write(text + "\n")

    def repaint(self, name: str, text: str, seconds: float) -> None:
        """Write over the current line, on a terminal only."""
        if self._live:
            self._write("\r\x1b[2K" + _format(name, text, seconds))

    def trouble(self, trouble: Trouble) -> None:
        """Say what is wrong and the way out."""
        self.say(f"\n  {trouble.what}\n  {trouble.way_out}")

    def _clear(self) -> None:
        if self._live:
            self._write("\r\x1b[2K")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def spoken(seconds: float) -> str:
    """Return a length of time as people say it: "0.4 s", "41 s", "2 min 05 s"."""
    tenths = round(seconds, 1)
    if tenths < _SHOWN_IN_TENTHS:
        return f"{tenths:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < _SHOWN_IN_SECONDS else f"{whole // 60} min {whole % 60:02d} s"


def _format(name: str, text: str, seconds: float | None) -> str:
    line = f"  {name:<{_NAME_WIDTH}}{text}"
    if seconds is None:
        return line
    return f"{line:<{_NAME_WIDTH + _TEXT_WIDTH}}{spoken(seconds):>8}"
