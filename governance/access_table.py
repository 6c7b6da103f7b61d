"""Who may do what: the one table, as data. What no row names is refused.

A row says which roles cover an act, which grant on the process it needs besides, and by which
relation to the subject it is open without any role. Rule 1 (nobody decides on their own work) is
`own_work`: the subject names the persons it excludes, and no role lifts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VIEWER, MODELLER, REVIEWER = "VIEWER", "MODELLER", "REVIEWER"
OPERATOR, AUDITOR, ADMIN = "OPERATOR", "AUDITOR", "ADMIN"
ROLES = (VIEWER, MODELLER, REVIEWER, OPERATOR, AUDITOR, ADMIN)

#: Every role includes viewer.
EVERY_ROLE = frozenset(ROLES)


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes to do one act.

    Attributes:
        words: the act as it stands in a sentence: "X may not <words>."
        roles: any one of them, held in the subject's unit, is enough.
        grant: the right on the process that is needed besides the role.
        relations: what the subject may call the person instead of a role: `author`, `owner`,
            `candidate`, `member`. With `needs_relation` the role alone is not enough.
        own_work: rule 1 applies: persons whom the subject excludes are refused.
        built: False while the product does not offer the act; it is then refused as such.
    """

    words: str | Promise
    roles: frozenset[str] = frozenset()
    grant: str = ""
    relations: frozenset[str] = frozenset()
    needs_relation: bool = False
    own_work: bool = False
    built: bool = True


def _by(*roles: str) -> frozenset[str]:
    return frozenset(roles)


TABLE: Mapping[str, Rule] = MappingProxyType(
    {
        # Seeing
        "process.view": Rule(_("see processes"), EVERY_ROLE),
        "template.view": Rule(_("see templates"), EVERY_ROLE),
        "version.view": Rule(_("see versions"), EVERY_ROLE, relations=_by("member")),
        "run.view": Rule(_("see runs"), EVERY_ROLE),
        "incident.view": Rule(_("see incidents"), EVERY_ROLE),
        "circuit.view": Rule(_("see the systems that runs call"), EVERY_ROLE),
        "metrics.view": Rule(_("see the metrics of the installation"), _by(OPERATOR, ADMIN)),
        "review.view": Rule(_("see this review"), EVERY_ROLE, relations=_by("member")),
        "user_task.view": Rule(_("see this task"), EVERY_ROLE, relations=_by("candidate")),
        "work.view": Rule(_("see their work"), EVERY_ROLE, relations=_by("anyone")),
        "report.view": Rule(_("see compliance reports"), _by(REVIEWER, AUDITOR, ADMIN)),
        "access.view": Rule(_("see who holds what"), _by(AUDITOR, ADMIN)),
        "health.view": Rule(
            _("see the health of this process"),
            _by(REVIEWER, AUDITOR, ADMIN),
            relations=_by("owner"),
        ),
        # Modelling
        "process.register": Rule(_("register a process"), _by(MODELLER)),
        "process.change": Rule(
            _("change this entry"), _by(MODELLER), relations=_by("owner"), needs_relation=True
        ),
        "process.transfer": Rule(_("transfer this process"), relations=_by("owner")),
        "draft.view": Rule(_("see drafts"), EVERY_ROLE),
        "draft.create": Rule(_("create a draft"), _by(MODELLER)),
        "draft.edit": Rule(
            _("edit this draft"),
            _by(MODELLER),
            grant="edit_draft",
            relations=_by("author"),
            needs_relation=True,
        ),
        "draft.comment": Rule(_("comment on drafts"), _by(MODELLER, REVIEWER)),
        "version.comment": Rule(_("comment on versions"), _by(MODELLER, REVIEWER)),
        "thread.view": Rule(_("see comments"), EVERY_ROLE),
        "thread.resolve": Rule(_("resolve comments"), _by(MODELLER, REVIEWER)),
        "mention.read": Rule(_("mark what names them as read"), EVERY_ROLE),
        "draft.try": Rule(
            _("try this draft in the sandbox"),
            _by(MODELLER),
            grant="edit_draft",
            relations=_by("author"),
            needs_relation=True,
        ),
        "model.import": Rule(_("import a model"), _by(MODELLER)),
        "model.download": Rule(_("download models"), _by(MODELLER)),
        "review.submit": Rule(
            _("ask for review of this draft"),
            _by(MODELLER),
            relations=_by("author"),
            needs_relation=True,
        ),
        "review.withdraw": Rule(
            _("withdraw this review"), _by(MODELLER), relations=_by("author"), needs_relation=True
        ),
        "secret.use": Rule(_("use this secret"), _by(MODELLER), built=False),
        "webhook.define": Rule(_("define webhooks"), _by(MODELLER), built=False),
        # Judging
        "review.comment": Rule(_("comment on reviews"), _by(REVIEWER, AUDITOR, MODELLER)),
        "review.vote": Rule(
            _("vote on this review"),
            _by(REVIEWER),
            relations=_by("member"),
            needs_relation=True,
            own_work=True,
        ),
        "version.publish": Rule(_("publish this version"), _by(REVIEWER, OPERATOR)),
        "version.deprecate": Rule(_("deprecate this version"), _by(REVIEWER, ADMIN), built=False),
        "elevation.grant": Rule(_("grant an elevation"), _by(REVIEWER), own_work=True, built=False),
        # Operating
        "run.start": Rule(_("start runs of this process"), _by(OPERATOR), grant="start_run"),
        "message.publish": Rule(
            _("publish a message to runs of this process"), _by(OPERATOR), grant="start_run"
        ),
        "run.pause": Rule(_("pause this run"), _by(OPERATOR), grant="operate_run"),
        "run.resume": Rule(_("resume this run"), _by(OPERATOR), grant="operate_run"),
        "run.cancel": Rule(_("cancel this run"), _by(OPERATOR), grant="operate_run"),
        "run.release": Rule(_("release this run"), _by(OPERATOR), grant="operate_run"),
        "run.migrate": Rule(_("migrate this run"), _by(OPERATOR), grant="operate_run", built=False),
        "user_task.reassign": Rule(
            _("reassign this task"), _by(OPERATOR), grant="operate_run", own_work=True, built=False
        ),
        "incident.retry": Rule(_("retry this incident"), _by(OPERATOR)),
        "circuit.reset": Rule(_("close this circuit"), _by(OPERATOR, ADMIN)),
        "release.create": Rule(
            _("release this version to an environment"), _by(OPERATOR), built=False
        ),
        "release.share": Rule(_("set the share of this release"), _by(OPERATOR), built=False),
        "release.roll_back": Rule(_("roll this release back"), _by(OPERATOR), built=False),
        "elevation.ask": Rule(_("ask for an elevation"), _by(OPERATOR), built=False),
        "run.change_variables": Rule(_("change variables of this run"), _by(OPERATOR), built=False),
        "token.move": Rule(_("skip or move a token"), _by(OPERATOR), built=False),
        "webhook.rotate": Rule(
            _("rotate this webhook key"), _by(OPERATOR, ADMIN), grant="operate_run", built=False
        ),
        # Work of people
        "user_task.claim": Rule(_("claim this task"), relations=_by("candidate"), own_work=True),
        "user_task.complete": Rule(
            _("complete this task"), relations=_by("candidate"), own_work=True
        ),
        "user_task.delegate": Rule(
            _("delegate this task"), relations=_by("candidate"), own_work=True, built=False
        ),
        # Proof
        "audit.read": Rule(_("read the audit"), _by(AUDITOR, ADMIN)),
        "audit.export": Rule(_("export the audit"), _by(AUDITOR), built=False),
        # Administration
        "board.keep": Rule(_("keep boards"), _by(ADMIN)),
        "team.keep": Rule(_("keep teams"), _by(ADMIN)),
        "connection.keep": Rule(_("keep connections"), _by(ADMIN)),
        # Two persons; offered once there is a page for the second.
        "egress.allow": Rule(_("allow a destination"), _by(ADMIN), built=False),
        "person.keep": Rule(_("manage users and roles"), _by(ADMIN), own_work=True),
        "grant.give": Rule(_("give a right on a process"), _by(ADMIN), own_work=True),
        "calendar.keep": Rule(_("keep calendars"), _by(ADMIN), built=False),
        "catalogue.keep": Rule(_("keep catalogue entries"), _by(ADMIN)),
        "environment.keep": Rule(_("keep environments"), _by(ADMIN), built=False),
        "secret.create": Rule(_("create secrets"), _by(ADMIN), built=False),
        "agent.enrol": Rule(_("enrol agents"), _by(ADMIN), built=False),
        "rule.keep": Rule(_("set the rules of drawing"), _by(ADMIN)),
        "quota.set": Rule(_("set the limits of the unit"), _by(ADMIN)),
        "admin_site.open": Rule(_("open the admin site"), _by(ADMIN), built=False),
        # Machines
        "job.complete": Rule(_("complete this job"), relations=_by("leaseholder"), built=False),
        # Nobody
        "unit.create": Rule(_("create a business unit"), built=False),
        "secret.read": Rule(_("read a secret"), built=False),
        "audit.edit": Rule(_("edit or delete audit entries"), built=False),
        "version.delete": Rule(_("delete a published version"), built=False),
    }
)

#: Addresses that ask for no role: what must be reachable before, or without, one.
PUBLIC = "public"
SIGNED_IN = "signed_in"
#: Acts that a program may do with the token of the installation, which stands for no person.
BY_TOKEN = frozenset({"metrics.view"})
