"""The audit page: filtered, paged, sealed in words, and itself recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from common import tenancy
from common.context import Actor
from governance import audit
from governance.audit_codes import Code
from governance.models.audit import AuditEntry, AuditSeal
from governance.models.units import Role
from governance.queries.audit import PAGE
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

Write = Callable[..., AuditEntry]


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open():
        office.person("Dora", Role.AUDITOR)
        office.person("Ana", Role.MODELLER)
    return office


@pytest.fixture
def dora(client: Client, office: Office) -> Client:
    client.force_login(office.people["Dora"].accounts.get())
    return client


@pytest.fixture
def write(office: Office) -> Write:
    def write(code: Code = Code.PROCESS_CHANGED, who: str = "Ana", **facts: object) -> AuditEntry:
        with office.open(), transaction.atomic():
            actor: Actor = office.person(who)
            subject = audit.InUnit(office.unit, office.unit.pk)
            return audit.record(code, actor=actor, subject=subject, **facts)  # type: ignore[arg-type]

    return write


def text(client: Client, address: str = "/audit") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_an_act_is_a_sentence_with_its_reason(dora: Client, write: Write) -> None:
    write(reason="The team moved")

    page = text(dora)
    assert "changed the entry of " in page
    assert "The team moved" in page


def test_reading_is_recorded_once_per_view_with_what_was_looked_for(
    dora: Client, write: Write, office: Office
) -> None:
    write()
    text(dora, "/audit?text=moved")

    with office.open():
        (reading,) = AuditEntry.objects.filter(code="audit.read")
        assert reading.payload.facts["after"] == {"text": "moved"}


def test_each_filter_narrows(dora: Client, write: Write, office: Office) -> None:
    write(reason="ONE")
    write(Code.PROCESS_REGISTERED, who="Dora", reason="TWO")

    ana = office.people["Ana"].pk
    for query in (f"person={ana}", "code=process.changed", "text=one"):
        page = text(dora, f"/audit?{query}")
        assert "ONE" in page, query
        assert "TWO" not in page, query
    assert "No entry matches" in text(dora, "/audit?until=2020-01-01")
    assert "ONE" in text(dora, "/audit?since=2020-01-01")


def test_a_subject_filter_follows_one_thing(dora: Client, write: Write, office: Office) -> None:
    write(reason="ONE")

    assert "ONE" in text(dora, f"/audit?subject=governance.unit:{office.unit.pk}")
    assert "ONE" not in text(dora, f"/audit?subject=governance.process:{office.unit.pk}")


def test_pages_follow_without_overlap_and_without_gap(dora: Client, write: Write) -> None:
    total = PAGE + 7
    for number in range(total):
        write(reason=f"reason-{number:03}")

    first = text(dora, "/audit?code=process.changed")
    shown = [number for number in range(total) if f"reason-{number:03}" in first]
    assert shown == list(range(7, total))

    older = first.split("?code=process.changed&amp;before=")[1].split('"')[0]
    second = text(dora, f"/audit?code=process.changed&before={older}")
    assert [n for n in range(total) if f"reason-{n:03}" in second] == list(range(7))

    newer = second.split("?code=process.changed&amp;after=")[1].split('"')[0]
    third = text(dora, f"/audit?code=process.changed&after={newer}")
    assert [n for n in range(total) if f"reason-{n:03}" in third] == shown


def test_one_entry_shows_before_and_after_and_its_proof(
    dora: Client, write: Write, office: Office
) -> None:
    entry = write(before={"quorum": 2}, after={"quorum": 3})

    page = text(dora, f"/audit?entry={entry.pk}")
    assert "Quorum" in page
    assert "It waits for its seal" in page
    assert entry.payload_digest in page

    with tenancy.units_in_scope([office.unit.pk]):
        AuditSeal.objects.create(
            unit_id=office.unit.pk,
            seq=12,
            kind="ENTRY",
            ref=entry.pk,
            content_hash="c" * 64,
            previous_hash="p" * 64,
            hash="h" * 64,
            sealed_at=entry.at,
        )
    page = text(dora, f"/audit?entry={entry.pk}")
    assert "Link 12 of this unit" in page
    assert "h" * 64 in page


def test_what_people_wrote_is_shown_and_never_run(dora: Client, write: Write) -> None:
    write(reason="<script>alert(1)</script>", after={"<b>": "<img src=x>"})

    page = text(dora)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("query", ["entry=x", "person=1", "code=nothing", "since=yesterday"])
def test_an_address_that_asks_for_nonsense_finds_nothing(query: str, dora: Client) -> None:
    assert dora.get(f"/audit?{query}").status_code == 404


def test_another_units_entries_do_not_exist(dora: Client) -> None:
    retail = an_office("retail")
    with retail.open(), transaction.atomic():
        stella = retail.person("Stella", Role.ADMIN)
        entry = audit.record(
            Code.PROCESS_CHANGED,
            actor=stella,
            subject=audit.InUnit(retail.unit, retail.unit.pk),
            reason="SECRET OF RETAIL",
        )

    assert "SECRET OF RETAIL" not in text(dora)
    assert dora.get(f"/audit?entry={entry.pk}").status_code == 404


def test_a_modeller_does_not_read_the_audit(client: Client, office: Office) -> None:
    client.force_login(office.people["Ana"].accounts.get())

    assert client.get("/audit").status_code == 403
