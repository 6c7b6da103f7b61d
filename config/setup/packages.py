"""The virtual environment and the locked packages in it: wheels only, each file by its hash."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from config.console import Console, Step, Trouble
from config.setup import stamps
from config.setup.tools import Tools


@dataclass(frozen=True)
class Packages:
    """The environment of one checkout. `locks` below is requirements/NAME.txt."""

    tools: Tools
    console: Console

    @property
    def home(self) -> Path:
        """Return the virtual environment."""
        return self.tools.root / ".venv"

    @property
    def python(self) -> Path:
        """Return the environment's Python."""
        return self.home / "bin" / "python"

    @property
    def site(self) -> Path:
        """Return the folder the packages are in."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.home / "lib" / version / "site-packages"

    def lock(self, name: str) -> Path:
        """Return one of the locks."""
        return self.tools.root / "requirements" / f"{name}.txt"

    def install(self, name: str, *, also: tuple[str, ...] = ()) -> None:
        """Install a lock, and remember that the locks in `also` are part of it."""
        if self._is_installed(name):
            return
        self._make_environment()
        lock = self.lock(name)
        title = "Node" if name == "node" else "Packages"
        with self.console.step(title, f"installing {_count(lock)} ({name})") as step:
            # The mark stays behind when pip is killed half-way; the next run then starts afresh,
            # since a package whose files are half there cannot be told from a whole one.
            self._half_done.touch()
            self._run_installer(step, lock)
            for done in (name, *also):
                stamps.write(self._stamp(done), self._wanted(done))
            self._half_done.unlink()
            step.done(f"installed {_count(lock)}" if name != "node" else "installed from its wheel")

    def _is_installed(self, name: str) -> bool:
        return not self._half_done.exists() and stamps.holds(self._stamp(name), self._wanted(name))

    def _wanted(self, name: str) -> str:
        python = f"{sys.base_prefix} {platform.python_version()} {platform.machine()} {self.home}"
        return stamps.digest(python, self.lock(name))

    def _stamp(self, name: str) -> Path:
        return self.home / "interlock" / name

    @property
    def _half_done(self) -> Path:
        return self.home / "interlock" / "half-done"

    def _make_environment(self) -> None:
        made = self.home / "interlock" / "environment"
        wanted = stamps.digest(sys.base_prefix, platform.python_version(), str(self.home))
        if stamps.holds(made, wanted) and not self._half_done.exists():
            return
        with self.console.step("Environment", "creating .venv") as step:
            if self.home.is_symlink() or self.home.is_file():
                raise Trouble(
                    ".venv is not a folder of this checkout.", "Move it away and try again."
                )
            if self.home.exists():
                shutil.rmtree(self.home)
            self._create(step)
            stamps.write(made, wanted)
            step.done(f"Python {platform.python_version()}")

    def _create(self, step: Step) -> None:
        uv = shutil.which("uv")
        if uv:
            self.tools.run(step, [uv, "venv", "--quiet", "--python", sys.executable, self.home])
            return
        if (
            importlib.util.find_spec("venv") is None
            or importlib.util.find_spec("ensurepip") is None
        ):
            raise Trouble(
                "This Python comes without venv.",
                "On Debian and Ubuntu: apt-get install python3-venv. Then try again.",
            )
        self.tools.run(step, [sys.executable, "-m", "venv", self.home])

    def _run_installer(self, step: Step, lock: Path) -> None:
        rules = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]
        uv = shutil.which("uv")
        if uv:
            python = ["--python", str(self.python)]
            self.tools.run(step, [uv, "pip", "install", "--quiet", *python, *rules])
        else:
            quiet = ["--quiet", "--disable-pip-version-check"]
            self.tools.run(step, [self.python, "-m", "pip", "install", *quiet, *rules])


def _count(lock: Path) -> int:
    lines = lock.read_text(encoding="utf-8").splitlines()
    return sum("==" in line and not line.startswith((" ", "#")) for line in lines)
