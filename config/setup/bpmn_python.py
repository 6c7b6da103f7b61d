"""bpmn-python in an environment of its own: a GPL program beside ours, never imported by ours.

Interlock works without it, so a failure here is a line and not the end of set-up.
"""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path

from config.console import Step, Trouble
from config.setup import stamps
from config.setup.packages import Packages


def home(root: Path) -> Path:
    """Return the environment that holds it."""
    return root / ".venv" / "bpmn-python"


def install(packages: Packages) -> None:
    """Install the lock of bpmn-python, unless it is there already."""
    place = home(packages.tools.root)
    lock = packages.lock("bpmn-python")
    wanted = stamps.digest(sys.base_prefix, platform.python_version(), str(place), lock)
    if stamps.holds(place / "stamp", wanted):
        return
    with packages.console.step("bpmn-python", "installing beside Interlock") as step:
        try:
            _build(packages, step, place, lock)
        except Trouble as trouble:
            shutil.rmtree(place, ignore_errors=True)
            step.done(f"left out: {trouble.what[:60]}")
        else:
            stamps.write(place / "stamp", wanted)
            step.done("installed beside Interlock")


def _build(packages: Packages, step: Step, place: Path, lock: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    packages.tools.run(step, [sys.executable, "-m", "venv", "--without-pip", place])
    target = place / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    # Two of these packages exist as source only. They are built with the locked setuptools, which
    # is why it is installed first and the builds are not isolated.
    for rules in (
        ["--only-binary", ":all:", "-r", f"{lock.parent}/bpmn-python-build.txt"],
        ["-r", str(lock)],
    ):
        command: list[str | Path] = [
            packages.python,
            "-m",
            "pip",
            "--python",
            place / "bin" / "python",
            "install",
        ]
        flags = ["--quiet", "--require-hashes", "--no-deps", "--no-build-isolation"]
        packages.tools.run(step, [*command, *flags, *rules])
    if not (target / "site-packages" / "bpmn_python").is_dir():
        raise Trouble("bpmn-python is not where it should be.", "Nothing else depends on it.")
