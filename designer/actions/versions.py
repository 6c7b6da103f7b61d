"""Actions on versions: from an approved candidate to what runs."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, live
from common.context import Actor
from designer import board
from designer.actions import reviews
from designer.board import Outcome
from designer.errors import NotApproved, RulesBlock
from designer.models.drafts import Draft, Stage
from designer.models.reviews import Review
from designer.models.versions import Version
from designer.queries import models, resources
from engine.actions import deployments
from engine.lint import BY_CODE
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process


def publish_version(*, actor: Actor, review_id: UUID, digest: str) -> Version:
    """Make an approved candidate the next version of its process, and place it in the engine.

    Other reviews of the process are voided: they were judged against what is no longer live.

    Raises:
        NotAllowed, NotFound: the actor may not publish.
        ContentChanged: the digest shown is not the approved one; what went stale is voided.
        NotApproved: votes are missing.
        ReviewClosed: it was decided against, withdrawn, or is published.
        RulesBlock: a rule that blocks finds something by now.
        NotExecutable, NotDeployable: the engine does not take it; nothing is published then.
    """
    reviews.void_if_stale(review_id=review_id)
    with transaction.atomic():
        process_id = Review.objects.values_list("process_id", flat=True).get(pk=review_id)
        process = Process.objects.select_for_update(no_key=True).get(pk=process_id)
        _lock_drafts(process)
        review = reviews.lock(review_id)
        access.require("version.publish", actor=actor, subject=review)
        reviews.must_match(review, digest)
        _must_be_approved(review)
        _must_keep_rules(review)
        version = _published(review, actor)
        _void_others(version, actor)
        return version


def _lock_drafts(process: Process) -> None:
    drafts = Draft.objects.select_for_update(no_key=True, of=("self",))
    list(drafts.filter(process=process, stage=Stage.IN_REVIEW).order_by("pk").values_list("pk"))


def _must_be_approved(review: Review) -> None:
    if review.outcome == Outcome.PENDING:
        verdicts = review.votes.values_list("verdict", flat=True)
        missing = board.missing(verdicts, quorum=review.quorum)
        raise NotApproved(key=review.key, missing=missing)
    if not reviews.is_standing(review):
        raise reviews.closed(review)


def _must_keep_rules(review: Review) -> None:
    """Refuse what a rule blocks today: people may have left, and rules been set, since it began."""
    rules = (problem for problem in models.problems_of(review) if problem["code"] in BY_CODE)
    errors = [problem for problem in rules if problem["severity"] == "error"]
    if errors:
        raise RulesBlock(key=review.key, first=errors[0]["message"], problems=errors)


def _published(review: Review, actor: Actor) -> Version:
    version = Version(
        unit_id=review.unit_id,
        process=review.process,
        number=review.version_number,
        xml=bytes(review.xml),
        resources=review.resources,
        model_digest=review.model_digest,
        digest=review.digest,
        note=review.note,
        authors=review.authors,
        review=review,
        submitted_by_id=review.submitted_by_id,
        published_by_id=actor.person,
        published_at=clock.now(),
    )
    version.save(force_insert=True)
    Draft.objects.filter(pk=review.draft_id).update(stage=Stage.PUBLISHED.value)
    audit.record(
        Code.VERSION_PUBLISHED,
        actor=actor,
        subject=version,
        reason=review.note,
        after={"number": version.number, "digest": version.digest, "review": review.key},
    )
    deployments.deploy(
        actor=actor,
        process=review.process,
        number=version.number,
        digest=version.digest,
        xml=bytes(version.xml),
        authors=version.authors,
        files=resources.contents(version),
    )
    live.publish_on_commit(review.topic, {"type": "review.changed", "outcome": "PUBLISHED"})
    return version


def _void_others(version: Version, actor: Actor) -> None:
    others = Review.objects.filter(process=version.process).exclude(pk=version.review_id)
    cause = _("Version {number} was published meanwhile.").format(number=version.number)
    reviews.void_standing(of=others, actor=actor, cause=cause)
