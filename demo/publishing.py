"""Give the demo company its processes the way everybody gets one: draft, review, votes, publish."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from common.context import Actor
from demo import past
from demo.cast import Cast
from demo.company import SHARED, UNITS
from demo.past import Act
from demo.register import (
    IN_REVIEW,
    PROCESSES,
    REVIEW_COMMENT,
    REVIEW_NOTE,
    UNFINISHED,
    UNFINISHED_FILES,
    Edition,
    ProcessPlan,
    proposed,
    proposed_scenarios,
    unfinished_file,
)
from designer.actions import drafts, processes, resources, reviews, scenarios, versions
from designer.board import Verdict
from designer.models.drafts import Draft
from designer.models.reviews import Review
from designer.models.versions import Version
from governance.actions import grants

#: Hours ago, and hours from one step to the next: three weeks in which the processes came about.
FOUNDED = 22 * 24
FIRST, SECOND, STEP = 21 * 24, 10 * 24, 20
PROPOSED, DRAWN = 27, 1.7
TO_SUBMIT, TO_VOTE, TO_PUBLISH = 2, 7, 17

_COMMENT = "Looks right, tried on staging."


Versions = dict[tuple[str, str], Version]


def publish_all(cast: Cast) -> Versions:
    """Register and publish every process; return the live versions by unit and key."""
    latest: Versions = {}
    for place, plan in enumerate(PROCESSES):
        latest[plan.unit, plan.key] = _publish(cast, plan, FIRST - place * STEP)
        with past.ago(hours=FIRST - place * STEP - TO_PUBLISH):
            _grant(cast, plan)
    changed = [plan for plan in PROCESSES if len(plan.editions) > 1]
    for place, plan in enumerate(changed):
        version = latest[plan.unit, plan.key]
        latest[plan.unit, plan.key] = _improve(cast, plan, version, SECOND - place * STEP)
    return latest


def acts(cast: Cast, latest: Versions) -> Iterator[Act]:
    """Yield what leaves a next version in review, with one vote, and one process unfinished."""
    key, author, voter = IN_REVIEW
    asked: list[Review] = []

    def propose() -> None:
        asked.append(_propose(cast, latest[SHARED, key], author))

    def vote() -> None:
        _vote(cast, asked[0], voter, SHARED, REVIEW_COMMENT)

    yield Act(PROPOSED, propose)
    yield Act(PROPOSED - TO_VOTE, vote)
    yield Act(DRAWN, partial(_draw, cast, UNFINISHED))


def _draw(cast: Cast, plan: ProcessPlan) -> None:
    with cast.acting(plan.owner, plan.unit) as owner:
        draft = drafts.register_with_draft(
            actor=owner,
            unit_id=cast.units[plan.unit],
            entry=_entry(cast, plan),
            file=proposed(plan.key),
        )
        for name in UNFINISHED_FILES:
            draft = resources.put_file(
                actor=owner,
                draft_id=draft.pk,
                revision=draft.revision,
                name=name,
                content=unfinished_file(name),
            )


def _publish(cast: Cast, plan: ProcessPlan, hours: float) -> Version:
    first = plan.editions[0]
    with past.ago(hours=hours), cast.acting(plan.owner, plan.unit) as owner:
        draft = drafts.register_with_draft(
            actor=owner,
            unit_id=cast.units[plan.unit],
            entry=_entry(cast, plan),
            file=plan.model(first),
        )
    cast.processes[plan.unit, plan.key] = draft.process_id
    return _judge(cast, plan, draft, first, hours)


def _improve(cast: Cast, plan: ProcessPlan, version: Version, hours: float) -> Version:
    _first, edition = plan.editions
    with past.ago(hours=hours), cast.acting(plan.owner, plan.unit) as owner:
        draft = drafts.create_draft_from_version(actor=owner, version_id=version.pk)
        _write(owner, draft, plan.model(edition))
    return _judge(cast, plan, draft, edition, hours)


def _judge(cast: Cast, plan: ProcessPlan, draft: Draft, edition: Edition, hours: float) -> Version:
    with past.ago(hours=hours - TO_SUBMIT), cast.acting(plan.owner, plan.unit) as owner:
        review = reviews.submit_draft(actor=owner, draft_id=draft.pk, note=edition.note)
    for place, name in enumerate(plan.voters):
        with past.ago(hours=hours - TO_VOTE * (place + 1)):
            _vote(cast, review, name, plan.unit, _COMMENT)
    publisher = plan.publisher or plan.voters[-1]
    with past.ago(hours=hours - TO_PUBLISH), cast.acting(publisher, plan.unit) as actor:
        return versions.publish_version(actor=actor, review_id=review.pk, digest=review.digest)


def _propose(cast: Cast, version: Version, author: str) -> Review:
    with cast.acting(author, SHARED) as modeller:
        draft = drafts.create_draft_from_version(actor=modeller, version_id=version.pk)
        _write(modeller, draft, proposed(version.process.key))
        for scenario in proposed_scenarios(version.process.key):
            scenarios.save_scenario(actor=modeller, draft_id=draft.pk, **scenario)
        return reviews.submit_draft(actor=modeller, draft_id=draft.pk, note=REVIEW_NOTE)


def _write(author: Actor, draft: Draft, model: bytes) -> None:
    drafts.save_draft(actor=author, draft_id=draft.pk, revision=draft.revision, xml=model)


def _vote(cast: Cast, review: Review, name: str, unit: str, comment: str) -> None:
    with cast.acting(name, unit) as member:
        reviews.cast_vote(
            actor=member,
            review_id=review.pk,
            digest=review.digest,
            verdict=Verdict.APPROVE,
            comment=comment,
        )


def _grant(cast: Cast, plan: ProcessPlan) -> None:
    admin = next(unit.admin for unit in UNITS if unit.key == plan.unit)
    with cast.acting(admin, plan.unit) as giver:
        for name in plan.starters:
            for right in ("start_run", "operate_run"):
                grants.give_grant(
                    actor=giver,
                    process_id=_process(cast, plan),
                    account_id=cast.account(name),
                    right=right,
                )


def _process(cast: Cast, plan: ProcessPlan) -> UUID:
    return cast.processes[plan.unit, plan.key]


def _entry(cast: Cast, plan: ProcessPlan) -> processes.Entry:
    return processes.Entry(
        key=plan.key,
        name=plan.name,
        purpose=plan.purpose,
        owner_id=cast.person(plan.owner),
        backup_owner_id=cast.person(plan.backup),
        team=plan.team,
        board=plan.board,
        risk_class=plan.risk,
        data_class=plan.data,
        practice=plan.practice,
        tags=plan.tags,
    )
