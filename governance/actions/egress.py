"""Actions on egress: which hosts and ports the unit's runs may call."""

from __future__ import annotations

import ipaddress
import re
import socket
from uuid import UUID

from django.conf import settings
from django.db import transaction

from common.context import Actor
from common.errors import Invalid
from governance import access, audit
from governance.audit_codes import Code
from governance.errors import BadDestination, UnsafeDestination
from governance.models.connections import EgressDestination

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_LONGEST = 253
_PORTS = range(1, 65536)


@transaction.atomic
def allow_destination(
    *, actor: Actor, unit_id: UUID, host: str, port: int, reason: str
) -> EgressDestination:
    """Let the unit's runs call a host and port; allowing it twice changes nothing.

    The table asks two persons for this. Until the second one's page exists no person is offered
    it at all; the set-up of the demo company is the one that calls it.

    Raises:
        NotBuilt: the actor is a person.
        BadDestination: the host or the port cannot be one.
        UnsafeDestination: it is this machine or a service of its network.
    """
    access.require_in_unit("egress.allow", actor=actor, unit_id=unit_id)
    host = checked_host(host, port=port, loopback=settings.ALLOW_DEMO and not actor.is_human)
    destination, created = EgressDestination.objects.get_or_create(
        unit_id=unit_id, host=host, port=port, defaults={"reason": reason}
    )
    if created:
        audit.record(
            Code.DESTINATION_ALLOWED,
            actor=actor,
            subject=destination,
            reason=reason,
            after={"host": host, "port": port},
        )
    return destination


def checked_host(text: str, *, port: int, loopback: bool) -> str:
    """Return the host as it is kept: small letters, ASCII, without a final dot.

    Raises:
        BadDestination: it is no host name or address, or the port is none.
        UnsafeDestination: it names this machine or its network's own services; `loopback` lets
            this machine pass, for the demo's stand-in.
    """
    host = text.strip().lower().removesuffix(".").strip("[]")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        raise BadDestination(host=text) from None
    if port not in _PORTS or len(host) > _LONGEST:
        raise BadDestination(host=text)
    refusal = _refusal(host, loopback)
    if refusal is not None:
        raise refusal
    return host


def _refusal(host: str, loopback: bool) -> Invalid | None:  # noqa: FBT001
    address = _address(host)
    if address is None:
        if not _HOST.fullmatch(host):
            return BadDestination(host=host)
        local = host == "localhost" or host.endswith(".localhost")
        return UnsafeDestination(host=host) if local and not loopback else None
    if address.is_loopback and loopback:
        return None
    refused = (
        address.is_loopback,
        address.is_link_local,
        address.is_unspecified,
        address.is_multicast,
        address.is_reserved,
    )
    # An address in an old spelling (127.1, 0x7f000001) hides what it is.
    plain = host == str(address)
    return UnsafeDestination(host=host) if any(refused) or not plain else None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that a host spells, in any spelling that resolvers take."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found
