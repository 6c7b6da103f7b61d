"""Runs the tools that set-up needs (pip, npm, apt) and turns their failures into one clear line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.console import Step, Trouble
from config.offspring import dies_with_me

#: Words by which pip, uv and npm say that there is no way out of this machine.
_NO_NETWORK = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "Network is unreachable",
    "Connection refused",
    "Failed to establish a new connection",
    "dns error",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ENETUNREACH",
    "ETIMEDOUT",
)


@dataclass(frozen=True)
class Tools:
    """The checkout that is set up, and the log that keeps every word the tools said."""

    root: Path

    @property
    def log(self) -> Path:
        """Return the file with the tools' output."""
        return self.root / "var" / "log" / "setup.log"

    def run(
        self,
        step: Step,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> str:
        """Run a tool to its end while the step's time runs; return what it said.

        Raises:
            Trouble: it failed, with the line that says why.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            begin = log.seek(0, os.SEEK_END)
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd or self.root,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A second set-up must not meet the pip of one that was killed.
                preexec_fn=dies_with_me(),  # noqa: PLW1509
            )
            _wait(process, step)
        said = self.log.read_bytes()[begin:].decode(errors="replace")
        if process.returncode:
            raise self._trouble(Path(str(command[0])).name, said)
        return said

    def _trouble(self, tool: str, said: str) -> Trouble:
        log = self.log.relative_to(self.root)
        if any(words in said for words in _NO_NETWORK):
            return Trouble(
                f"{tool} could not reach its package registry.",
                f"The first set-up needs a network (or a configured mirror). Then type the same "
                f"command again: what is done is kept. The whole story is in {log}.",
            )
        return Trouble(
            f"{tool} failed: {_telling_line(said)}",
            f"The whole story is in {log}. Typing the same command again goes on from here.",
        )


def _wait(process: subprocess.Popen[bytes], step: Step) -> None:
    try:
        while True:
            try:
                process.wait(timeout=0.25)
            except subprocess.TimeoutExpired:
                step.tick()
            else:
                return
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _telling_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if "error" in line.lower() and " " in line:
            return (f"{line} {following}" if line.endswith(":") else line)[:200]
    return lines[-1][:200] if lines else "it said nothing"
