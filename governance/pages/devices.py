"""The browsers an account was signed in with: a signed cookie, which opens nothing.

It only says that strangers' guesses do not slow this browser down (`actions.attempts`).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from common.ids import new_id
from governance.models.people import Account

LASTS = timedelta(days=90)
_SALT = "governance.device"


def remember(response: HttpResponse, account: Account) -> None:
    """Let the browser show next time that this account was signed in with it."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([_digest(account.email), str(new_id())], salt=_SALT),
        max_age=LASTS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def known(request: HttpRequest, email: str) -> str:
    """Return the device's id where this account was signed in with it, else ""."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        whose, device = signing.loads(cookie, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return ""
    return str(device) if whose == _digest(email) else ""


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()
