"""Hosts in network namespaces: a hub with the servers, and hosts that can be cut off from it.

Everything stands inside the namespaces; the machine's own network is not touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HUB_ADDRESS = "10.203.0.1"
"""Where the servers are reached, from every host."""
_IP = "ip"


def missing() -> str:
    """Return why namespaces cannot be made here, "" where they can."""
    if os.geteuid():
        return "network namespaces need root"
    if shutil.which(_IP) is None:
        return "network namespaces need the program ip (iproute2)"
    probe = f"interlock-{os.getpid()}-probe"
    made = subprocess.run([_IP, "netns", "add", probe], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"network namespaces are refused: {made.stderr.strip()}"
    _ip("netns", "delete", probe)
    return ""


@dataclass(frozen=True, slots=True)
class Host:
    """One network namespace; the cable to the hub is called `cable` on the hub's side."""

    namespace: str
    cable: str = ""

    @property
    def inside(self) -> tuple[str, ...]:
        """Return what a command begins with to run there."""
        return (_IP, "netns", "exec", self.namespace)


@dataclass
class Network:
    """The hub, and hosts by name."""

    hub: Host
    hosts: dict[str, Host] = field(default_factory=dict)

    def add(self, name: str) -> None:
        """Make a host and lay its cable."""
        number = len(self.hosts) + 1
        host = Host(f"{self.hub.namespace}-{name}", f"to-{name}")
        self.hosts[name] = host
        _ip("netns", "add", host.namespace)
        peer = ("peer", "name", "cable", "netns", host.namespace)
        _ip("-n", self.hub.namespace, "link", "add", host.cable, "type", "veth", *peer)
        for place, cable, last in ((self.hub, host.cable, 1), (host, "cable", 2)):
            at = ("-n", place.namespace)
            _ip(*at, "address", "add", f"10.203.{number}.{last}/30", "dev", cable)
            _ip(*at, "link", "set", cable, "up")
        _ip("-n", host.namespace, "link", "set", "lo", "up")
        _ip("-n", host.namespace, "route", "add", "default", "via", f"10.203.{number}.1")

    def cut(self, name: str) -> None:
        """Pull a host's cable: packets are lost, and nobody is told."""
        _ip("-n", self.hub.namespace, "link", "set", self.hosts[name].cable, "down")

    def mend(self, name: str) -> None:
        """Plug it in again."""
        _ip("-n", self.hub.namespace, "link", "set", self.hosts[name].cable, "up")


@contextmanager
def a_network(*names: str) -> Iterator[Network]:
    """Yield a hub and hosts of these names."""
    hub = Host(f"interlock-{os.getpid()}")
    network = Network(hub)
    try:
        _ip("netns", "add", hub.namespace)
        _ip("-n", hub.namespace, "link", "set", "lo", "up")
        _ip("-n", hub.namespace, "address", "add", f"{HUB_ADDRESS}/32", "dev", "lo")
        for name in names:
            network.add(name)
        yield network
    finally:
        for host in (*network.hosts.values(), hub):
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "delete", host.namespace)


def _ip(*words: str) -> None:
    subprocess.run([_IP, *words], capture_output=True, text=True, check=True)
