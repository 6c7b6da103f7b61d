"""Signing in and out."""

from __future__ import annotations

from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from common import context
from common.errors import DomainError
from common.problems import status_of, title_of
from governance import sessions
from governance.access import act
from governance.actions import accounts
from governance.models.people import Account
from governance.pages import devices
from governance.pages.destinations import destination
from governance.queries import installation

BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignInForm(forms.Form):
    """Address and password."""

    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@act("public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or open a session and go where the person wanted to go."""
    target = destination(request)
    if not installation.is_set_up():
        return HttpResponseRedirect("/first-administrator")
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            account = enter(request, form.cleaned_data["email"], form.cleaned_data["password"])
        except DomainError as refusal:
            form.add_error("password", title_of(refusal))
            status = status_of(refusal)
        else:
            response = HttpResponseRedirect(target)
            devices.remember(response, account)
            return response
    page = {"form": form, "next": target, "ended": "next" in request.GET}
    return render(request, "governance/sign_in.html", page, status=status)


@act("public")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; nothing of it stays in the browser."""
    actor = context.current().actor
    if actor is not None:
        accounts.sign_out(actor=actor)
    logout(request)
    return HttpResponseRedirect("/sign-in")


def enter(request: HttpRequest, email: str, password: str) -> Account:
    """Open a session under a new key, so that one known before is worth nothing.

    Raises:
        WrongCredentials, TooManyAttempts: as `accounts.sign_in`.
    """
    source = request.META.get("REMOTE_ADDR", "")
    device = devices.known(request, email)
    account = accounts.sign_in(email=email, password=password, source=source, device=device)
    login(request, account, backend=BACKEND)
    sessions.begin(request)
    return account
