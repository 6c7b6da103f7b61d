"""Set-up runs before a package is installed, and every target of the Makefile explains itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_set_up_imports_with_the_standard_library_alone() -> None:
    modules = [f"config.setup.{path.stem}" for path in (ROOT / "config/setup").glob("*.py")]
    wanted = ", ".join(sorted(module.removesuffix(".__init__") for module in modules))
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {wanted}"

    asked = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )

    assert asked.returncode == 0, asked.stderr


def test_make_help_lists_what_people_type() -> None:
    listed = subprocess.run(
        ["make", "help"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for target in ("up", "stop", "reset", "check", "fix", "test", "proof", "shell", "migrate"):
        assert re.search(rf"make {target} +\S+", listed), target
