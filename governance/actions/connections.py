"""Actions on connections: the systems that models call by name."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from common.context import Actor
from common.names import clean_key, clean_name
from governance import access, audit
from governance.audit_codes import Code
from governance.errors import AlreadyExists, BadBaseUrl
from governance.models.connections import Connection

_is_web_address = URLValidator(schemes=["http", "https"])


@transaction.atomic
def create_connection(
    *, actor: Actor, unit_id: UUID, key: str, name: str, base_url: str
) -> Connection:
    """Create a connection. It names an address; whether runs may reach it, egress decides.

    Raises:
        NotAllowed, NotFound: the actor may not keep connections in the unit.
        AlreadyExists: the key is taken.
        UnsafeName, BadKey, BadBaseUrl: a value cannot be taken.
    """
    access.require_in_unit("connection.keep", actor=actor, unit_id=unit_id)
    key, name = clean_key(key), clean_name(name)
    _check_address(base_url)
    if Connection.objects.filter(unit_id=unit_id, key=key).exists():
        raise AlreadyExists(what=key)
    connection = Connection.objects.create(unit_id=unit_id, key=key, name=name, base_url=base_url)
    audit.record(
        Code.CONNECTION_CREATED,
        actor=actor,
        subject=connection,
        after={"key": key, "name": name, "base_url": base_url},
    )
    return connection


def _check_address(base_url: str) -> None:
    try:
        _is_web_address(base_url)
    except ValidationError:
        raise BadBaseUrl from None
    # A password in an address would be read by everyone who may see the connection.
    if "@" in base_url:
        raise BadBaseUrl
