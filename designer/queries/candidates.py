"""What a candidate for publishing is: the digest of its model and of all it uses, as of now."""

from __future__ import annotations

from collections.abc import Mapping

from designer import files, versioning
from designer.models.reviews import Review
from designer.queries import step_templates
from governance.models.processes import Process


def digest_of(*, xml: bytes, resources: Mapping[str, str], process: Process) -> str:
    """Return the digest an approval of this model would be bound to under today's rules."""
    rules = versioning.BoardRules(
        board=process.board.key, quorum=process.board.quorum, risk_class=process.risk_class
    )
    connectors = files.connectors_of(xml)
    return versioning.closure_digest(
        xml=xml,
        resources=resources,
        connectors=connectors,
        rules=rules,
        templates=step_templates.digests_of(process.unit_id, xml),
    )


def current_digest(review: Review) -> str:
    """Return what the digest of a review's candidate would be if it were asked for today."""
    return digest_of(xml=bytes(review.xml), resources=review.resources, process=review.process)
