"""The demo company's processes as data: who answers for each, and how its versions came to be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.company import INSURANCE, RETAIL, SHARED

MODELS = Path(__file__).parent / "models"


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a process. `edits` are what the file said then, and what it says today."""

    note: str
    edits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPlan:
    """A process: its entry in the register, its model, and how its versions came to be."""

    unit: str
    key: str
    name: str
    purpose: str
    owner: str
    backup: str
    team: str
    board: str
    risk: str
    data: str = "INTERNAL"
    practice: str
    tags: tuple[str, ...]
    starters: tuple[str, ...]
    voters: tuple[str, ...]
    publisher: str = ""
    editions: tuple[Edition, ...] = field(default_factory=lambda: (Edition("First version."),))

    def model(self, edition: Edition | None = None) -> bytes:
        """Return the model's file, as it was in an edition."""
        text = (MODELS / f"{self.key}.bpmn").read_text(encoding="utf-8")
        for then, today in edition.edits if edition else ():
            text = text.replace(today, then)
        return text.encode()


_CAB = ("Marek Novak", "Grace Okafor")
_SECURITY = ("Sofia Lindqvist", "Priya Nair")
_ON_CALL = ("Claire Dubois", "Ben Carter", "Tove Olsen")

PROCESSES = (
    ProcessPlan(
        unit=SHARED,
        key="production-change",
        name="Production change with CAB approval",
        purpose="Changes to production: decided by the board, made in a window, tested, taken "
        "back when the service is not well.",
        owner="Ana Ruiz",
        backup="Yusuf Demir",
        team="platform",
        board="cab",
        risk="HIGH",
        practice="CHANGE",
        tags=("change", "production"),
        starters=_ON_CALL,
        voters=_CAB,
        editions=(
            Edition(
                "First version.",
                (("Late after 2 h", "Late after 4 h"), (">PT2H<", ">PT4H<")),
            ),
            Edition("The board has 4 h before it is reminded: 2 h woke people at lunch."),
        ),
    ),
    ProcessPlan(
        unit=SHARED,
        key="access-request",
        name="Access request with separation of duties",
        purpose="A role for a time. Duties that must not meet in one hand go to the Security "
        "Board; the role is taken away by itself.",
        owner="Jonas Weber",
        backup="Ana Ruiz",
        team="identity",
        board="security",
        risk="HIGH",
        data="CONFIDENTIAL",
        practice="ACCESS",
        tags=("access", "separation of duties"),
        starters=_ON_CALL,
        voters=_SECURITY,
        editions=(
            Edition(
                "First version.",
                (('<interlock:gate quorum="1" />', '<interlock:gate quorum="2" />'),),
            ),
            Edition("An exception from separation of duties takes two members."),
        ),
    ),
    ProcessPlan(
        unit=SHARED,
        key="access-revocation",
        name="Access revocation",
        purpose="Accounts, sessions and roles go at once; devices are collected.",
        owner="Jonas Weber",
        backup="Ana Ruiz",
        team="identity",
        board="security",
        risk="HIGH",
        data="CONFIDENTIAL",
        practice="ACCESS",
        tags=("access", "leavers"),
        starters=_ON_CALL,
        voters=_SECURITY,
    ),
    ProcessPlan(
        unit=SHARED,
        key="major-incident",
        name="Major incident",
        purpose="Status updates, cause, switch-over and vendor side by side, and a post-mortem.",
        owner="Yusuf Demir",
        backup="Ana Ruiz",
        team="service-desk",
        board="cab",
        risk="HIGH",
        practice="INCIDENT",
        tags=("incident", "communication"),
        starters=_ON_CALL,
        voters=_CAB,
        editions=(
            Edition("First version.", ((">PT1H<", ">PT30M<"),)),
            Edition("Status updates go out every half hour, no longer every hour."),
        ),
    ),
    ProcessPlan(
        unit=SHARED,
        key="server-provisioning",
        name="Server provisioning",
        purpose="New servers by machine; what is not well is taken back.",
        owner="Yusuf Demir",
        backup="Ana Ruiz",
        team="platform",
        board="cab",
        risk="MEDIUM",
        practice="DEPLOYMENT",
        tags=("servers",),
        starters=_ON_CALL,
        voters=_CAB,
    ),
    ProcessPlan(
        unit=SHARED,
        key="certificate-rotation",
        name="Certificate rotation",
        purpose="A certificate is replaced before it ends; the old one returns if endpoints "
        "stop answering.",
        owner="Ana Ruiz",
        backup="Yusuf Demir",
        team="platform",
        board="cab",
        risk="MEDIUM",
        practice="DEPLOYMENT",
        tags=("certificates", "monthly"),
        starters=_ON_CALL,
        voters=_CAB,
    ),
    ProcessPlan(
        unit=SHARED,
        key="backup-verification",
        name="Backup verification",
        purpose="A sample of a backup is restored every night and compared.",
        owner="Yusuf Demir",
        backup="Ana Ruiz",
        team="storage",
        board="cab",
        risk="MEDIUM",
        practice="CONTINUITY",
        tags=("backup", "nightly"),
        starters=_ON_CALL,
        voters=_CAB,
        editions=(
            Edition("First version.", (("Every week", "Every night"), ("R/P7D", "R/P1D"))),
            Edition("A sample is restored every night: a week was too long to find out."),
        ),
    ),
    ProcessPlan(
        unit=SHARED,
        key="patch-rollout",
        name="Patch rollout in rings",
        purpose="A patch reaches the next ring when somebody releases it.",
        owner="Yusuf Demir",
        backup="Ana Ruiz",
        team="platform",
        board="cab",
        risk="MEDIUM",
        practice="DEPLOYMENT",
        tags=("patches",),
        starters=_ON_CALL,
        voters=_CAB,
    ),
    ProcessPlan(
        unit=SHARED,
        key="vendor-onboarding",
        name="Vendor onboarding",
        purpose="Two teams look at a vendor, the Security Board approves, then it is signed.",
        owner="Jonas Weber",
        backup="Ana Ruiz",
        team="service-desk",
        board="security",
        risk="MEDIUM",
        practice="SUPPLIER",
        tags=("vendors",),
        starters=_ON_CALL,
        voters=_SECURITY,
    ),
    ProcessPlan(
        unit=SHARED,
        key="data-deletion-request",
        name="Data deletion request",
        purpose="Identity proved, deletion released by a second person, answered in time.",
        owner="Jonas Weber",
        backup="Yusuf Demir",
        team="service-desk",
        board="security",
        risk="HIGH",
        data="CONFIDENTIAL",
        practice="REQUEST",
        tags=("privacy",),
        starters=_ON_CALL,
        voters=_SECURITY,
    ),
    ProcessPlan(
        unit=SHARED,
        key="failover-drill",
        name="Failover drill",
        purpose="A planned switch to the second site and back, with the time it took.",
        owner="Ana Ruiz",
        backup="Yusuf Demir",
        team="network",
        board="cab",
        risk="MEDIUM",
        practice="CONTINUITY",
        tags=("drill",),
        starters=_ON_CALL,
        voters=_CAB,
    ),
    ProcessPlan(
        unit=RETAIL,
        key="access-request",
        name="Access request for branches",
        purpose="Roles in branch systems, for a time.",
        owner="Lena Fischer",
        backup="Oliver Grant",
        team="identity",
        board="security",
        risk="HIGH",
        data="CONFIDENTIAL",
        practice="ACCESS",
        tags=("access", "branches"),
        starters=("Lena Fischer",),
        voters=("Sofia Lindqvist",),
        publisher="Lena Fischer",
    ),
    ProcessPlan(
        unit=INSURANCE,
        key="vendor-onboarding",
        name="Broker onboarding",
        purpose="A broker is looked at and approved before a contract is signed.",
        owner="Lena Fischer",
        backup="Oliver Grant",
        team="service-desk",
        board="security",
        risk="MEDIUM",
        practice="SUPPLIER",
        tags=("brokers",),
        starters=("Lena Fischer",),
        voters=("Sofia Lindqvist",),
        publisher="Lena Fischer",
    ),
)

#: A next version the board is looking at: one vote of two is cast.
IN_REVIEW = ("production-change", "Yusuf Demir", "Marek Novak")
REVIEW_NOTE = "Two members decide from now on, and a snapshot is taken while the change waits."
REVIEW_COMMENT = "The snapshot shortens the way back. The window must be long enough for it."

#: A process that somebody is still drawing; its draft says what is missing.
UNFINISHED = ProcessPlan(
    unit=SHARED,
    key="dns-record-change",
    name="DNS record change",
    purpose="A record in a public zone, checked by a second person.",
    owner="Ana Ruiz",
    backup="Yusuf Demir",
    team="network",
    board="cab",
    risk="LOW",
    practice="CHANGE",
    tags=("dns",),
    starters=(),
    voters=(),
    editions=(),
)


#: The form and the decision that are drawn for it.
UNFINISHED_FILES = ("record-check.form", "record-risk.dmn")


def unfinished_file(name: str) -> bytes:
    """Return a file of the process that somebody is still drawing."""
    return (MODELS / "proposed" / name).read_bytes()


def proposed_scenarios(key: str) -> list[dict[str, Any]]:
    """Return what was tried of a proposed model and is tried again: names and contents."""
    text = (MODELS / "proposed" / f"{key}.scenarios.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def proposed(key: str) -> bytes:
    """Return a model that is proposed, not live."""
    return (MODELS / "proposed" / f"{key}.bpmn").read_bytes()
