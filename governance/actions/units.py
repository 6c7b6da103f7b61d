"""Actions on business units."""

from __future__ import annotations

from django.db import transaction

from common import tenancy
from common.context import Actor
from common.names import clean_key, clean_name
from governance import access, audit
from governance.access_table import TABLE
from governance.audit_codes import Code
from governance.errors import AlreadyExists, NotAllowed
from governance.models.units import Unit


@transaction.atomic
def create_unit(*, actor: Actor, key: str, name: str, is_demo: bool = False) -> Unit:
    """Create a business unit; the set-up alone may, for a unit has no admin before it exists.

    The audit of a demo unit begins by saying that it is one.

    Raises:
        NotAllowed: the actor is a person.
        AlreadyExists: the key is taken.
        UnsafeName, BadKey: the name or the key cannot be taken.
    """
    if actor.is_human:
        rule = TABLE["unit.create"]
        raise NotAllowed(who=actor.name, act=str(rule.words), remedy=access.remedy(rule))
    key, name = clean_key(key), clean_name(name)
    if Unit.objects.filter(key=key).exists():
        raise AlreadyExists(what=key)
    unit = Unit.objects.create(key=key, name=name)
    subject = audit.InUnit(unit, unit.pk)
    with tenancy.units_in_scope([unit.pk]):
        if is_demo:
            audit.record(Code.DEMO_SEEDED, actor=actor, subject=subject)
        audit.record(
            Code.UNIT_CREATED, actor=actor, subject=subject, after={"key": key, "name": name}
        )
    return unit
