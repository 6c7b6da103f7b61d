"""A websocket client for tests, straight onto the ASGI application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client

from config.asgi import application
from governance.models.people import Account
from tests.support.office import Office

T = TypeVar("T")


class Socket:
    """One connection, as a browser with this cookie and page would open it."""

    def __init__(self, path: str, *, cookie: bytes, origin: str) -> None:
        path, _, query = path.partition("?")
        headers = [(b"origin", origin.encode()), (b"cookie", cookie)]
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [],
        }
        # asgiref tells no types.
        communicator: Any = ApplicationCommunicator
        self._wire = communicator(application, scope)

    async def connect(self) -> bool:
        """Open it; tell whether the server let us in."""
        await self._wire.send_input({"type": "websocket.connect"})
        return bool((await self._wire.receive_output(5))["type"] == "websocket.accept")

    async def say(self, text: str) -> None:
        """Send a text."""
        await self._wire.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """Return the next frame, or `{"code": n}` when the server closes."""
        output = await self._wire.receive_output(5)
        if output["type"] == "websocket.close":
            return {"code": output["code"]}
        found: dict[str, Any] = json.loads(output["text"])
        return found

    async def is_silent(self) -> bool:
        """Tell whether nothing more comes for a while."""
        return bool(await self._wire.receive_nothing(0.3))

    async def leave(self) -> None:
        """Close it from our side."""
        await self._wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._wire.wait(2)


def played(scene: Coroutine[Any, Any, T]) -> T:
    """Play a scene to its end, and close what its threads had opened."""

    async def whole() -> T:
        try:
            return await scene
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(whole())


def signed_in(office: Office, name: str) -> bytes:
    """Return the cookie of a person's browser."""
    client = Client()
    client.force_login(
        Account.objects.get(person=office.people[name]),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}".encode()
