"""A RabbitMQ of a test's own: on loopback, in its own folder, with its own port mapper."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""As Debian installs it: the script itself, which becomes nobody else."""


def missing() -> str:
    """Return why there can be none here, "" where there can."""
    if not SERVER.exists():
        return f"RabbitMQ is not installed: there is no {SERVER}"
    return "" if shutil.which("epmd") else "Erlang's port mapper is not on the PATH"


@dataclass
class RabbitMQ:
    """One node and its port mapper; `url` is what `BROKER_URL` is set to."""

    folder: Path
    port: int
    mapper_port: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start the node; the mapper goes on where it runs already."""
        if not self.running:
            mapper = ("epmd", "-address", "127.0.0.1", "-port", str(self.mapper_port))
            self._run("epmd", *mapper)
        self._run("rabbitmq", str(SERVER))

    def kill(self) -> None:
        """End the node without a word (kill -9), and all that it started."""
        node = self.running.pop()
        os.killpg(node.pid, signal.SIGKILL)
        node.wait()

    def stop(self) -> None:
        """End everything."""
        while self.running:
            self.kill()

    @property
    def is_ready(self) -> bool:
        """Tell whether it listens, which it does last of all."""
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def _run(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(
                    command,
                    env=self._environ(),
                    cwd=self.folder,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    process_group=0,
                )
            )

    def _environ(self) -> dict[str, str]:
        place = str(self.folder)
        own = {
            "MNESIA_BASE": place,
            "LOG_BASE": place,
            "LOGS": "-",
            "PID_FILE": f"{place}/rabbitmq.pid",
            "ENABLED_PLUGINS_FILE": f"{place}/plugins",
            "CONFIG_FILE": f"{place}/none",
            "CONF_ENV_FILE": f"{place}/none.conf",
            "NODENAME": f"interlock{self.port}@localhost",
            "NODE_IP_ADDRESS": "127.0.0.1",
            "NODE_PORT": str(self.port),
            "DIST_PORT": str(free_port()),
            # Two cores are shared with everybody; the schedulers need not spin for work.
            "SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none -kernel inet_dist_use_interface "
            "{127,0,0,1}",
        }
        return {
            **{f"RABBITMQ_{name}": value for name, value in own.items()},
            "PATH": f"{os.environ['PATH']}:/usr/sbin:/usr/bin",
            "HOME": place,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.mapper_port),
            "LANG": "C.UTF-8",
        }


@contextmanager
def a_rabbitmq(folder: Path) -> Iterator[RabbitMQ]:
    """Yield a node that has been started, with its files in this folder."""
    server = RabbitMQ(folder, free_port(), free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
