"""The code that only somebody on the server can read: proof that the first visitor may set up."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

_LENGTH = 16


def current() -> str:
    """Return the code, derived from the secret key."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"set-up", hashlib.sha256).hexdigest()
    return digest[:_LENGTH]


def fits(code: str) -> bool:
    """Tell whether it is the code, in constant time."""
    return hmac.compare_digest(code.encode(), current().encode())
