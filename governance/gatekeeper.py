"""The door of every page and API address: who is there, which units they see, and may they enter.

Deny by default: a view without an act is refused, and a test walks all routes to find one. The
door asks whether the act is open to this person at all; the action or query behind it asks again
with the subject in hand.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from common import context, problems, tenancy
from common.context import Actor
from common.errors import DomainError, Forbidden
from governance import access, access_table, audit, sessions
from governance.audit_codes import Code
from governance.errors import NotAllowed, NotBuilt
from governance.models.people import Account

SESSION_UNIT = "unit"


class Gatekeeper:
    """Middleware; the last before the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the scene of a signed-in person, and let the rest run in it."""
        user = request.user
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.get_response(request)
        if not sessions.goes_on(request, user):
            logout(request)
            return self.get_response(request)
        actor = actor_of(user)
        with (
            context.scene(replace(context.current(), actor=actor)),
            in_sight_of(user.person_id) as home,
        ):
            request.unit_id = chosen_unit(request, home)  # type: ignore[attr-defined]
            with (
                context.scene(replace(context.current(), unit_id=request.unit_id)),  # type: ignore[attr-defined]
                timezone.override(user.person.time_zone),
            ):
                response = self.get_response(request)
                _note_refusal(request, response, user)
                return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse at the door, or return None to let the view answer."""
        name = act_of(view, request.method or "GET")
        if name == access_table.PUBLIC:
            return None
        actor = context.current().actor
        if actor is None:
            return None if _shows_token(request, name) else _sign_in_first(request)
        refusal = _refusal(name, actor)
        return None if refusal is None else problems.answer(request, refusal)


def act_of(view: Callable[..., Any], method: str) -> str | None:
    """Return the act a view is classified by, for a method; None where nobody classified it.

    Function views carry `act`; class-based API views carry `acts`, one per method.
    """
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if kind is not None:
        acts = getattr(kind, "acts", {})
        return acts.get("GET" if method in ("HEAD", "OPTIONS") else method)
    return getattr(view, "act", None)


def actor_of(account: Account) -> Actor:
    """Return the person behind an account as the actor of what follows."""
    return Actor(name=account.person.name, person_id=account.person_id, account_id=account.pk)


class in_sight_of:  # noqa: N801  (reads as a phrase where it is used)
    """Let the block see the units of a person: where they hold a role, and where they are guests.

    Answers the units of their roles, the first of them their home.
    """

    def __init__(self, person_id: UUID) -> None:
        self.person_id = person_id

    def __enter__(self) -> list[UUID]:
        """Open the view."""
        home, guest = access.sight_of(self.person_id)
        self.scope = tenancy.units_in_scope([*home, *guest])
        self.scope.__enter__()
        return home

    def __exit__(self, *error: Any) -> None:
        """Close it again."""
        self.scope.__exit__(*error)


def chosen_unit(request: HttpRequest, home: list[UUID]) -> UUID | None:
    """Return the unit in play: the one chosen in this session, else the first that is theirs."""
    text = request.session.get(SESSION_UNIT, "")
    chosen = next((unit_id for unit_id in home if str(unit_id) == text), None)
    return chosen or next(iter(home), None)


def _note_refusal(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Record that somebody was refused; what does not exist for them leaves no trace."""
    refusal = getattr(response, "refusal", None)
    unit_id: UUID | None = request.unit_id  # type: ignore[attr-defined]
    if unit_id is None or not isinstance(refusal, Forbidden):
        return
    with transaction.atomic():
        audit.record(
            Code.ACT_REFUSED,
            actor=actor_of(account),
            subject=audit.InUnit(account, unit_id),
            reason=problems.title_of(refusal),
            after={
                "act": _act_asked(request),
                "rule": refusal.code,
                "address": f"{request.method} {request.path[:200]}",
            },
        )


def _act_asked(request: HttpRequest) -> str:
    """Return the act that the address stands for; empty where no view was found."""
    match = request.resolver_match
    return (act_of(match.func, request.method or "GET") or "") if match else ""


def _refusal(name: str | None, actor: Actor) -> DomainError | None:
    if name == access_table.SIGNED_IN:
        return None
    if name is None:
        return problems.Refused()
    if access.may_somewhere(name, actor=actor):
        return None
    rule = access_table.TABLE[name]
    if not rule.built:
        return NotBuilt(act=str(rule.words))
    return NotAllowed(who=actor.name, act=str(rule.words), remedy=access.remedy(rule))


def _shows_token(request: HttpRequest, name: str | None) -> bool:
    """Tell whether a program may do the act: it shows the token, and the installation has one."""
    scheme, _space, shown = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN.encode()
    is_right = secrets.compare_digest(shown.strip().encode(), token)
    return name in access_table.BY_TOKEN and bool(token) and scheme == "Bearer" and is_right


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if problems.wants_json(request):
        return problems.answer(request, problems.NotSignedIn())
    return HttpResponseRedirect(f"/sign-in?next={quote(request.get_full_path())}")
