"""Which address a call may go to. Deny by default.

A destination is a host and a port that the unit has listed. A listed *name* must lead to public
addresses only: whoever holds the name's DNS could else point it into our own network. An address
that is not public (loopback, private, link-local, a cloud's metadata service) must be listed as
itself, so that somebody has seen it and said yes.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from engine import addresses
from engine.addresses import PORTS, Address, is_public


class EgressDenied(Exception):
    """The call may not leave; the text says why and what would let it."""


class NameUnknown(Exception):
    """The host's name has no address now."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked place to connect to: the address that was checked, and the name to speak to."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def url(self) -> str:
        """Return the URL by address, so that nothing is looked up a second time."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{address}:{self.port}{self.path}"

    @property
    def authority(self) -> str:
        """Return what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check(
    url: str, destinations: frozenset[tuple[str, int]], ports: Mapping[str, int] = PORTS
) -> Target:
    """Return where the call goes, or refuse it. `ports` are the schemes that are taken.

    Raises:
        AddressUnfit: the URL is no plain URL of one of these schemes.
        EgressDenied: its host and port are not listed, or its name leads into a private network.
        NameUnknown: the name cannot be resolved at the moment.
    """
    parts, host, port = addresses.parse(url, ports)
    if (host, port) not in destinations:
        raise EgressDenied(
            f"{host}:{port} is not among the destinations this business unit allows. "
            "An admin can allow it."
        )
    literal = _literal(host)
    address = literal or _resolve(host, port)
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme.lower(), host, port, str(address), f"{path}{query}")


def _literal(host: str) -> Address | None:
    """Return the address a host is written as. Odd forms (octal, one integer) are no address."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _resolve(host: str, port: int) -> Address:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NameUnknown(f"The name {host} has no address at the moment.") from None
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    if not addresses or not all(map(is_public, addresses)):
        raise EgressDenied(
            f"The name {host} leads into a private network. An address there must be listed as "
            "itself."
        )
    return addresses[0]
