"""A whole Interlock for the browser tests: what `make up` starts, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from config.console import Console
from config.setup.bundle import Bundle
from config.setup.packages import Packages
from config.setup.tools import Tools

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 240.0
_STOP_PATIENCE = 30.0
#: The rest of the shell's settings are the test run's own and would lead elsewhere.
_INHERITED = ("PATH", "HOME", "LANG")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class SignIn:
    """How a person of the demo company signs in."""

    name: str
    email: str
    password: str


@dataclass
class Installation:
    """One supervisor with everything it keeps running."""

    home: Path
    port: int = field(default_factory=free_port)
    itsm_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address of the product."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def itsm_url(self) -> str:
        """Return the address of the service desk that stands in."""
        return f"http://127.0.0.1:{self.itsm_port}"

    @property
    def sign_ins(self) -> dict[str, SignIn]:
        """Return how each person of the demo company signs in, by name."""
        text = (self.home / "demo-sign-ins.txt").read_text(encoding="utf-8")
        found = {}
        for line in text.splitlines():
            words = line.split()
            at = next((place for place, word in enumerate(words) if "@" in word), 0)
            if at:
                name = " ".join(words[:at])
                found[name] = SignIn(name, words[at], words[at + 1])
        return found

    def start(self) -> None:
        """Start the supervisor; return once every part is ready.

        Raises:
            RuntimeError: it ended, or is not ready in time; the text is what it said.
        """
        said = self.home / "up.txt"
        with said.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "config.supervisor", "up"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = self._process

        def is_up() -> bool:
            if process.poll() is not None:
                raise RuntimeError(said.read_text(encoding="utf-8"))
            return b"Ctrl-C stops everything" in said.read_bytes()

        until(is_up, "the supervisor is not ready", within=_PATIENCE)

    def stop(self) -> None:
        """Ask the supervisor to stop everything, and forget the data."""
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        servers = (self.home / "servers").resolve()
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(servers, ignore_errors=True)

    def manage(self, role: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one of Django's commands, signed in to the database as a role."""
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "config.supervisor", "manage", role, *command],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )

    def kill_web(self) -> None:
        """Kill the web process without a word; the supervisor starts another."""
        os.kill(self._web_process(), signal.SIGKILL)

    def await_web(self) -> None:
        """Return once the web answers."""
        until(self._answers, "the web does not come back", within=40)

    def _web_process(self) -> int:
        port = f"--port\0{self.port}\0".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"config.asgi:application" in line and port in line:
                return int(entry.name)
        raise RuntimeError("there is no web process")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return kept | {
            "DATA_DIR": str(self.home),
            "PORT": str(self.port),
            "ITSM_PORT": str(self.itsm_port),
            "DEMO": "yes",
            # Whatever a log could hold, these hold it: `test_secrets_stay_secret` reads them.
            "LOG_LEVEL": "DEBUG",
        }


def until(is_true: Callable[[], bool], otherwise: str, *, within: float) -> None:
    """Return once something is true.

    Raises:
        RuntimeError: it is not within that many seconds; the text is `otherwise`.
    """
    deadline = time.monotonic() + within
    while not is_true():
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.05)


def provide_bundle() -> None:
    """Build what the browser loads, unless what is there was built from these very sources."""
    tools = Tools(ROOT)
    console = Console()
    Bundle(tools, console).build(Packages(tools, console))
