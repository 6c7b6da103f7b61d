"""What an admin keeps by hand: people and their roles, boards, teams, rights on processes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.problems import NotFound, title_of
from governance.access import act, acting, acting_unit
from governance.actions import boards, grants, newcomers, roles, teams
from governance.models.units import Role
from governance.queries.groups import list_groups
from governance.queries.people import get_member, list_people
from governance.queries.units import get_unit

_PEOPLE = "/governance/access"
_GROUPS = "/governance/access/groups"
_FIELD_OF = {
    "governance.weak_password": "password",
    "governance.bad_address": "email",
    "governance.already_exists": "email",
    "governance.bad_time_zone": "time_zone",
    "common.unsafe_name": "name",
}


class PersonForm(forms.Form):
    """A person who joins the unit."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    password = forms.CharField(
        label=gettext_lazy("First password"),
        strip=False,
        max_length=1_000,
        help_text=gettext_lazy("At least 12 characters. Hand it over in person."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"), max_length=64, initial="UTC", required=False
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def newcomer(self) -> newcomers.Newcomer:
        """Return who joins."""
        given = self.cleaned_data
        return newcomers.Newcomer(
            name=given["name"],
            email=given["email"],
            password=given["password"],
            time_zone=given["time_zone"] or "UTC",
            roles=tuple(map(Role, given["roles"])),
        )


class RoleForm(forms.Form):
    """A role to give or to take."""

    role = forms.ChoiceField(choices=Role.choices)
    take = forms.BooleanField(required=False)


class MemberForm(forms.Form):
    """A person, and the board or team they join."""

    person = forms.UUIDField()
    board = forms.UUIDField(required=False)
    team = forms.UUIDField(required=False)


class GroupForm(forms.Form):
    """A new board or team; the key follows from the name."""

    name = forms.CharField(max_length=120)
    quorum = forms.IntegerField(min_value=1, max_value=100, required=False)

    def key(self) -> str:
        """Return the key that models call it by."""
        return slugify(str(self.cleaned_data["name"]))[:40].strip("-")


class GrantForm(forms.Form):
    """A right on a process, to give or to take, on every account of a person."""

    process = forms.UUIDField()
    right = forms.ChoiceField(choices=[(right, right) for right in grants.RIGHTS])
    take = forms.BooleanField(required=False)


@act("person.keep")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Show the form, or add a person and go to their page."""
    form = PersonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person = newcomers.welcome(
                    actor=acting(), unit_id=acting_unit(), newcomer=form.newcomer()
                )
            except DomainError as refusal:
                form.add_error(_FIELD_OF.get(refusal.code), title_of(refusal))
            else:
                messages.success(request, _("{name} was added.").format(name=person.name))
                return HttpResponseRedirect(f"{_PEOPLE}/people/{person.pk}")
    return render(request, "governance/person_new.html", {"form": form}, status=status)


@act("person.keep")
@require_safe
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show all that one person holds in the unit, with the acts that change it."""
    unit_id = acting_unit()
    member = get_member(unit_id, person_id)
    page = {
        "member": member,
        "roles": [(role, Role(role).label, role in member.roles) for role in Role.values],
        "groups": list_groups(unit_id),
        "rights": grants.labels(),
        "unit": get_unit(unit_id),
        "is_self": person_id == acting().person_id,
    }
    return render(request, "governance/person.html", page)


@act("person.keep")
@require_POST
def change_role(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Give or take a role."""
    given = _read(RoleForm(request.POST))
    change = roles.take_role if given["take"] else roles.give_role
    attempt: Callable[[], Any] = partial(
        change,
        actor=acting(),
        unit_id=acting_unit(),
        person_id=person_id,
        role=Role(given["role"]),
    )
    done = _("The role was taken.") if given["take"] else _("The role was given.")
    return _try(request, attempt, done, f"{_PEOPLE}/people/{person_id}")


@act("grant.give")
@require_POST
def change_grant(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Give or take a right on a process."""
    given = _read(GrantForm(request.POST))
    attempt = partial(
        grants.change_for_person,
        actor=acting(),
        process_id=given["process"],
        person_id=person_id,
        right=given["right"],
        give=not given["take"],
    )
    done = _("The right was taken.") if given["take"] else _("The right was given.")
    return _try(request, attempt, done, f"{_PEOPLE}/people/{person_id}")


@act("board.keep")
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Show the boards and teams of the unit with their members."""
    unit_id = acting_unit()
    page = {
        "groups": list_groups(unit_id),
        "people": list_people(unit_id),
        "unit": get_unit(unit_id),
    }
    return render(request, "governance/groups.html", page)


@act("board.keep")
@require_POST
def new_board(request: HttpRequest) -> HttpResponse:
    """Create a board."""
    form = GroupForm(request.POST)
    given = _read(form)
    attempt = partial(
        boards.create_board,
        actor=acting(),
        unit_id=acting_unit(),
        key=form.key(),
        name=given["name"],
        quorum=given["quorum"] or 1,
    )
    return _try(request, attempt, _("The board was created."), _GROUPS)


@act("team.keep")
@require_POST
def new_team(request: HttpRequest) -> HttpResponse:
    """Create a team."""
    form = GroupForm(request.POST)
    given = _read(form)
    attempt = partial(
        teams.create_team,
        actor=acting(),
        unit_id=acting_unit(),
        key=form.key(),
        name=given["name"],
    )
    return _try(request, attempt, _("The team was created."), _GROUPS)


@act("board.keep")
@require_POST
def join_board(request: HttpRequest) -> HttpResponse:
    """Put a person on a board."""
    given = _read(MemberForm(request.POST))
    attempt = partial(
        boards.add_member, actor=acting(), board_id=given["board"], person_id=given["person"]
    )
    return _try(request, attempt, _("They are on the board now."), _GROUPS)


@act("team.keep")
@require_POST
def join_team(request: HttpRequest) -> HttpResponse:
    """Put a person on a team."""
    given = _read(MemberForm(request.POST))
    attempt = partial(
        teams.add_member, actor=acting(), team_id=given["team"], person_id=given["person"]
    )
    return _try(request, attempt, _("They are on the team now."), _GROUPS)


def _read(form: forms.Form) -> dict[str, Any]:
    """Return the values of a form whose controls allow right values only.

    Raises:
        NotFound: it asks for something that cannot be.
    """
    if not form.is_valid():
        raise NotFound
    return form.cleaned_data


def _try(request: HttpRequest, attempt: Callable[[], Any], done: str, back: str) -> HttpResponse:
    """Do it and say so, or say why not; either way the page that asked is shown again."""
    try:
        attempt()
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, title_of(refusal))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back)
