"""Actions on reviews: the only code that writes them.

An action is one transaction that locks, judges, writes and records, in that order. Locks are taken
in one order everywhere: process, draft, review.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common import clock, live
from common.context import Actor, automation
from designer import board, versioning
from designer.board import Outcome, Verdict
from designer.errors import (
    AlreadyInReview,
    AlreadyVoted,
    BoardTooSmall,
    ContentChanged,
    DraftChanged,
    EmptyComment,
    ModelHasErrors,
    NothingChanged,
    ReviewClosed,
    ScenariosFail,
)
from designer.models.drafts import Draft, DraftState, Stage
from designer.models.resources import Resource
from designer.models.reviews import STANDING, Review, ReviewComment, Vote
from designer.models.scenarios import ScenarioVerdict
from designer.models.versions import Version
from designer.queries import candidates, models, step_templates, trials
from designer.queries.trials import Outcome as Played
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import RiskClass
from governance.models.units import Role, RoleAssignment, Unit

_LONGEST = 4000
_GUARD = automation("review guard")


def submit_draft(*, actor: Actor, draft_id: UUID, note: str = "") -> Review:
    """Freeze what a draft holds and ask its process's board to judge it.

    The scenarios of the process are played before: what came of them stands on the review, and one
    that fails keeps a process of high risk from it. They are played before anything is locked.

    Raises:
        NotAllowed, NotFound: the actor did not write this draft.
        AlreadyInReview: it is being judged, or is approved or published already.
        ModelHasErrors: it could not run; `errors` names each element.
        NothingChanged: it equals the latest version.
        BoardTooSmall: rule 1 leaves fewer members than the quorum.
        ScenariosFail: scenarios of a process of high risk do not go as expected.
        DraftChanged: somebody saved while they were played.
        SandboxBusy, SandboxEnded, ScenarioRefused: they could not be played.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("review.submit", actor=actor, subject=draft)
    return _submit(actor, draft, note, _played(draft))


def _played(draft: Draft) -> Sequence[Played]:
    """Play the scenarios of a draft that could be submitted; of another, the refusal comes next."""
    if draft.stage != Stage.OPEN:
        return ()
    _must_be_ready(draft)
    return trials.replay(draft, draft.process.scenarios.all())


@transaction.atomic
def _submit(actor: Actor, seen: Draft, note: str, outcomes: Sequence[Played]) -> Review:
    draft = Draft.objects.select_for_update(no_key=True, of=("self",)).get(pk=seen.pk)
    access.require("review.submit", actor=actor, subject=draft)
    standing = draft.reviews.filter(outcome__in=STANDING).first()
    if standing is not None:
        raise AlreadyInReview(key=standing.key)
    _must_be_ready(draft)
    _must_be_as_played(draft, seen, outcomes)
    review = _frozen(actor, draft, note)
    _must_reach_quorum(review)
    review.save(force_insert=True)
    _keep_verdicts(review, outcomes)
    draft.stage = Stage.IN_REVIEW
    draft.save(update_fields=["stage"])
    audit.record(
        Code.REVIEW_OPENED,
        actor=actor,
        subject=review,
        reason=review.note,
        after={"digest": review.digest, "board": review.board.name, "quorum": review.quorum},
    )
    _announce(review)
    return review


def cast_vote(
    *, actor: Actor, review_id: UUID, digest: str, verdict: Verdict, comment: str = ""
) -> Review:
    """Record one person's verdict, and the board's outcome once it has one.

    Raises:
        NotAllowed, NotFound: the actor is no reviewer on the board.
        OwnWork: rule 1; they wrote it or asked for it, under this account or another.
        ContentChanged: the digest shown is not the one judged; what went stale is voided.
        ReviewClosed: the board has decided.
        AlreadyVoted: each person has one vote.
    """
    void_if_stale(review_id=review_id)
    with transaction.atomic():
        # The lock makes simultaneous last votes take turns: one of them decides.
        review = lock(review_id)
        access.require("review.vote", actor=actor, subject=review)
        must_match(review, digest)
        if review.outcome != Outcome.PENDING:
            raise closed(review)
        if review.votes.filter(person_id=actor.person).exists():
            raise AlreadyVoted(key=review.key)
        _count(review, actor, verdict, comment)
        return review


@transaction.atomic
def withdraw_review(*, actor: Actor, review_id: UUID, reason: str = "") -> Review:
    """Take back a request for review; the draft can be edited and submitted again.

    Raises:
        NotAllowed, NotFound: the actor is none of its authors.
        ReviewClosed: it has been decided against, or published.
    """
    review = lock(review_id)
    access.require("review.withdraw", actor=actor, subject=review)
    if not is_standing(review):
        raise closed(review)
    _close(review, Outcome.WITHDRAWN, reason)
    audit.record(Code.REVIEW_WITHDRAWN, actor=actor, subject=review, reason=reason)
    return review


@transaction.atomic
def add_comment(*, actor: Actor, review_id: UUID, text: str, element: str = "") -> ReviewComment:
    """Say something about a review, or about one element of what it judges.

    Raises:
        NotAllowed, NotFound: the actor may not comment.
        EmptyComment: there are no words, or too many.
    """
    review = Review.objects.get(pk=review_id)
    access.require("review.comment", actor=actor, subject=review)
    text = text.strip()
    if not 1 <= len(text) <= _LONGEST:
        raise EmptyComment(longest=_LONGEST)
    comment: ReviewComment = review.comments.create(
        unit_id=review.unit_id,
        person_id=actor.person,
        text=text,
        element=element[:200],
        said_at=clock.now(),
    )
    audit.record(
        Code.REVIEW_COMMENTED, actor=actor, subject=review, after={"text": text, "element": element}
    )
    _announce(review)
    return comment


def void_standing(*, of: Any, actor: Actor, cause: str) -> None:
    """Void the reviews among `of` that are open, or approved and not yet published.

    Runs in the caller's transaction; the caller holds the locks of their drafts.
    """
    found = of.select_for_update(no_key=True, of=("self",)).filter(
        outcome__in=STANDING, published__isnull=True
    )
    for review in found.order_by("pk"):
        was = review.outcome
        _close(review, Outcome.VOIDED, cause)
        audit.record(
            Code.REVIEW_VOIDED,
            actor=actor,
            subject=review,
            reason=cause,
            before={"outcome": was},
            after={"outcome": review.outcome},
        )


@transaction.atomic
def void_if_stale(*, review_id: UUID) -> None:
    """Void a standing review whose digest is no longer that of what it uses.

    A transaction of its own, so that the void stays when the act that found it is refused. Nobody
    decides here: it states a fact that holds whoever looks, and is recorded as the product's own.
    """
    review = lock(review_id)
    if is_standing(review) and candidates.current_digest(review) != review.digest:
        cause = _cause_of_staleness(review)
        void_standing(of=Review.objects.filter(pk=review.pk), actor=_GUARD, cause=cause)


def _cause_of_staleness(review: Review) -> str:
    retired = step_templates.first_retired(review.unit_id, bytes(review.xml))
    if retired:
        return _("The step “{name}”, which it uses, was retired.").format(name=retired)
    return _("The rules of the board {board} changed.").format(board=review.board.name)


def lock(review_id: UUID) -> Review:
    """Return a review, locked together with its draft."""
    draft_id = Review.objects.values_list("draft_id", flat=True).get(pk=review_id)
    Draft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft_id)
    return Review.objects.select_for_update(no_key=True, of=("self",)).get(pk=review_id)


def must_match(review: Review, digest: str) -> None:
    """Refuse an answer that was given to something else than what is judged.

    Raises:
        ContentChanged: it was.
    """
    if review.outcome == Outcome.VOIDED:
        raise ContentChanged(cause=review.cause)
    if digest != review.digest:
        raise ContentChanged(cause=_("What you saw is not what is judged."))
    # Under the lock: the rules may have changed since `void_if_stale` looked at them.
    if is_standing(review) and candidates.current_digest(review) != digest:
        cause = _cause_of_staleness(review)
        raise ContentChanged(cause=cause)


def is_standing(review: Review) -> bool:
    """Tell whether an edit would void the review."""
    return review.outcome in STANDING and not hasattr(review, "published")


def closed(review: Review) -> ReviewClosed:
    """Return the refusal of an act on a review that is over."""
    return ReviewClosed(key=review.key, outcome=review.get_outcome_display().lower())


def _must_be_ready(draft: Draft) -> None:
    errors = [problem for problem in models.problems_of(draft) if problem["severity"] == "error"]
    if errors:
        raise ModelHasErrors(count=len(errors), problems=errors)
    latest = draft.process.versions.order_by("-number").first()
    if latest is not None and _equals(draft, latest):
        raise NothingChanged(number=latest.number)


def _must_be_as_played(draft: Draft, seen: Draft, outcomes: Sequence[Played]) -> None:
    """Refuse what is not what was played, and what failed where the risk is high."""
    if draft.revision != seen.revision:
        raise DraftChanged(
            who=draft.saved_by.name, at=draft.saved_at.isoformat(), revision=draft.revision
        )
    failed = [one for one in outcomes if not one.passed]
    if failed and draft.process.risk_class == RiskClass.HIGH:
        first = f"“{failed[0].name}”: {failed[0].words[0]}"
        raise ScenariosFail(failed=len(failed), count=len(outcomes), first=first)


def _keep_verdicts(review: Review, outcomes: Sequence[Played]) -> None:
    ScenarioVerdict.objects.bulk_create(
        ScenarioVerdict(
            unit_id=review.unit_id,
            review=review,
            name=one.name,
            differences=one.differences,
            played_at=review.submitted_at,
        )
        for one in outcomes
    )


def _equals(draft: Draft, version: Version) -> bool:
    return (version.model_digest, version.resources) == (draft.digest, draft.resources)


def _frozen(actor: Actor, draft: Draft, note: str) -> Review:
    process, xml = draft.process, bytes(draft.xml)
    # Numbers of a unit are given one after the other; foreign keys of others are not held up.
    Unit.objects.select_for_update(no_key=True).get(pk=draft.unit_id)
    last = Review.objects.filter(unit_id=draft.unit_id).aggregate(last=Max("number"))["last"] or 0
    latest = process.versions.order_by("-number").first()
    return Review(
        unit_id=draft.unit_id,
        number=last + 1,
        process=process,
        draft=draft,
        draft_revision=draft.revision,
        base=latest,
        version_number=versioning.next_number([latest.number] if latest else []),
        xml=xml,
        resources=draft.resources,
        model_digest=draft.digest,
        digest=candidates.digest_of(xml=xml, resources=draft.resources, process=process),
        board=process.board,
        quorum=process.board.quorum,
        authors=_authors(draft, latest),
        submitted_by_id=actor.person,
        submitted_at=clock.now(),
        note=note.strip()[:_LONGEST],
    )


def _authors(draft: Draft, latest: Version | None) -> list[UUID]:
    """Return who wrote the draft, or the very same bytes elsewhere: of the model, or of a new file.

    A file that the latest version has already is judged no more.
    """
    wrote = list(draft.authors.values_list("person_id", flat=True))
    same = DraftState.objects.filter(draft__process_id=draft.process_id, digest=draft.digest)
    known = latest.resources.items() if latest else ()
    fresh = [digest for name, digest in draft.resources.items() if (name, digest) not in known]
    stored = Resource.objects.filter(unit_id=draft.unit_id, digest__in=fresh)
    found = [*wrote, *same.values_list("saved_by_id", flat=True)]
    return list(dict.fromkeys([*found, *stored.values_list("stored_by_id", flat=True)]))


def _must_reach_quorum(review: Review) -> None:
    members = set(review.board.members.values_list("person_id", flat=True))
    at_home = RoleAssignment.objects.filter(unit_id=review.unit_id, person_id__in=members)
    reviewers = set(at_home.filter(role=Role.REVIEWER).values_list("person_id", flat=True))
    # Members of other units are reviewers there, which is not ours to see (rule 7).
    guests = members - set(at_home.values_list("person_id", flat=True))
    able = sum(1 for person_id in reviewers | guests if not review.excluded(person_id))
    if able < review.quorum:
        raise BoardTooSmall(board=review.board.name, quorum=review.quorum, able=able)


def _count(review: Review, actor: Actor, verdict: Verdict, comment: str) -> None:
    Vote.objects.create(
        unit_id=review.unit_id,
        review=review,
        person_id=actor.person,
        verdict=Verdict(verdict).value,
        comment=comment.strip()[:_LONGEST],
        digest=review.digest,
        cast_at=clock.now(),
    )
    verdicts = review.votes.values_list("verdict", flat=True)
    outcome = board.tally(verdicts, quorum=review.quorum)
    audit.record(
        Code.REVIEW_VOTE_CAST,
        actor=actor,
        subject=review,
        reason=comment,
        after={"verdict": Verdict(verdict).value, "digest": review.digest},
    )
    if outcome != Outcome.PENDING:
        _close(review, outcome, "")
        audit.record(
            Code.REVIEW_DECIDED, actor=actor, subject=review, after={"outcome": outcome.value}
        )
    else:
        _announce(review)


def _close(review: Review, outcome: Outcome, cause: str) -> None:
    review.outcome = outcome.value
    review.decided_at = clock.now()
    review.cause = cause.strip()[:_LONGEST]
    review.save(update_fields=["outcome", "decided_at", "cause"])
    if outcome != Outcome.APPROVED:
        Draft.objects.filter(pk=review.draft_id).update(stage=Stage.OPEN.value)
    _announce(review)


def _announce(review: Review) -> None:
    live.publish_on_commit(review.topic, {"type": "review.changed", "outcome": review.outcome})
