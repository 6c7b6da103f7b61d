"""How long a signed-in browser stays so: half an hour unused, twelve hours at most.

ASVS 5.0, 7.3.1 and 7.3.2. The times are kept in the session, because its own expiry moves on with
each write.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
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
    now = clock.now()
    began, seen = _read(request, _BEGAN, now), _read(request, _SEEN, now)
    if now - began >= ABSOLUTE or now - seen >= IDLE:
        return False
    if account.is_demo and not settings.ALLOW_DEMO:
        return False
    if _BEGAN not in request.session:
        begin(request)
    elif now - seen >= _NOTE_EVERY:
        request.session[_SEEN] = now.isoformat()
    return True


def _read(request: HttpRequest, name: str, now: datetime) -> datetime:
    text = request.session.get(name)
    return datetime.fromisoformat(text) if text else now
