"""JSON: what an admin keeps: people and roles, boards, teams and rights."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.serializers import read
from governance import access
from governance.actions import boards, grants, newcomers, roles, teams
from governance.api import serializers as shapes
from governance.models.units import Role
from governance.queries.groups import list_groups
from governance.queries.people import list_members
from governance.queries.processes import process_id_of


class PeopleView(APIView):
    """The people of the unit in play."""

    acts = {"GET": "access.view", "POST": "person.keep"}

    @extend_schema(responses=shapes.PeopleOut)
    def get(self, request: Request) -> Response:
        """List everyone with what they hold."""
        read(shapes.NothingIn, request.query_params)
        unit_id = access.acting_unit()
        access.require_in_unit("access.view", actor=access.acting(), unit_id=unit_id)
        return Response(shapes.people_answer(list_members(unit_id)))

    @extend_schema(request=shapes.PersonIn, responses={201: shapes.CreatedOut})
    def post(self, request: Request) -> Response:
        """Add a person with their first account and roles."""
        given = read(shapes.PersonIn, request.data)
        person = newcomers.welcome(
            actor=access.acting(),
            unit_id=access.acting_unit(),
            newcomer=newcomers.Newcomer(**{**given, "roles": tuple(map(Role, given["roles"]))}),
        )
        return Response(shapes.created_answer(person), status=201)


class RolesView(APIView):
    """The roles of a person in the unit in play."""

    acts = {"POST": "person.keep"}

    @extend_schema(request=shapes.RoleIn, responses={204: None})
    def post(self, request: Request, person_id: UUID) -> Response:
        """Give a role."""
        role = Role(read(shapes.RoleIn, request.data)["role"])
        unit_id = access.acting_unit()
        roles.give_role(actor=access.acting(), unit_id=unit_id, person_id=person_id, role=role)
        return Response(status=204)


class RoleView(APIView):
    """One role of a person."""

    acts = {"DELETE": "person.keep"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, person_id: UUID, role: str) -> Response:
        """Take the role away."""
        wanted = Role(read(shapes.RoleIn, {"role": role.upper()})["role"])
        unit_id = access.acting_unit()
        roles.take_role(actor=access.acting(), unit_id=unit_id, person_id=person_id, role=wanted)
        return Response(status=204)


class BoardsView(APIView):
    """The boards of the unit in play."""

    acts = {"GET": "access.view", "POST": "board.keep"}

    @extend_schema(responses=shapes.GroupsOut)
    def get(self, request: Request) -> Response:
        """List the boards."""
        read(shapes.NothingIn, request.query_params)
        unit_id = access.acting_unit()
        access.require_in_unit("access.view", actor=access.acting(), unit_id=unit_id)
        return Response(
            shapes.groups_answer("boards", [board for board, _ in list_groups(unit_id).boards])
        )

    @extend_schema(request=shapes.BoardIn, responses={201: shapes.CreatedOut})
    def post(self, request: Request) -> Response:
        """Create a board."""
        given = read(shapes.BoardIn, request.data)
        board = boards.create_board(actor=access.acting(), unit_id=access.acting_unit(), **given)
        return Response(shapes.created_answer(board), status=201)


class BoardMembersView(APIView):
    """The members of a board."""

    acts = {"POST": "board.keep"}

    @extend_schema(request=shapes.MemberIn, responses={204: None})
    def post(self, request: Request, board_id: UUID) -> Response:
        """Put a person on the board."""
        person_id = read(shapes.MemberIn, request.data)["person"]
        boards.add_member(actor=access.acting(), board_id=board_id, person_id=person_id)
        return Response(status=204)


class TeamsView(APIView):
    """The teams of the unit in play."""

    acts = {"GET": "access.view", "POST": "team.keep"}

    @extend_schema(responses=shapes.GroupsOut)
    def get(self, request: Request) -> Response:
        """List the teams."""
        read(shapes.NothingIn, request.query_params)
        unit_id = access.acting_unit()
        access.require_in_unit("access.view", actor=access.acting(), unit_id=unit_id)
        return Response(
            shapes.groups_answer("teams", [team for team, _ in list_groups(unit_id).teams])
        )

    @extend_schema(request=shapes.TeamIn, responses={201: shapes.CreatedOut})
    def post(self, request: Request) -> Response:
        """Create a team."""
        given = read(shapes.TeamIn, request.data)
        team = teams.create_team(actor=access.acting(), unit_id=access.acting_unit(), **given)
        return Response(shapes.created_answer(team), status=201)


class TeamMembersView(APIView):
    """The members of a team."""

    acts = {"POST": "team.keep"}

    @extend_schema(request=shapes.MemberIn, responses={204: None})
    def post(self, request: Request, team_id: UUID) -> Response:
        """Put a person on the team."""
        person_id = read(shapes.MemberIn, request.data)["person"]
        teams.add_member(actor=access.acting(), team_id=team_id, person_id=person_id)
        return Response(status=204)


class GrantsView(APIView):
    """The rights on a process."""

    acts = {"POST": "grant.give", "DELETE": "grant.give"}

    @extend_schema(request=shapes.GrantIn, responses={204: None})
    def post(self, request: Request, key: str) -> Response:
        """Give an account a right."""
        given = read(shapes.GrantIn, request.data)
        grants.give_grant(
            actor=access.acting(),
            process_id=process_id_of(access.acting_unit(), key),
            account_id=given["account"],
            right=given["right"],
        )
        return Response(status=204)

    @extend_schema(request=shapes.GrantIn, responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Take a right from an account."""
        given = read(shapes.GrantIn, request.data)
        grants.take_grant(
            actor=access.acting(),
            process_id=process_id_of(access.acting_unit(), key),
            account_id=given["account"],
            right=given["right"],
        )
        return Response(status=204)
