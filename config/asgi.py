"""The web's entry point: HTTP to Django, websockets to Channels, one door for both."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

# Only after Django is set up: the routes import models. Celery's app becomes the current one, so
# that doorbells find the broker.
from common import heap  # noqa: E402
from config import celery  # noqa: E402, F401
from config.websockets import guarded  # noqa: E402
from designer.live.routing import routes as designer_routes  # noqa: E402
from engine.live.routing import routes as engine_routes  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": guarded(URLRouter([*engine_routes, *designer_routes])),
    }
)
heap.settle()
