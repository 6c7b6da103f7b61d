"""What governance's API takes and answers: one plain shape per body, nothing that saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from common.serializers import StrictSerializer
from governance.actions.grants import RIGHTS
from governance.audit_codes import Code
from governance.models.boards import Board
from governance.models.limits import LIMITS, UnitLimits
from governance.models.people import Person
from governance.models.units import Role, Team, Unit
from governance.queries.acts import Offer
from governance.queries.audit import Filter, Line, Page, Proof
from governance.queries.people import Member

SCHEMA = 1
Answer = dict[str, Any]

# --- bodies and queries -------------------------------------------------------


class NothingIn(StrictSerializer):
    """An address that takes no parameter."""


class AuditIn(StrictSerializer):
    """What of the audit is asked for. `since` counts in, `until` does not."""

    text = serializers.CharField(max_length=120, required=False)
    person = serializers.UUIDField(required=False)
    code = serializers.ChoiceField(choices=[str(code) for code in Code], required=False)
    subject_type = serializers.CharField(max_length=60, required=False)
    subject_id = serializers.CharField(max_length=60, required=False)
    process = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    before = serializers.UUIDField(required=False)
    after = serializers.UUIDField(required=False)


class PersonIn(StrictSerializer):
    """A new person of the unit, with their first account and their roles."""

    name = serializers.CharField(max_length=120)
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1_000, trim_whitespace=False)
    time_zone = serializers.CharField(max_length=64, required=False, default="UTC")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), required=False, default=list
    )


class RoleIn(StrictSerializer):
    """A role to give."""

    role = serializers.ChoiceField(choices=Role.choices)


class TeamIn(StrictSerializer):
    """A new team."""

    key = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)


class BoardIn(TeamIn):
    """A new board."""

    quorum = serializers.IntegerField(min_value=1, max_value=100)


class MemberIn(StrictSerializer):
    """A person to put on a board or team."""

    person = serializers.UUIDField()


class GrantIn(StrictSerializer):
    """A right on a process, for an account."""

    account = serializers.UUIDField()
    right = serializers.ChoiceField(choices=RIGHTS)


class LimitsIn(StrictSerializer):
    """Limits to set, by name; null gives one back to the installation."""

    def get_fields(self) -> dict[str, Any]:
        """Return one field for each limit there is."""
        return {name: serializers.IntegerField(allow_null=True, required=False) for name in LIMITS}


# --- answers (for the description; they are written by the functions below) ---


class ActOut(serializers.Serializer[Any]):
    """One row of the table of who may do what."""

    act = serializers.CharField()
    words = serializers.CharField()
    built = serializers.BooleanField()
    offered = serializers.BooleanField()
    needs = serializers.ListField(child=serializers.CharField())
    remedy = serializers.CharField()


class ActsOut(serializers.Serializer[Any]):
    """The table for the person and the unit in play."""

    schema = serializers.IntegerField()
    unit = serializers.CharField()
    acts = ActOut(many=True)


class MeOut(serializers.Serializer[Any]):
    """Who is signed in, and where."""

    schema = serializers.IntegerField()
    person = serializers.DictField()
    account = serializers.DictField()
    unit = serializers.DictField(allow_null=True)
    units = serializers.ListField(child=serializers.DictField())
    roles = serializers.ListField(child=serializers.CharField())


class EntryOut(serializers.Serializer[Any]):
    """One entry of the audit; `link` is null while it waits for its seal."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    code = serializers.CharField()
    who = serializers.CharField()
    human = serializers.BooleanField()
    sentence = serializers.CharField()
    subject = serializers.DictField()
    reason = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()
    link = serializers.IntegerField(allow_null=True)


class AuditOut(serializers.Serializer[Any]):
    """A page of the audit, newest first; `older` and `newer` are the cursors around it."""

    schema = serializers.IntegerField()
    entries = EntryOut(many=True)
    older = serializers.UUIDField(allow_null=True)
    newer = serializers.UUIDField(allow_null=True)


class ProofOut(EntryOut):
    """One entry with the digests that prove it."""

    schema = serializers.IntegerField()
    proof = serializers.DictField()


class PersonOut(serializers.Serializer[Any]):
    """A person of the unit and what they hold in it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    accounts = serializers.ListField(child=serializers.DictField())
    roles = serializers.ListField(child=serializers.CharField())
    boards = serializers.ListField(child=serializers.CharField())
    teams = serializers.ListField(child=serializers.CharField())
    grants = serializers.ListField(child=serializers.DictField())


class LimitsOut(serializers.Serializer[Any]):
    """The limits of a unit, by name; null is the installation's own."""

    schema = serializers.IntegerField()
    limits = serializers.DictField(child=serializers.IntegerField(allow_null=True))


class GroupOut(serializers.Serializer[Any]):
    """A board or a team."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    name = serializers.CharField()


class GroupsOut(serializers.Serializer[Any]):
    """The boards or the teams of the unit, under their own name."""

    schema = serializers.IntegerField()
    boards = GroupOut(many=True, required=False)
    teams = GroupOut(many=True, required=False)


class PeopleOut(serializers.Serializer[Any]):
    """Everyone of the unit."""

    schema = serializers.IntegerField()
    people = PersonOut(many=True)


class CreatedOut(serializers.Serializer[Any]):
    """Something that was made."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()


# --- writing ------------------------------------------------------------------


def filter_of(values: dict[str, Any]) -> Filter:
    """Return the filter that a query asks for."""
    return Filter(
        text=values.get("text", ""),
        person_id=values.get("person"),
        code=values.get("code", ""),
        subject_type=values.get("subject_type", ""),
        subject_id=values.get("subject_id", ""),
        process_id=values.get("process"),
        since=values.get("since"),
        until=values.get("until"),
    )


def acts_answer(unit: Unit, offers: list[Offer]) -> Answer:
    """Write the table."""
    rows = [
        {
            "act": offer.act,
            "words": offer.words,
            "built": offer.built,
            "offered": offer.offered,
            "needs": list(offer.needs),
            "remedy": offer.remedy,
        }
        for offer in offers
    ]
    return {"schema": SCHEMA, "unit": unit.key, "acts": rows}


def audit_answer(page: Page) -> Answer:
    """Write a page of the audit."""
    return {
        "schema": SCHEMA,
        "entries": [entry_answer(line) for line in page.lines],
        "older": page.older,
        "newer": page.newer,
    }


def entry_answer(line: Line) -> Answer:
    """Write one entry."""
    return {
        "id": line.id,
        "at": line.at,
        "code": line.code,
        "who": line.who,
        "human": line.is_human,
        "sentence": f"{line.sentence[0]}{line.subject}{line.sentence[1]}".strip(),
        "subject": {"type": line.subject_type, "id": line.subject_id, "name": line.subject},
        "reason": line.reason,
        "before": dict(line.before),
        "after": dict(line.after),
        "link": line.link,
    }


def proof_answer(proof: Proof) -> Answer:
    """Write one entry with its proof."""
    return {
        "schema": SCHEMA,
        **entry_answer(proof.line),
        "proof": {
            "request_id": proof.request_id,
            "payload_digest": proof.payload_digest,
            "content_hash": proof.content_hash,
            "link_hash": proof.link_hash,
            "sealed_at": proof.sealed_at,
        },
    }


def people_answer(members: list[Member]) -> Answer:
    """Write everyone of a unit."""
    return {"schema": SCHEMA, "people": [_member(member) for member in members]}


def limits_answer(limits: UnitLimits) -> Answer:
    """Return the limits of a unit."""
    return {"schema": SCHEMA, "limits": {name: getattr(limits, name) for name in LIMITS}}


def groups_answer(kind: str, groups: Sequence[Board | Team]) -> Answer:
    """Write the boards or the teams of a unit."""
    rows = [{"id": group.pk, "key": group.key, "name": group.name} for group in groups]
    return {"schema": SCHEMA, kind: rows}


def created_answer(made: Person | Team | Board) -> Answer:
    """Write what was made."""
    return {"schema": SCHEMA, "id": made.pk}


def _member(member: Member) -> Answer:
    return {
        "id": member.person.pk,
        "name": member.person.name,
        "accounts": [{"id": one.pk, "email": one.email} for one in member.accounts],
        "roles": sorted(member.roles),
        "boards": member.boards,
        "teams": member.teams,
        "grants": [{"process": g.process.key, "right": g.words} for g in member.grants],
    }
