"""What happens in the demo company as data: runs, and what people did in them so far.

People decide and complete here; machines act once the workers are up. So a change that was approved
deploys in front of whoever has just started the product, and two of them meet a pool that is in
maintenance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.company import INSURANCE, RETAIL, SHARED

APPROVE, REJECT = "approve", "reject"


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody completes a user task, or decides it where it is a gate."""

    element: str
    by: str
    values: Mapping[str, Any] = field(default_factory=dict)
    decision: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One run: who started it with what, and what was done in it."""

    process: str
    starter: str
    reference: str
    title: str
    values: Mapping[str, Any]
    deeds: tuple[Deed, ...] = ()
    unit: str = SHARED


def _change(
    reference: str, starter: str, title: str, deploys: str, *deeds: Deed, opens_in: str = "PT0S"
) -> Happening:
    """Return a change; `deploys` reads "service old new"."""
    service, old, new = deploys.split()
    values = {
        "title": title,
        "service": service,
        "previous_version": old,
        "version": new,
        "effect": "Nobody notices it; the service answers during the change.",
        "way_back": "Deploy the version before, about 4 min.",
        "opens_in": opens_in,
    }
    return Happening("production-change", starter, reference, title, values, deeds)


def _decide(element: str, by: str, decision: str = APPROVE, reason: str = "") -> Deed:
    return Deed(element, by, decision=decision, reason=reason)


def _access(
    reference: str, person: str, system: str, roles: str, *deeds: Deed, ends_after: str = "P30D"
) -> Happening:
    """Return an access request; `roles` reads "wanted held"."""
    role, held = roles.split()
    values = {
        "person": person,
        "system": system,
        "role": role,
        "held_role": held,
        "reason": "Month end: a colleague is away.",
        "ends_after": ends_after,
    }
    title = f"{system}: {role} for {person}"
    return Happening("access-request", "Tove Olsen", reference, title, values, deeds)


def _backup(reference: str, archive: str) -> Happening:
    values = {"asked_archive": archive}
    title = f"Sample of {archive}"
    return Happening("backup-verification", "Tove Olsen", reference, title, values)


_APPROVED = _decide("approve_change", "Marek Novak", reason="Window and way back are clear.")
_CLEAR = _decide("approve_change", "Grace Okafor", reason="The effect is small.")

CHANGES = (
    _change("CHG-2039", "Claire Dubois", "Upgrade core-db-03", "core-db-03 17.1 17.2"),
    _change("CHG-2041", "Ben Carter", "Restart payment gateway nodes", "pay-gateway 6.2 6.2.1"),
    _change(
        "CHG-2031", "Claire Dubois", "Rotate HSM operator cards", "hsm-cards 2025 2026", _APPROVED
    ),
    _change(
        "CHG-2036", "Ben Carter", "Renew load balancer pool edge-b", "edge-b 9.3 9.4", _APPROVED
    ),
    _change("CHG-2037", "Tove Olsen", "Raise limits of pool edge-b", "edge-b 9.4 9.5", _CLEAR),
    _change("CHG-2033", "Claire Dubois", "Rebuild search index", "search-index 3.8 4.0", _APPROVED),
    _change(
        "CHG-2034",
        "Ben Carter",
        "Move mail relays to TLS 1.3",
        "mail-relay 5.1 5.2",
        _CLEAR,
        opens_in="PT8H",
    ),
    _change(
        "CHG-2035",
        "Tove Olsen",
        "Switch off the old time servers",
        "ntp-old 4.2 none",
        _decide("approve_change", "Priya Nair", REJECT, "Two sites still ask them for the time."),
    ),
)

ACCESS = (
    _access("AR-7712", "n.haugen", "SAP FI-AP", "poster none"),
    _access("AR-7714", "m.ferrari", "SAP FI-AP", "payer poster"),
    _access(
        "AR-7716",
        "k.jensen",
        "Treasury",
        "payer poster",
        _decide("accept_exception", "Sofia Lindqvist", reason="For two weeks, nobody else can."),
    ),
    _access(
        "AR-7709",
        "p.duarte",
        "Data lake",
        "reader none",
        _decide("approve_access", "Priya Nair", reason="Needed for the quarter report."),
    ),
    _access(
        "AR-7703",
        "r.klein",
        "Production database",
        "administrator none",
        _decide("approve_access", "Priya Nair", REJECT, "Read access is enough for this work."),
    ),
    Happening(
        "access-revocation",
        "Tove Olsen",
        "AR-7718",
        "Revoke all access of s.moreau",
        {"person": "s.moreau", "cause": "leaves"},
    ),
)

OPERATIONS = (
    Happening(
        "major-incident",
        "Ben Carter",
        "INC-48213",
        "Card payments failing in region north",
        {
            "title": "Card payments failing in region north",
            "service": "card-payments",
            "severity": "1",
            "impact": "Every branch and shop in region north.",
        },
        (Deed("confirm_severity", "Grace Okafor", {"severity": "1"}),),
    ),
    Happening(
        "server-provisioning",
        "Claire Dubois",
        "SRV-311",
        "Two servers for the ledger tests",
        {"purpose": "Ledger tests", "count": 2, "size": "m", "zone": "north"},
    ),
    Happening(
        "server-provisioning",
        "Tove Olsen",
        "SRV-312",
        "Six servers for month end",
        {"purpose": "Month end", "count": 6, "size": "l", "zone": "south"},
    ),
    Happening(
        "certificate-rotation",
        "Ben Carter",
        "CR-118",
        "Certificate of pay.example",
        {"asked_name": "pay.example"},
    ),
    Happening(
        "certificate-rotation",
        "Claire Dubois",
        "CR-119",
        "Certificate of mail.example",
        {"asked_name": "mail.example"},
    ),
    _backup("BV-3388", "ledger-archive"),
    _backup("BV-3389", "hr-files"),
    _backup("BV-3390", "mail-archive"),
    _backup("BV-3391", "search-index"),
    Happening(
        "patch-rollout",
        "Ben Carter",
        "PR-206",
        "Windows file servers, November",
        {"patch": "2026-11", "rings": 3, "watch_for": "P1D"},
    ),
    Happening(
        "failover-drill",
        "Ben Carter",
        "FD-031",
        "Ledger read replicas",
        {
            "service": "ledger-replica",
            "second_site": "south",
            "hold": "PT15M",
            "plan": "Switch at 20:00, hold for a quarter of an hour, go back.",
        },
    ),
)

REQUESTS = (
    Happening(
        "vendor-onboarding",
        "Claire Dubois",
        "VO-088",
        "Kestrel Observability",
        {
            "vendor": "Kestrel Observability",
            "service": "Traces",
            "data": "internal",
            "reason": "Our own traces end at the edge.",
        },
        (
            Deed("judge_contract", "Grace Okafor", {"finances": "sound"}),
            Deed("judge_security", "Priya Nair", {"security": "good"}),
        ),
    ),
    Happening(
        "vendor-onboarding",
        "Ben Carter",
        "VO-085",
        "Blue Harbour Hosting",
        {
            "vendor": "Blue Harbour Hosting",
            "service": "Virtual servers",
            "data": "confidential",
            "reason": "Cheaper than our own.",
        },
        (
            Deed("judge_contract", "Tove Olsen", {"finances": "weak"}),
            Deed("judge_security", "Priya Nair", {"security": "poor"}),
            _decide("approve_vendor", "Sofia Lindqvist", REJECT, "Poor security for this data."),
        ),
    ),
    Happening(
        "data-deletion-request",
        "Tove Olsen",
        "DD-051",
        "Customer 88 213 410",
        {"person": "A. Lindgren", "customer_number": "88213410", "came_by": "Letter"},
    ),
    Happening(
        "data-deletion-request",
        "Tove Olsen",
        "DD-049",
        "Customer 70 115 002",
        {"person": "T. Okonkwo", "customer_number": "70115002", "came_by": "Branch"},
        (
            Deed(
                "confirm_identity",
                "Grace Okafor",
                {"identity": "confirmed", "proof": "Passport shown in the branch"},
            ),
            _decide("release_deletion", "Sofia Lindqvist", reason="No law asks us to keep it."),
        ),
    ),
    Happening(
        "access-request",
        "Lena Fischer",
        "RB-204",
        "Branch till: reader for d.marsh",
        {
            "person": "d.marsh",
            "system": "Branch till",
            "role": "reader",
            "held_role": "none",
            "reason": "New colleague.",
            "ends_after": "P180D",
        },
        unit=RETAIL,
    ),
    Happening(
        "vendor-onboarding",
        "Lena Fischer",
        "IN-017",
        "Harrow & Finch brokers",
        {
            "vendor": "Harrow & Finch",
            "service": "Brokerage",
            "data": "internal",
            "reason": "Covers the coast.",
        },
        unit=INSURANCE,
    ),
)

#: How many hours ago each run began, and how many hours later each of its deeds was done.
WHEN: Mapping[str, tuple[float, ...]] = {
    "VO-085": (96, 6, 8, 30),
    "DD-049": (74, 4, 20),
    "VO-088": (70, 5, 20),
    "AR-7703": (50, 5),
    "BV-3388": (57,),
    "BV-3389": (33,),
    "AR-7709": (30, 3),
    "AR-7716": (28, 4),
    "CHG-2035": (26, 3),
    "CR-118": (26,),
    "CR-119": (24,),
    "SRV-312": (22,),
    "AR-7714": (20,),
    "DD-051": (18,),
    "FD-031": (12,),
    "BV-3390": (9,),
    "BV-3391": (8.8,),
    "CHG-2041": (8.6,),
    "CHG-2034": (7, 3),
    "IN-017": (7,),
    "AR-7718": (6,),
    "CHG-2033": (6, 2),
    "CHG-2031": (5, 1),
    "RB-204": (5,),
    "SRV-311": (5,),
    "AR-7712": (4,),
    "CHG-2036": (4, 1),
    "CHG-2039": (3,),
    "PR-206": (3,),
    "CHG-2037": (2.5, 0.5),
    "INC-48213": (1.3, 0.1),
}

HAPPENINGS = (*CHANGES, *ACCESS, *OPERATIONS, *REQUESTS)
