"""Actions on review boards."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common.context import Actor
from common.names import clean_key, clean_name
from governance import access, audit
from governance.audit_codes import Code
from governance.errors import AlreadyExists, BadQuorum
from governance.models.boards import Board, BoardMember
from governance.models.people import Person


@transaction.atomic
def create_board(*, actor: Actor, unit_id: UUID, key: str, name: str, quorum: int) -> Board:
    """Create a board, empty as yet.

    Raises:
        NotAllowed, NotFound: the actor may not keep boards in the unit.
        AlreadyExists: the key is taken.
        UnsafeName, BadKey, BadQuorum: a value cannot be taken.
    """
    access.require_in_unit("board.keep", actor=actor, unit_id=unit_id)
    key, name = clean_key(key), clean_name(name)
    if quorum < 1:
        raise BadQuorum(quorum=quorum)
    if Board.objects.filter(unit_id=unit_id, key=key).exists():
        raise AlreadyExists(what=key)
    board = Board.objects.create(unit_id=unit_id, key=key, name=name, quorum=quorum)
    audit.record(
        Code.BOARD_CREATED,
        actor=actor,
        subject=board,
        after={"key": key, "name": name, "quorum": quorum},
    )
    return board


@transaction.atomic
def add_member(*, actor: Actor, board_id: UUID, person_id: UUID) -> BoardMember:
    """Put a person on a board; to vote they must be a reviewer besides.

    Raises:
        NotAllowed, NotFound: the actor may not keep boards in the unit.
    """
    board = Board.objects.select_for_update().get(pk=board_id)
    access.require("board.keep", actor=actor, subject=board)
    person = Person.objects.get(pk=person_id)
    member, created = BoardMember.objects.get_or_create(
        unit_id=board.unit_id, board=board, person=person
    )
    if created:
        audit.record(
            Code.BOARD_MEMBER_ADDED, actor=actor, subject=member, after={"person": person.name}
        )
    return member
