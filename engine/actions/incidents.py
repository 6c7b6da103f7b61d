"""Actions on incidents."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common.context import Actor
from engine import runtime
from engine.models.incidents import Incident
from engine.runtime import Ask
from engine.semantics.commands import RetryIncident
from governance import access, audit
from governance.audit_codes import Code

_LONGEST = 200


@transaction.atomic
def retry_incident(*, actor: Actor, incident_id: UUID, reason: str = "") -> Incident:
    """Let what failed try again, with a new budget of attempts and the same idempotency key.

    Raises:
        NotAllowed, NotFound: the actor may not retry it.
        WorkGone: it is resolved already.
        RunPaused, RunFinished: the run does not go on.
    """
    incident = _incident(incident_id)
    access.require("incident.retry", actor=actor, subject=incident)
    runtime.advance_one(Ask(incident.instance_id, RetryIncident(str(incident.pk)), actor))
    audit.record(
        Code.INCIDENT_RETRIED,
        actor=actor,
        subject=incident,
        reason=reason.strip()[:_LONGEST],
        before={"cause": incident.cause},
    )
    return _incident(incident_id)


def _incident(incident_id: UUID) -> Incident:
    return Incident.objects.select_related("instance__process").get(pk=incident_id)
