"""Environments beside ours: packages that run as programs of their own, never imported by ours."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.console import Step, Trouble
from config.setup import stamps
from config.setup.packages import Packages


@dataclass(frozen=True)
class Beside:
    """One such environment: `.venv/NAME`, from requirements/NAME.txt.

    Attributes:
        title: what its line says.
        module: the package that must be there in the end.
        is_built: some of its packages exist as source only; NAME-build.txt is what builds them.
        is_needed: what asks for it cannot do without.
    """

    name: str
    title: str
    module: str
    is_built: bool = False
    is_needed: bool = True


#: A GPL program. Interlock works without it, so a failure is a line and not the end of set-up.
BPMN_PYTHON = Beside("bpmn-python", "bpmn-python", "bpmn_python", is_built=True, is_needed=False)
#: What `make proof-feel` compares with; one of them is GPL.
FEEL_PEERS = Beside("feel-peers", "FEEL peers", "pySFeel")
#: What `make proof-core` compares with.
CORE_PEERS = Beside("core-peers", "SpiffWorkflow", "SpiffWorkflow")
#: What `manage.py loadtest --peers` compares with.
DURABLE_PEERS = Beside("durable-peers", "DBOS", "dbos")


def home(root: Path, beside: Beside) -> Path:
    """Return the environment's folder."""
    return root / ".venv" / beside.name


def install(packages: Packages, beside: Beside) -> None:
    """Install an environment by its lock, unless it is there already.

    Raises:
        Trouble: it cannot be installed and is needed.
    """
    place = home(packages.tools.root, beside)
    lock = packages.lock(beside.name)
    wanted = stamps.digest(sys.base_prefix, platform.python_version(), str(place), lock)
    if stamps.holds(place / "stamp", wanted):
        return
    with packages.console.step(beside.title, "installing beside Interlock") as step:
        try:
            _build(packages, step, beside)
        except Trouble as trouble:
            shutil.rmtree(place, ignore_errors=True)
            if beside.is_needed:
                raise
            step.done(f"left out: {trouble.what[:60]}")
        else:
            stamps.write(place / "stamp", wanted)
            step.done("installed beside Interlock")


def _build(packages: Packages, step: Step, beside: Beside) -> None:
    place = home(packages.tools.root, beside)
    shutil.rmtree(place, ignore_errors=True)
    packages.tools.run(step, [sys.executable, "-m", "venv", "--without-pip", place])
    pip: list[str | Path] = [packages.python, "-m", "pip", "--python", place / "bin" / "python"]
    flags = ["install", "--quiet", "--require-hashes", "--no-deps", "--no-build-isolation"]
    for rules in _rules(packages.lock, beside):
        packages.tools.run(step, [*pip, *flags, *rules])
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if not (place / "lib" / version / "site-packages" / beside.module).is_dir():
        raise Trouble(f"{beside.title} is not where it should be.", "Nothing else depends on it.")


def _rules(lock: Callable[[str], Path], beside: Beside) -> list[list[str]]:
    wheels_only = ["--only-binary", ":all:"]
    if not beside.is_built:
        return [[*wheels_only, "-r", str(lock(beside.name))]]
    # Builds are not isolated: they use the locked tools, which is why those are installed first.
    tools = [*wheels_only, "-r", str(lock(f"{beside.name}-build"))]
    return [tools, ["-r", str(lock(beside.name))]]
