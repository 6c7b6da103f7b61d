"""What the signed-in person may know of themselves."""

from __future__ import annotations

from typing import Any

from common import context
from common.context import Actor
from common.problems import NotFound
from governance import access
from governance.models.people import Account
from governance.models.units import Unit


def get_me(*, actor: Actor) -> dict[str, Any]:
    """Return person, account, units and roles.

    Raises:
        NotFound: no person acts here.
    """
    if actor.person_id is None or actor.account_id is None:
        raise NotFound
    account = Account.objects.select_related("person").get(pk=actor.account_id)
    home = access.units_of(actor.person_id)
    units = {unit.pk: {"id": unit.pk, "key": unit.key, "name": unit.name} for unit in _units(home)}
    unit_id = context.current().unit_id
    return {
        "person": {
            "id": account.person_id,
            "name": account.person.name,
            "time_zone": account.person.time_zone,
        },
        "account": {"id": account.pk, "email": account.email},
        "unit": units.get(unit_id) if unit_id else None,
        "units": list(units.values()),
        "roles": sorted(access.roles_in(actor, unit_id)) if unit_id else [],
    }


def _units(home: list[Any]) -> list[Unit]:
    return list(Unit.objects.filter(pk__in=home).order_by("name"))
