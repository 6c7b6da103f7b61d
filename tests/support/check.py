"""`make check`: the quick checks, each with its time; the first that fails ends it.

With `--no-tests` the unit tests are left out, for `make test`, which runs them with all others.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.console import Console
from config.setup import bundle
from config.setup.packages import Packages
from config.setup.tools import Tools

ROOT = Path(__file__).resolve().parents[2]
_BIN = Path(sys.executable).parent
_TESTS = "unit tests"


@dataclass(frozen=True)
class Check:
    """One command that says with its status whether all is well."""

    name: str
    command: list[str]
    place: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> int:
        """Run it and say how it went; of a failure, everything it said."""
        started = time.monotonic()
        done = subprocess.run(
            self.command,
            cwd=self.place,
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        sys.stdout.write(f"  {self.name:<16}{verdict:<8}{time.monotonic() - started:6.1f} s\n")
        if done.returncode:
            sys.stdout.write(done.stdout + done.stderr)
        sys.stdout.flush()
        return done.returncode


def checks() -> list[Check]:
    """Return what is checked, in order of what fails first and fastest."""
    node = bundle.on_path() or bundle.from_wheel(Packages(Tools(ROOT), Console()))
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/unit", "tests/architecture"]
    browser = [*node.npm, "run", "check", "--silent"]
    return [
        Check("format", [str(_BIN / "ruff"), "format", "--check", "."]),
        Check("lint", [str(_BIN / "ruff"), "check", "."]),
        Check("imports", [str(_BIN / "lint-imports")]),
        Check("types", [str(_BIN / "mypy"), "."]),
        Check(_TESTS, pytest),
        Check("browser code", browser, ROOT / "frontend", node.env),
    ]


def main() -> int:
    """Run the checks; return the status of the first that fails."""
    began = time.monotonic()
    wanted = [one for one in checks() if one.name != _TESTS or "--no-tests" not in sys.argv]
    status = next((status for one in wanted if (status := one.run())), 0)
    if not status:
        sys.stdout.write(f"  all well in {time.monotonic() - began:.0f} s\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
