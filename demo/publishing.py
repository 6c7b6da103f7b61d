"""Give the demo company its processes the way everybody gets one: draft, review, votes, publish."""

from __future__ import annotations

from uuid import UUID

from common.context import Actor
from demo.cast import Cast
from demo.company import SHARED, UNITS
from demo.register import (
    IN_REVIEW,
    PROCESSES,
    REVIEW_COMMENT,
    REVIEW_NOTE,
    UNFINISHED,
    Edition,
    ProcessPlan,
    proposed,
)
from designer.actions import drafts, processes, reviews, versions
from designer.board import Verdict
from designer.models.drafts import Draft
from designer.models.reviews import Review
from designer.models.versions import Version
from governance.actions import grants

_COMMENT = "Looks right, tried on staging."


def publish_all(cast: Cast) -> None:
    """Register and publish every process, then leave one in review and one unfinished."""
    latest = {(plan.unit, plan.key): _publish(cast, plan) for plan in PROCESSES}
    for plan in PROCESSES:
        _grant(cast, plan)
    key, author, voter = IN_REVIEW
    _propose(cast, latest[SHARED, key], author, voter)
    with cast.acting(UNFINISHED.owner, UNFINISHED.unit) as owner:
        model = proposed(UNFINISHED.key)
        drafts.register_with_draft(
            actor=owner, unit_id=cast.units[SHARED], entry=_entry(cast, UNFINISHED), file=model
        )


def _publish(cast: Cast, plan: ProcessPlan) -> Version:
    first, *later = plan.editions
    with cast.acting(plan.owner, plan.unit) as owner:
        draft = drafts.register_with_draft(
            actor=owner,
            unit_id=cast.units[plan.unit],
            entry=_entry(cast, plan),
            file=plan.model(first),
        )
    cast.processes[plan.unit, plan.key] = draft.process_id
    version = _judge(cast, plan, draft, first)
    for edition in later:
        with cast.acting(plan.owner, plan.unit) as owner:
            draft = drafts.create_draft_from_version(actor=owner, version_id=version.pk)
            _write(owner, draft, plan.model(edition))
        version = _judge(cast, plan, draft, edition)
    return version


def _judge(cast: Cast, plan: ProcessPlan, draft: Draft, edition: Edition) -> Version:
    with cast.acting(plan.owner, plan.unit) as owner:
        review = reviews.submit_draft(actor=owner, draft_id=draft.pk, note=edition.note)
    for name in plan.voters:
        _vote(cast, review, name, plan.unit, _COMMENT)
    with cast.acting(plan.publisher or plan.voters[-1], plan.unit) as publisher:
        return versions.publish_version(actor=publisher, review_id=review.pk, digest=review.digest)


def _propose(cast: Cast, version: Version, author: str, voter: str) -> None:
    with cast.acting(author, SHARED) as modeller:
        draft = drafts.create_draft_from_version(actor=modeller, version_id=version.pk)
        _write(modeller, draft, proposed(version.process.key))
        review = reviews.submit_draft(actor=modeller, draft_id=draft.pk, note=REVIEW_NOTE)
    _vote(cast, review, voter, SHARED, REVIEW_COMMENT)


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
