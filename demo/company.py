"""The demo company as data: who works there, in which units, teams and boards.

Nothing here acts. `demo.seeding` makes all of it through the actions that people use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MAIL_DOMAIN = "meridian.example"

SHARED, RETAIL, INSURANCE = "shared-it", "retail-banking", "insurance"
ADMIN, MODELLER, REVIEWER = "ADMIN", "MODELLER", "REVIEWER"
OPERATOR, AUDITOR, VIEWER = "OPERATOR", "AUDITOR", "VIEWER"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the company: where they belong, and what they are there."""

    name: str
    does: str
    roles: Mapping[str, tuple[str, ...]]
    time_zone: str = "Europe/Berlin"

    @property
    def email(self) -> str:
        """Return the address they sign in with."""
        return f"{self.name.lower().replace(' ', '.')}@{MAIL_DOMAIN}"


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team, whose members may belong to other units."""

    key: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardPlan:
    """A board, whose members may belong to other units."""

    key: str
    name: str
    quorum: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A business unit and who keeps it in order."""

    key: str
    name: str
    admin: str
    teams: tuple[TeamPlan, ...]
    boards: tuple[BoardPlan, ...]


def _at(unit: str, *roles: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({unit: roles})


PEOPLE = (
    Member("Helena Brandt", "keeps people, roles and boards in order", _at(SHARED, ADMIN)),
    Member("Ana Ruiz", "owns and draws changes", _at(SHARED, MODELLER)),
    Member("Yusuf Demir", "owns and draws operations", _at(SHARED, MODELLER)),
    Member("Jonas Weber", "owns and draws access", _at(SHARED, MODELLER)),
    Member("Claire Dubois", "asks for changes, operates", _at(SHARED, OPERATOR)),
    Member("Ben Carter", "operates, is on call", _at(SHARED, OPERATOR)),
    Member("Tove Olsen", "operates storage", _at(SHARED, OPERATOR)),
    Member("Grace Okafor", "sits on both boards", _at(SHARED, REVIEWER)),
    Member("Marek Novak", "sits on the change board", _at(SHARED, REVIEWER)),
    Member("Priya Nair", "sits on both boards", _at(SHARED, REVIEWER)),
    Member("Sofia Lindqvist", "sits on the security board", _at(SHARED, REVIEWER)),
    Member("Dana Keller", "audits", _at(SHARED, AUDITOR)),
    Member("Nora Haugen", "looks on", _at(SHARED, VIEWER)),
    Member(
        "Oliver Grant",
        "keeps Retail Banking and Insurance in order",
        MappingProxyType({RETAIL: (ADMIN,), INSURANCE: (ADMIN,)}),
        time_zone="Europe/London",
    ),
    Member(
        "Lena Fischer",
        "models and operates in Retail Banking and Insurance",
        MappingProxyType({RETAIL: (MODELLER, OPERATOR), INSURANCE: (MODELLER, OPERATOR)}),
    ),
)

UNITS = (
    UnitPlan(
        key=SHARED,
        name="Shared IT",
        admin="Helena Brandt",
        teams=(
            TeamPlan("platform", "Platform", ("Ana Ruiz", "Claire Dubois", "Ben Carter")),
            TeamPlan("identity", "Identity", ("Jonas Weber", "Priya Nair")),
            TeamPlan("network", "Network", ("Marek Novak", "Ben Carter")),
            TeamPlan("service-desk", "Service desk", ("Grace Okafor", "Tove Olsen")),
            TeamPlan("storage", "Storage", ("Yusuf Demir", "Tove Olsen")),
        ),
        boards=(
            BoardPlan(
                "cab",
                "Change Advisory Board",
                2,
                ("Grace Okafor", "Marek Novak", "Priya Nair"),
            ),
            BoardPlan(
                "security",
                "Security Board",
                2,
                ("Sofia Lindqvist", "Priya Nair", "Grace Okafor"),
            ),
        ),
    ),
    UnitPlan(
        key=RETAIL,
        name="Retail Banking",
        admin="Oliver Grant",
        teams=(
            TeamPlan("identity", "Branch identity", ("Oliver Grant", "Jonas Weber")),
            TeamPlan("service-desk", "Branch desk", ("Oliver Grant", "Grace Okafor")),
        ),
        # People of Shared IT judge here: they see what they are asked to judge and nothing else.
        boards=(BoardPlan("security", "Security Board", 1, ("Sofia Lindqvist", "Priya Nair")),),
    ),
    UnitPlan(
        key=INSURANCE,
        name="Insurance",
        admin="Oliver Grant",
        teams=(
            TeamPlan("identity", "Broker identity", ("Oliver Grant", "Jonas Weber")),
            TeamPlan("service-desk", "Broker desk", ("Oliver Grant", "Tove Olsen")),
        ),
        boards=(BoardPlan("security", "Security Board", 1, ("Sofia Lindqvist", "Grace Okafor")),),
    ),
)
