"""The door of websockets: the exact origin, the session's account, and nothing else."""

from __future__ import annotations

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import OriginValidator
from django.conf import settings


def guarded(application: Any) -> Any:
    """Return the application behind the origin check and the session."""
    return OriginValidator(AuthMiddlewareStack(application), [settings.PUBLIC_URL])
