"""The arithmetic of the chain, against what RFC 6962 and plain SHA-256 say."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import chain

UNIT = UUID(int=1)
FACTS: dict[str, Any] = {
    "id": UUID(int=7),
    "unit_id": UNIT,
    "at": datetime(2026, 11, 19, 14, 8, 0, 123456, tzinfo=UTC),
    "code": "run.started",
    "actor_kind": "HUMAN",
    "actor_person_id": UUID(int=3),
    "actor_account_id": None,
    "subject_type": "engine.instance",
    "subject_id": "x",
    "process_id": None,
    "request_id": "",
    "payload_digest": "0" * 64,
}


def links(count: int) -> list[chain.Link]:
    made: list[chain.Link] = []
    for number in range(1, count + 1):
        content = (chain.ENTRY, UUID(int=number), 0, f"{number:064x}")
        made.append(chain.forge(made[-1] if made else None, UNIT, content))
    return made


def flaws(found: list[chain.Link]) -> list[chain.Flaw]:
    return [flaw for _link, flaw in chain.walk(UNIT, found) if flaw]


def test_an_unbroken_chain_has_no_flaw() -> None:
    assert flaws(links(20)) == []


def test_each_changed_part_of_a_link_is_a_flaw_at_that_link() -> None:
    for change in (
        {"kind": "JOURNAL"},
        {"ref": UUID(int=99)},
        {"position": 1},
        {"content_hash": "f" * 64},
        {"previous_hash": "f" * 64},
        {"hash": "f" * 64},
    ):
        found = links(5)
        found[2] = chain.Link(**{**{name: getattr(found[2], name) for name in FIELDS}, **change})
        assert flaws(found)[0] == chain.Flaw("altered", 3, 3), change


FIELDS = ("seq", "kind", "ref", "position", "content_hash", "previous_hash", "hash")


def test_links_that_are_not_there_are_named_from_first_to_last() -> None:
    found = links(9)
    del found[3:6]
    assert flaws(found) == [chain.Flaw("missing", 4, 6)]


def test_the_first_links_are_missed_too() -> None:
    assert flaws(links(3)[1:]) == [chain.Flaw("missing", 1, 1)]


def test_a_chain_of_another_unit_does_not_pass() -> None:
    assert [flaw for _link, flaw in chain.walk(UUID(int=2), links(2)) if flaw] == [
        chain.Flaw("altered", 1, 1)
    ]


@pytest.mark.parametrize("name", chain.ENTRY_FIELDS)
def test_every_field_of_an_entry_counts(name: str) -> None:
    changed = {**FACTS, name: UUID(int=42) if name != "at" else FACTS["at"] + timedelta(0, 0, 1)}

    assert chain.entry_hash(changed) != chain.entry_hash(FACTS)


def test_nothing_is_not_the_word_none() -> None:
    assert chain.entry_hash({**FACTS, "request_id": "None"}) != chain.entry_hash(
        {**FACTS, "request_id": None}
    )


def test_a_moment_is_the_same_in_every_zone() -> None:
    elsewhere = FACTS["at"].astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert chain.entry_hash({**FACTS, "at": elsewhere}) == chain.entry_hash(FACTS)


def test_the_digest_of_an_entry_stays_what_it_was() -> None:
    """A changed digest would make every sealed installation fail its verification."""
    assert (
        chain.entry_hash(FACTS)
        == "787f15e922b4938a587f7982c6c523ddd8256098d145222d1bcb682142c18c5c"
    )


def merkle(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = merkle(leaves[:split]), merkle(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(st.lists(st.text(alphabet="0123456789abcdef", min_size=1, max_size=8), max_size=70))
def test_the_root_is_that_of_rfc_6962(leaves: list[str]) -> None:
    tree = chain.Tree()
    for leaf in leaves:
        tree.add(leaf)

    assert tree.root() == merkle([leaf.encode() for leaf in leaves]).hex()
