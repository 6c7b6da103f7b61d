"""Addresses that jobs call, taken apart; and the name of the system behind one. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}
MAIL = {"smtp": 25, "smtps": 465}
_EVERY = {**PORTS, **MAIL}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# All that is given out of IPv6; the rest holds translated IPv4 (RFC 6052) and sites of old.
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")


class AddressUnfit(Exception):
    """The address is none that can be called; the text says what is wrong with it."""


def system_of(inputs: Mapping[str, Any]) -> str:
    """Return the system that a job with these inputs calls, as `host:port`; "" for none.

    A connector that calls a system has its address in the input `url`.
    """
    url = inputs.get("url")
    if not isinstance(url, str):
        return ""
    try:
        _, host, port = parse(url, _EVERY)
    except AddressUnfit:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_inside(system: str) -> bool:
    """Tell whether a system (`host:port`) is in a network of our own.

    Only an address that is written as such can be: the guard lets names lead to the internet alone.
    """
    host = system.rpartition(":")[0].strip("[]")
    try:
        return not is_public(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return False


def is_public(address: Address) -> bool:
    """Tell whether an address is on the internet and not inside somebody's walls."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        return is_public(mapped)
    if isinstance(address, ipaddress.IPv6Address) and address not in _GIVEN_OUT:
        return False
    return address.is_global and not address.is_multicast


def parse(url: str, ports: Mapping[str, int] = PORTS) -> tuple[SplitResult, str, int]:
    """Return the parts of an address, its host in small letters, and its port.

    `ports` are the schemes that are taken, each with its usual port.

    Raises:
        AddressUnfit: it is no plain address of one of these schemes.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        # The text is not repeated: what cannot be taken apart may hold a password anywhere.
        raise AddressUnfit("The input url is no address that can be called.") from None
    scheme = parts.scheme.lower()
    if scheme not in ports:
        first, second = list(ports)[:2]
        raise AddressUnfit(f"The address must begin with {first}:// or {second}://.")
    if parts.username is not None or parts.password is not None:
        raise AddressUnfit("The address holds a user or password. Give them as a secret instead.")
    host = (parts.hostname or "").rstrip(".").lower()
    if not host or any(ord(character) <= ord(" ") or character in "\\@" for character in url):
        raise AddressUnfit("The address has no host, or a character that no address has.")
    return parts, host, port or ports[scheme]
