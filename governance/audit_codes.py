"""The vocabulary of the audit: every act that is recorded, once, with its sentence.

A new act is a new line here. The sentence is what the audit page shows; `{subject}` is filled in.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Code(models.TextChoices):
    """`subject.verb_past`."""

    INSTALLATION_SET_UP = "installation.set_up", _("set up the installation")
    DEMO_SEEDED = "installation.demo_seeded", _("filled the installation with the demo company")
    UNIT_CREATED = "unit.created", _("created the business unit {subject}")
    UNIT_LIMITS_SET = "unit.limits_set", _("set {subject}")
    PERSON_CREATED = "person.created", _("added {subject}")
    ACCOUNT_CREATED = "account.created", _("added the account {subject}")
    ROLE_GIVEN = "role.given", _("gave a role: {subject}")
    ROLE_TAKEN = "role.taken", _("took a role: {subject}")
    TEAM_CREATED = "team.created", _("created the team {subject}")
    TEAM_MEMBER_ADDED = "team.member_added", _("added {subject}")
    BOARD_CREATED = "board.created", _("created the board {subject}")
    BOARD_MEMBER_ADDED = "board.member_added", _("added {subject}")
    GRANT_GIVEN = "grant.given", _("gave a right on {subject}")
    GRANT_TAKEN = "grant.taken", _("took a right on {subject}")
    CONNECTION_CREATED = "connection.created", _("created the connection {subject}")
    DESTINATION_ALLOWED = "destination.allowed", _("allowed calls to {subject}")
    RULE_SET = "rule.set", _("set the rule {subject}")
    RULE_GIVEN_BACK = "rule.given_back", _("gave the rule {subject} back to its usual weight")
    SIGNED_IN = "account.signed_in", _("signed in")
    SIGN_IN_FAILED = "account.sign_in_failed", _("refused a wrong password for {subject}")
    PASSWORD_CHANGED = "account.password_changed", _("changed their password")
    SIGNED_OUT = "account.signed_out", _("signed out")
    ACT_REFUSED = "act.refused", _("was refused: {subject}")
    AUDIT_READ = "audit.read", _("read the audit")
    PROCESS_REGISTERED = "process.registered", _("registered the process {subject}")
    PROCESS_CHANGED = "process.changed", _("changed the entry of {subject}")
    PROCESS_TRANSFERRED = "process.transferred", _("gave {subject} to another owner")
    DRAFT_CREATED = "draft.created", _("created a draft of {subject}")
    DRAFT_SAVED = "draft.saved", _("edited the draft of {subject}")
    DRAFT_IMPORTED = "draft.imported", _("imported a file into the draft of {subject}")
    REVIEW_OPENED = "review.opened", _("asked for review of {subject}")
    REVIEW_WITHDRAWN = "review.withdrawn", _("withdrew {subject}")
    REVIEW_VOIDED = "review.voided", _("voided {subject}")
    REVIEW_VOTE_CAST = "review.vote_cast", _("voted on {subject}")
    REVIEW_DECIDED = "review.decided", _("decided {subject}")
    REVIEW_COMMENTED = "review.commented", _("commented on {subject}")
    STEP_TEMPLATE_ADDED = "step_template.added", _("added the step {subject}")
    STEP_TEMPLATE_RETIRED = "step_template.retired", _("retired the step {subject}")
    STEP_TEMPLATE_RESTORED = "step_template.restored", _("offered {subject} again")
    VERSION_PUBLISHED = "version.published", _("published {subject}")
    DEPLOYMENT_CREATED = "deployment.created", _("placed {subject} in the engine")
    RUN_STARTED = "run.started", _("started {subject}")
    RUN_PAUSED = "run.paused", _("paused {subject}")
    RUN_RESUMED = "run.resumed", _("resumed {subject}")
    RUN_HELD = "run.held", _("held {subject}: a restored backup has lost part of it")
    RUN_LOST = "run.lost", _("lost a run that began after the backup that was restored")
    RUN_RELEASED = "run.released", _("released {subject}")
    RESTORED = "installation.restored", _("restored the installation from a backup")
    RUN_REBUILT = "run.rebuilt", _("rebuilt the rows of {subject} from its journal")
    RUN_CANCELLED = "run.cancelled", _("cancelled {subject}")
    MESSAGE_PUBLISHED = "message.published", _("published a message to {subject}")
    USER_TASK_CLAIMED = "user_task.claimed", _("claimed {subject}")
    USER_TASK_RELEASED = "user_task.released", _("gave back {subject}")
    USER_TASK_DELEGATED = "user_task.delegated", _("delegated {subject}")
    USER_TASK_COMPLETED = "user_task.completed", _("completed {subject}")
    GATE_DECIDED = "gate.decided", _("decided {subject}")
    INCIDENT_RETRIED = "incident.retried", _("retried {subject}")
    CIRCUIT_RESET = "circuit.reset", _("closed the circuit of {subject}")
