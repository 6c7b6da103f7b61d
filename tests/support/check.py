"""`make check`: the quick checks, each with its time; the first that fails ends it.

With `--no-tests` the unit tests are left out, for `make test`, which runs them with all others.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BIN = Path(sys.executable).parent
_TESTS = "unit tests"
_PURE = ["tests/unit", "tests/architecture"]


def checks() -> list[tuple[str, list[str], Path]]:
    """Return what is checked, in order of what fails first and fastest."""
    pytest = [sys.executable, "-m", "pytest", "-q", *_PURE]
    found = [
        ("format", [str(_BIN / "ruff"), "format", "--check", "."], ROOT),
        ("lint", [str(_BIN / "ruff"), "check", "."], ROOT),
        ("imports", [str(_BIN / "lint-imports")], ROOT),
        ("types", [str(_BIN / "mypy"), "."], ROOT),
        (_TESTS, pytest, ROOT),
    ]
    npm = shutil.which("npm")
    if npm and (ROOT / "frontend" / "node_modules").is_dir():
        found.append(("browser code", [npm, "run", "check", "--silent"], ROOT / "frontend"))
    return found


def main() -> int:
    """Run the checks; return the status of the first that fails."""
    began = time.monotonic()
    for name, command, place in checks():
        if name == _TESTS and "--no-tests" in sys.argv:
            continue
        started = time.monotonic()
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        verdict = "ok" if done.returncode == 0 else "FAILED"
        sys.stdout.write(f"  {name:<16}{verdict:<8}{time.monotonic() - started:6.1f} s\n")
        sys.stdout.flush()
        if done.returncode:
            sys.stdout.write(done.stdout + done.stderr)
            return done.returncode
    sys.stdout.write(f"  all well in {time.monotonic() - began:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
