"""Reads the audit of one unit, newest first, page by page, with where each entry is sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from governance.access_table import TABLE
from governance.audit_codes import Code
from governance.chain import ENTRY
from governance.models.audit import AuditEntry, AuditSeal
from governance.models.processes import Process

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the audit is asked for; nothing set is everything."""

    text: str = ""
    person_id: UUID | None = None
    code: str = ""
    subject_type: str = ""
    subject_id: str = ""
    process_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def words(self) -> dict[str, str]:
        """Return what is set, by name: what the audit says of a reading of it."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: str(value) for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as people read it. `link` is its number in the chain, or None while it waits."""

    id: UUID
    at: datetime
    code: str
    who: str
    is_human: bool
    sentence: tuple[str, str]
    subject: str
    subject_type: str
    subject_id: str
    process_id: UUID | None
    process_key: str
    reason: str
    link: int | None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of lines; `older` and `newer` are the cursors of its neighbours."""

    lines: Sequence[Line]
    older: UUID | None
    newer: UUID | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """How far the unit's chain reaches, and what waits for its place in it."""

    links: int
    last_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry with all that proves it."""

    line: Line
    request_id: str
    payload_digest: str
    content_hash: str
    link_hash: str
    sealed_at: datetime | None


def list_entries(
    unit_id: UUID, wanted: Filter, *, before: UUID | None = None, after: UUID | None = None
) -> Page:
    """Return a page of entries older than `before`, or just newer than `after`.

    Ids begin with their time, so the id is the order and the cursor in one.
    """
    rows = _matching(unit_id, wanted)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        older, newer = bool(found), more
    else:
        rows = rows.filter(pk__lt=before) if before else rows
        found = list(rows.order_by("-pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE]
        older, newer = more, before is not None
    return Page(
        lines=_lines(found),
        older=found[-1].pk if found and older else None,
        newer=found[0].pk if found and newer else None,
    )


def get_proof(unit_id: UUID, entry_id: UUID) -> Proof:
    """Return one entry with its digests.

    Raises:
        AuditEntry.DoesNotExist: there is none in the unit.
    """
    entry = AuditEntry.objects.select_related("payload").get(unit_id=unit_id, pk=entry_id)
    seal = AuditSeal.objects.filter(unit_id=unit_id, kind=ENTRY, ref=entry_id).first()
    return Proof(
        line=_lines([entry])[0],
        request_id=entry.request_id,
        payload_digest=entry.payload_digest,
        content_hash=seal.content_hash if seal else "",
        link_hash=seal.hash if seal else "",
        sealed_at=seal.sealed_at if seal else None,
    )


def how_far_sealed(unit_id: UUID) -> Sealed:
    """Return how far the chain reaches; only the newest entries can be waiting."""
    last = AuditSeal.objects.filter(unit_id=unit_id).order_by("-seq").first()
    newest = AuditEntry.objects.filter(unit_id=unit_id).order_by("-pk").values_list("pk", flat=True)
    recent = list(newest[:PAGE])
    sealed = AuditSeal.objects.filter(unit_id=unit_id, kind=ENTRY, ref__in=recent).count()
    return Sealed(
        links=last.seq if last else 0,
        last_at=last.sealed_at if last else None,
        waiting=len(recent) - sealed,
    )


def _matching(unit_id: UUID, wanted: Filter) -> QuerySet[AuditEntry]:
    exact = {
        "actor_person_id": wanted.person_id,
        "code": wanted.code,
        "subject_type": wanted.subject_type,
        "subject_id": wanted.subject_id,
        "process_id": wanted.process_id,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
        "payload__values__icontains": wanted.text,
    }
    given = {name: value for name, value in exact.items() if value}
    return AuditEntry.objects.filter(unit_id=unit_id, **given).select_related("payload")


def _lines(entries: Sequence[AuditEntry]) -> list[Line]:
    seals = AuditSeal.objects.filter(kind=ENTRY, ref__in=[entry.pk for entry in entries])
    links = dict(seals.values_list("ref", "seq"))
    processes = Process.objects.filter(pk__in={entry.process_id for entry in entries})
    keys = dict(processes.values_list("pk", "key"))
    return [
        _line(
            entry, links.get(entry.pk), keys.get(entry.process_id, "") if entry.process_id else ""
        )
        for entry in entries
    ]


def _line(entry: AuditEntry, link: int | None, process_key: str) -> Line:
    facts = entry.payload.facts
    before, _marker, after = _sentence_of(entry.code).partition("{subject}")
    return Line(
        id=entry.pk,
        at=entry.at,
        code=entry.code,
        who=str(facts.get("actor", "")),
        is_human=entry.actor_kind == "HUMAN",
        sentence=(before, after),
        subject=_subject_of(entry.code, facts) if _marker else "",
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        process_id=entry.process_id,
        process_key=process_key,
        reason=str(facts.get("reason", "")),
        link=link,
        before=facts.get("before", {}),
        after=facts.get("after", {}),
    )


def _subject_of(code: str, facts: Mapping[str, Any]) -> str:
    """Return what a sentence is about; of a refusal, the act that was refused."""
    after = facts.get("after", {})
    if code == Code.ACT_REFUSED and after:
        rule = TABLE.get(after.get("act", ""))
        return str(rule.words) if rule else str(after.get("address", ""))
    return str(facts.get("subject", ""))


def _sentence_of(code: str) -> str:
    try:
        return str(Code(code).label)
    except ValueError:
        # Written by a newer version of the product than reads it.
        return f"{code} {{subject}}"
