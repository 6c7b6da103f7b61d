"""Routes of the governance app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from governance.api import acts as acts_api
from governance.api import audit as audit_api
from governance.api import limits as limits_api
from governance.api import people as people_api
from governance.pages import (
    access,
    account,
    administration,
    audit,
    limits,
    preferences,
    set_up,
    settings,
)
from governance.pages import sessions as session_pages

_API = "api/v1"

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in", session_pages.sign_in),
    path("sign-out", session_pages.sign_out),
    path("first-administrator", set_up.first_administrator),
    path("account", account.account),
    path("unit", preferences.choose_unit),
    path("audit", audit.audit),
    path("governance/access", access.people),
    path("governance/access/roles", access.roles),
    path("governance/access/new", administration.new_person),
    path("governance/access/people/<uuid:person_id>", administration.person),
    path("governance/access/people/<uuid:person_id>/roles", administration.change_role),
    path("governance/access/people/<uuid:person_id>/grants", administration.change_grant),
    path("governance/access/groups", administration.groups),
    path("governance/access/boards", administration.new_board),
    path("governance/access/boards/members", administration.join_board),
    path("governance/access/boards/<uuid:board_id>/history", settings.board_history),
    path("governance/access/teams", administration.new_team),
    path("governance/access/teams/members", administration.join_team),
    path("governance/access/connections", settings.connections),
    path("governance/access/connections/<uuid:connection_id>/history", settings.connection_history),
    path(
        "governance/access/destinations/<uuid:destination_id>/history",
        settings.destination_history,
    ),
    path("governance/access/limits", limits.limits),
    path("governance/access/limits/history", limits.limits_history),
    path("theme", preferences.choose_theme),
    path("texts.js", preferences.Texts.as_view()),
    path(f"{_API}/acts", acts_api.ActsView.as_view()),
    path(f"{_API}/me", acts_api.MeView.as_view()),
    path(f"{_API}/audit", audit_api.AuditView.as_view()),
    path(f"{_API}/audit/<uuid:entry_id>", audit_api.AuditEntryView.as_view()),
    path(f"{_API}/people", people_api.PeopleView.as_view()),
    path(f"{_API}/people/<uuid:person_id>/roles", people_api.RolesView.as_view()),
    path(f"{_API}/people/<uuid:person_id>/roles/<slug:role>", people_api.RoleView.as_view()),
    path(f"{_API}/limits", limits_api.LimitsView.as_view()),
    path(f"{_API}/boards", people_api.BoardsView.as_view()),
    path(f"{_API}/boards/<uuid:board_id>/members", people_api.BoardMembersView.as_view()),
    path(f"{_API}/teams", people_api.TeamsView.as_view()),
    path(f"{_API}/teams/<uuid:team_id>/members", people_api.TeamMembersView.as_view()),
    path(f"{_API}/processes/<slug:key>/grants", people_api.GrantsView.as_view()),
]
