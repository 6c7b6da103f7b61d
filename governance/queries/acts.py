"""The table of who may do what, as it stands for one person in one unit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from common.context import Actor
from governance import access
from governance.access_table import TABLE, Rule


@dataclass(frozen=True, slots=True)
class Offer:
    """One act. `needs` says what the subject adds: a grant, a relation to it, other hands."""

    act: str
    words: str
    built: bool
    offered: bool
    needs: tuple[str, ...]
    remedy: str


def list_offers(*, actor: Actor, unit_id: UUID) -> list[Offer]:
    """Return every act of the table, with whether it is offered to the actor in the unit.

    An act that is not built is offered to nobody. An act that is offered is still judged with its
    subject: it may need a grant or a relation, and rule 1 may exclude the actor.
    """
    held = access.roles_in(actor, unit_id)
    return [_offer(name, rule, held) for name, rule in TABLE.items()]


def _offer(name: str, rule: Rule, held: frozenset[str]) -> Offer:
    by_relation = bool(rule.relations) and not rule.needs_relation
    offered = rule.built and (by_relation or bool(rule.roles & held))
    return Offer(
        act=name,
        words=str(rule.words),
        built=rule.built,
        offered=offered,
        needs=_needs(rule),
        remedy="" if offered else access.remedy(rule),
    )


def _needs(rule: Rule) -> tuple[str, ...]:
    found = [f"relation:{name}" for name in sorted(rule.relations)]
    found += [f"grant:{rule.grant}"] if rule.grant else []
    found += ["not_own_work"] if rule.own_work else []
    return tuple(found)
