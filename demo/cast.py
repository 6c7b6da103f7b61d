"""Who plays in the demo: acting as a person of the company, in a unit, as the web would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from common import context, tenancy
from common.context import Actor
from governance import access

REQUEST = "demo"


@dataclass
class Cast:
    """The company as far as it exists: its people, and the ids of its units and processes."""

    units: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    processes: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def person(self, name: str) -> UUID:
        """Return the id of a person."""
        return self.people[name].person

    def account(self, name: str) -> UUID:
        """Return the id of a person's account.

        Raises:
            LookupError: the person has none yet.
        """
        account_id = self.people[name].account_id
        if account_id is None:
            raise LookupError(f"{name} has no account")
        return account_id

    @contextmanager
    def acting(self, name: str, unit: str) -> Iterator[Actor]:
        """Run the block as a request of this person in this unit would."""
        actor = self.people[name]
        with playing(actor, self.units[unit], *access.units_reached_by(actor.person)):
            yield actor


@contextmanager
def playing(actor: Actor, unit_id: UUID, *others: UUID) -> Iterator[None]:
    """Run the block with this actor in the scene, in this unit, and with others in sight."""
    scene = context.Scene(request_id=REQUEST, actor=actor, unit_id=unit_id)
    with context.scene(scene), tenancy.units_in_scope([unit_id, *others]):
        yield
