"""Governance's tables. Django finds them through this module; code imports the noun's own."""

from governance.models.audit import AuditEntry, AuditPayload, AuditSeal
from governance.models.boards import Board, BoardMember
from governance.models.connections import Connection, EgressDestination
from governance.models.limits import UnitLimits
from governance.models.people import Account, Person
from governance.models.processes import Process, ProcessGrant
from governance.models.sign_ins import FailedSignIn
from governance.models.units import RoleAssignment, Team, TeamMember, Unit

__all__ = [
    "Account",
    "AuditEntry",
    "AuditPayload",
    "AuditSeal",
    "Board",
    "BoardMember",
    "Connection",
    "EgressDestination",
    "FailedSignIn",
    "Person",
    "Process",
    "ProcessGrant",
    "RoleAssignment",
    "Team",
    "TeamMember",
    "Unit",
    "UnitLimits",
]
