"""HTML: one's own account, and its password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.problems import NotSignedIn, status_of, title_of
from governance.access import act
from governance.actions import accounts
from governance.models.people import Account
from governance.pages import devices

_FIELD_OF = {"governance.weak_password": "new"}


def _password(label: Any, autocomplete: str, hint: Any = "") -> forms.CharField:
    attributes = {"autocomplete": autocomplete}
    widget = forms.PasswordInput(attrs=attributes)
    return forms.CharField(
        label=label, strip=False, max_length=1_000, help_text=hint, widget=widget
    )


class PasswordForm(forms.Form):
    """The password one has, and another one twice."""

    old = _password(gettext_lazy("Your password"), "current-password")
    new = _password(
        gettext_lazy("New password"), "new-password", gettext_lazy("At least 12 characters.")
    )
    again = _password(gettext_lazy("The new one again"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Refuse a slip of the hand."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _("This is another one. Write the new password twice."))
        return given


@act("signed_in")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's account, or change its password; every other session of it ends then."""
    mine = request.user
    if not isinstance(mine, Account):
        raise NotSignedIn
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _change(request, mine, form.cleaned_data)
            except DomainError as refusal:
                form.add_error(_FIELD_OF.get(refusal.code, "old"), title_of(refusal))
                status = status_of(refusal)
            else:
                update_session_auth_hash(request, mine)
                messages.success(request, _("Your password is changed. Other sessions ended."))
                return HttpResponseRedirect("/account")
    return render(request, "governance/account.html", {"form": form}, status=status)


def _change(request: HttpRequest, mine: Account, given: dict[str, Any]) -> None:
    accounts.change_password(
        account=mine,
        old=given["old"],
        new=given["new"],
        source=request.META.get("REMOTE_ADDR", ""),
        device=devices.known(request, mine.email),
    )
