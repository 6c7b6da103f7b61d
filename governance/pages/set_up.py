"""The first administrator of an empty installation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.context import automation
from common.errors import DomainError
from common.problems import title_of
from governance import set_up_code
from governance.access import act
from governance.actions.installation import FirstAdministrator, set_up
from governance.pages.destinations import HOME
from governance.pages.sessions import enter
from governance.queries import installation

#: Which field a refusal is about; what is not named stands above the form.
_FIELD_OF = {
    "governance.weak_password": "password",
    "governance.bad_address": "email",
    "common.unsafe_name": "name",
    "common.bad_key": "unit_name",
}


class FirstAdministratorForm(forms.Form):
    """Who answers for this installation at its start."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1_000,
        help_text=_("At least 12 characters. A few words are better than many signs."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    unit_name = forms.CharField(
        label=_("Business unit"),
        max_length=120,
        help_text=_("The first one, for example Shared IT."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    code = forms.CharField(
        label=_("Set-up code"),
        max_length=40,
        help_text=_("The command “manage.py set_up_code” on the server prints it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A laptop listens to itself only; a server may be reached by a stranger first.
        if settings.ALLOW_DEMO:
            del self.fields["code"]

    def clean_code(self) -> str:
        """Refuse whoever cannot read the server's own words."""
        code = str(self.cleaned_data["code"]).strip()
        if not set_up_code.fits(code):
            raise forms.ValidationError(_("This is not the code of this server."))
        return code

    def clean(self) -> dict[str, Any]:
        """Refuse a password that was mistyped; nobody could mend it afterwards."""
        found = super().clean() or {}
        if "again" in found and found.get("password") != found["again"]:
            self.add_error("again", _("This is not the same password."))
        return found


@act("public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def first_administrator(request: HttpRequest) -> HttpResponse:
    """Show the form while there is no administrator, and sign the new one in."""
    if installation.is_set_up():
        return HttpResponseRedirect("/sign-in")
    form = FirstAdministratorForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _set_up(form):
            enter(request, form.cleaned_data["email"], form.cleaned_data["password"])
            return HttpResponseRedirect(HOME)
        status = 422
    return render(request, "governance/first_administrator.html", {"form": form}, status=status)


def _set_up(form: FirstAdministratorForm) -> bool:
    given = form.cleaned_data
    first = FirstAdministrator(
        unit_key=slugify(given["unit_name"])[:40].strip("-") or "unit",
        unit_name=given["unit_name"],
        name=given["name"],
        email=given["email"],
        password=given["password"],
    )
    try:
        set_up(actor=automation("set-up"), first=first)
    except DomainError as refusal:
        form.add_error(_FIELD_OF.get(refusal.code), title_of(refusal))
        return False
    return True
