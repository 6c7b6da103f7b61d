"""How long a signed-in browser stays so: half an hour unused, twelve hours at most.

ASVS 5.0, 7.3.1 and 7.3.2. The times are kept in the session, because its own expiry moves on with
each write.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from common import clock
from governance.models.people import Account

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)

# A request a second must not be a write a second.
_NOTE_EVERY = timedelta(minutes=1)
_BEGAN, _SEEN = "began", "seen"


def begin(request: HttpRequest) -> None:
    """Start counting."""
    now = clock.now().isoformat()
    request.session[_BEGAN] = request.session[_SEEN] = now


def goes_on(request: HttpRequest, account: Account) -> bool:
    """Tell whether the session still holds, and note that it was used."""
    if not _holds(request.session, account):
        return False
    now = clock.now()
    if _BEGAN not in request.session:
        begin(request)
    elif now - _read(request.session, _SEEN, now) >= _NOTE_EVERY:
        request.session[_SEEN] = now.isoformat()
    return True


def account_of(session_key: str | None) -> Account | None:
    """Return who is signed in with a session, as the database has it now; looking is no use of it.

    None where it has ended: signed out, unused for too long, too old, under a password that was
    changed since, or of an account that was closed.
    """
    request = HttpRequest()
    request.session = SessionStore(session_key)
    account = get_user(request)
    if not isinstance(account, Account) or not _holds(request.session, account):
        return None
    return account


def _holds(session: SessionBase, account: Account) -> bool:
    now = clock.now()
    began, seen = _read(session, _BEGAN, now), _read(session, _SEEN, now)
    if now - began >= ABSOLUTE or now - seen >= IDLE:
        return False
    return not account.is_demo or bool(settings.ALLOW_DEMO)


def _read(session: SessionBase, name: str, now: datetime) -> datetime:
    text = session.get(name)
    return datetime.fromisoformat(text) if text else now
