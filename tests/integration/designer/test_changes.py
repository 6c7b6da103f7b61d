"""A review tells what changed from the live version, and what to look at before voting."""

from __future__ import annotations

import pytest

from designer.actions import drafts, versions
from designer.models.versions import Version
from designer.queries import reviews
from engine.queries.deployments import newest_of
from governance.models.processes import RiskClass
from tests.integration.designer.conftest import Desk

pytestmark = pytest.mark.django_db

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t">
  <process id="P" isExecutable="true"><startEvent id="S"><outgoing>f</outgoing></startEvent>
    <sequenceFlow id="f" sourceRef="S" targetRef="E"/>
    <endEvent id="E" name="{name}"><incoming>f</incoming></endEvent></process>
</definitions>"""


def publish(desk: Desk, name: str) -> Version:
    draft = drafts.import_model(
        actor=desk.ana, process_id=desk.process.pk, file=MODEL.format(name=name).encode()
    )
    review = desk.approved(draft)
    return versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)


def test_a_published_version_is_what_new_runs_start_on(desk: Desk) -> None:
    publish(desk, "Done")
    deployment = newest_of(desk.process)
    assert deployment is not None
    assert (deployment.number, deployment.authors) == (1, [desk.ana.person_id])


def test_changes_are_told_from_the_live_version(desk: Desk) -> None:
    publish(desk, "Done")
    draft = drafts.import_model(
        actor=desk.ana, process_id=desk.process.pk, file=MODEL.format(name="Finished").encode()
    )
    view = reviews.get_review(actor=desk.gita, review_id=desk.submit(draft).pk)

    assert [(change["element"], change["kind"]) for change in view.changes] == [("E", "changed")]
    assert all(check.ok for check in view.checks)


def test_a_draft_from_an_older_version_is_pointed_out(desk: Desk) -> None:
    first = publish(desk, "Done")
    draft = drafts.create_draft_from_version(actor=desk.ana, version_id=first.pk)
    publish(desk, "Finished")
    drafts.save_draft(
        actor=desk.ana, draft_id=draft.pk, revision=1, xml=MODEL.format(name="Over").encode()
    )

    view = reviews.get_review(actor=desk.gita, review_id=desk.submit(draft).pk)

    failing = [check for check in view.checks if not check.ok]
    assert [check.result for check in failing] == ["version 2"]
    assert failing[0].detail.startswith("The draft began from version 1.")


def test_a_higher_risk_class_is_told_before_the_next_vote_voids(desk: Desk) -> None:
    review = desk.submit()
    desk.process.risk_class = RiskClass.HIGH
    desk.process.save()

    view = reviews.get_review(actor=desk.gita, review_id=review.pk)

    assert [check.result for check in view.checks if not check.ok] == ["changed"]
