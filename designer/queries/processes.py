"""The register as people read it: what runs, what is being changed, and what fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from common import clock
from common.context import Actor
from designer.models.drafts import Draft, Stage
from designer.models.reviews import STANDING, Review
from designer.models.versions import Version
from engine.queries import activity
from engine.queries.activity import LastDay
from governance import access
from governance.models.boards import Board
from governance.models.people import Person
from governance.models.processes import Process, ProcessGrant
from governance.models.units import Team

SEGMENTS = ("all", "mine", "review", "failing", "orphan")
_RIGHTS = dict(Process._meta.permissions)


@dataclass(frozen=True, slots=True)
class Work:
    """The newest work in progress on a process: a draft, or the review of one."""

    kind: str
    url: str
    who: str = ""
    at: datetime | None = None
    number: int = 0
    approvals: int = 0
    quorum: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One process in the list."""

    process: Process
    live: int | None
    work: Work | None
    last_day: LastDay
    owner_left: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list shows, and how many each segment holds."""

    rows: list[Row]
    counts: dict[str, int]
    segment: str
    text: str
    live: int
    acts: frozenset[str]

    @property
    def total(self) -> int:
        """Return how many processes the unit has."""
        return self.counts["all"]


@dataclass(frozen=True, slots=True)
class ProcessView:
    """Everything the page of one process shows."""

    process: Process
    versions: list[Version]
    drafts: list[Draft]
    reviews: list[Review]
    scenarios: list[str]
    grants: list[dict[str, Any]]
    last_day: LastDay
    acts: frozenset[str]
    why_not: dict[str, str] = field(default_factory=dict)

    @property
    def live(self) -> Version | None:
        """Return the version that new runs take."""
        return self.versions[0] if self.versions else None

    @property
    def shown_url(self) -> str:
        """Return where the drawing that the page shows is read: that of the live version."""
        return f"/api/v1/versions/{self.live.pk}/model" if self.live else ""

    @property
    def open_draft(self) -> Draft | None:
        """Return the newest draft that is not a version yet."""
        return self.drafts[0] if self.drafts else None


def list_processes(*, actor: Actor, unit_id: UUID, segment: str = "all", text: str = "") -> Listing:
    """Return the processes of a unit, by name, with what is going on with each.

    Raises:
        NotAllowed, NotFound: the actor holds no role in the unit.
    """
    access.require_in_unit("process.view", actor=actor, unit_id=unit_id)
    named = sorted(_registered(unit_id), key=lambda process: process.name.casefold())
    found = [_row(process) for process in named]
    days = activity.last_day([row.process.pk for row in found], clock.now())
    rows = [_with_day(row, days) for row in found]
    segment = segment if segment in SEGMENTS else "all"
    return Listing(
        rows=[row for row in rows if _in(segment, row, actor) and _matches(row, text)],
        counts={name: sum(_in(name, row, actor) for row in rows) for name in SEGMENTS},
        segment=segment,
        text=text,
        live=sum(row.live is not None for row in rows),
        acts=_acts_in_unit(actor, unit_id),
    )


def get_process(*, actor: Actor, unit_id: UUID, key: str) -> ProcessView:
    """Return one process with its versions, drafts, reviews and rights.

    Raises:
        Process.DoesNotExist, NotFound: there is none of this key that the actor may see.
    """
    process = _registered(unit_id).get(key=key)
    access.require("process.view", actor=actor, subject=process)
    acts = (
        "draft.create",
        "run.start",
        "model.download",
        "model.import",
        "process.change",
        "process.transfer",
        "health.view",
    )
    refusals = {name: access.why_not(name, actor=actor, subject=process) for name in acts}
    return ProcessView(
        process=process,
        versions=list(process.versions.defer("xml").select_related("published_by", "review")),
        drafts=list(
            process.drafts.exclude(stage=Stage.PUBLISHED)
            .defer("xml")
            .select_related("based_on", "saved_by")
        ),
        reviews=list(_newest_reviews(process)),
        scenarios=list(process.scenarios.values_list("name", flat=True)),
        grants=_grants(process),
        last_day=activity.last_day([process.pk], clock.now()).get(process.pk, LastDay()),
        acts=frozenset(name for name, words in refusals.items() if not words),
        why_not=refusals,
    )


def choices(unit_id: UUID) -> dict[str, list[tuple[str, str]]]:
    """Return the people, teams and boards a registry entry of the unit may name."""
    people = Person.objects.filter(roles__unit_id=unit_id).distinct()
    return {
        "people": [(str(person.pk), person.name) for person in people],
        "teams": [(team.key, team.name) for team in Team.objects.filter(unit_id=unit_id)],
        "boards": [(board.key, board.name) for board in Board.objects.filter(unit_id=unit_id)],
    }


def _registered(unit_id: UUID) -> QuerySet[Process]:
    newest = Version.objects.filter(process=OuterRef("pk")).order_by("-number")
    drafts = Draft.objects.exclude(stage=Stage.PUBLISHED).defer("xml").select_related("saved_by")
    standing = Review.objects.filter(outcome__in=STANDING, published__isnull=True).defer("xml")
    return (
        Process.objects.filter(unit_id=unit_id)
        .select_related("owner", "backup_owner", "team", "board")
        .annotate(
            live_number=Subquery(newest.values("number")[:1]),
            live_since=Subquery(newest.values("published_at")[:1]),
        )
        .prefetch_related(
            Prefetch("drafts", queryset=drafts, to_attr="open_drafts"),
            Prefetch(
                "reviews", queryset=standing.prefetch_related("votes"), to_attr="open_reviews"
            ),
            Prefetch("owner__roles", to_attr="owner_roles"),
        )
    )


def _row(process: Any) -> Row:
    work = _work(process)
    moments = [process.changed_at, process.live_since, work and work.at]
    return Row(
        process=process,
        live=process.live_number,
        work=work,
        last_day=LastDay(),
        owner_left=not any(role.unit_id == process.unit_id for role in process.owner.owner_roles),
        changed_at=max(moment for moment in moments if moment),
    )


def _work(process: Any) -> Work | None:
    if process.open_reviews:
        review = process.open_reviews[0]
        approvals = sum(vote.verdict == "APPROVE" for vote in review.votes.all())
        return Work(
            kind="approved" if review.outcome == "APPROVED" else "review",
            url=f"/reviews/{review.pk}",
            at=review.submitted_at,
            number=review.version_number,
            approvals=approvals,
            quorum=review.quorum,
        )
    if process.open_drafts:
        draft = process.open_drafts[0]
        return Work(
            kind="draft",
            url=f"/drafts/{draft.pk}/edit",
            who=draft.saved_by.name,
            at=draft.saved_at,
        )
    return None


def _with_day(row: Row, days: dict[UUID, LastDay]) -> Row:
    day = days.get(row.process.pk)
    if day is None:
        return row
    return Row(row.process, row.live, row.work, day, row.owner_left, row.changed_at)


def _in(segment: str, row: Row, actor: Actor) -> bool:
    process = row.process
    match segment:
        case "mine":
            return actor.person_id in (process.owner_id, process.backup_owner_id)
        case "review":
            return row.work is not None and row.work.kind in ("review", "approved")
        case "failing":
            return row.last_day.failed > 0
        case "orphan":
            return row.owner_left or process.backup_owner_id is None
    return True


def _matches(row: Row, text: str) -> bool:
    process = row.process
    team = process.team.name if process.team else ""
    haystack = " ".join([process.name, process.key, process.owner.name, team, *process.tags])
    return all(word in haystack.casefold() for word in text.casefold().split())


def _acts_in_unit(actor: Actor, unit_id: UUID) -> frozenset[str]:
    place = Process(unit_id=unit_id)
    return frozenset(
        name
        for name in ("process.register", "model.import")
        if access.may(name, actor=actor, subject=place)
    )


def _newest_reviews(process: Process) -> QuerySet[Review]:
    found = process.reviews.defer("xml").select_related("submitted_by", "board")
    return found.prefetch_related("votes")[:20]


def _grants(process: Process) -> list[dict[str, Any]]:
    """Return who holds which rights on the process, each person once."""
    rows = ProcessGrant.objects.filter(
        content_object=process, permission__codename__in=_RIGHTS
    ).select_related("user__person", "permission")
    held: dict[str, set[str]] = {}
    for row in rows:
        held.setdefault(row.user.person.name, set()).add(_(_RIGHTS[row.permission.codename]))
    return [{"person": name, "rights": sorted(held[name])} for name in sorted(held)]
