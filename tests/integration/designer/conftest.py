"""A desk for tests: a modeller, a board of three with a quorum of two, an operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from common.context import Actor
from designer import files
from designer.actions import drafts, reviews
from designer.board import Verdict
from designer.models.drafts import Draft
from designer.models.reviews import Review
from governance.models.processes import Process
from governance.models.units import Role
from tests.support.office import Office, an_office

MEMBERS = ("Gita Olsen", "Sofia Lind", "Marek Nowak")


@dataclass
class Desk:
    """People and a process, and short words for what they do."""

    office: Office
    process: Process
    ana: Actor
    gita: Actor
    sofia: Actor
    marek: Actor
    ben: Actor

    def draft(self, *, by: Actor | None = None) -> Draft:
        return drafts.create_blank_draft(actor=by or self.ana, process_id=self.process.pk)

    def edit(self, draft: Draft, name: str, *, by: Actor | None = None) -> Draft:
        """Save the draft with another name of its process."""
        now = Draft.objects.get(pk=draft.pk)
        return drafts.save_draft(
            actor=by or self.ana,
            draft_id=draft.pk,
            revision=now.revision,
            xml=files.blank(self.process.key, name),
        )

    def submit(self, draft: Draft | None = None, *, by: Actor | None = None) -> Review:
        draft = draft or self.draft()
        return reviews.submit_draft(actor=by or self.ana, draft_id=draft.pk, note="A first try")

    def vote(self, review: Review, by: Actor, verdict: Verdict = Verdict.APPROVE) -> Review:
        return reviews.cast_vote(
            actor=by, review_id=review.pk, digest=review.digest, verdict=verdict, comment="Read"
        )

    def approved(self, draft: Draft | None = None) -> Review:
        review = self.submit(draft)
        self.vote(review, self.gita)
        return self.vote(review, self.sofia)


def a_desk(office: Office) -> Desk:
    board = office.board(members=MEMBERS)
    gita, sofia, marek = (office.person(name) for name in MEMBERS)
    return Desk(
        office=office,
        process=office.process(board=board, owner="Ana Ruiz"),
        ana=office.person("Ana Ruiz", Role.MODELLER),
        gita=gita,
        sofia=sofia,
        marek=marek,
        ben=office.person("Ben Carter", Role.OPERATOR),
    )


@pytest.fixture
def desk() -> Iterator[Desk]:
    with an_office().open() as office:
        yield a_desk(office)
