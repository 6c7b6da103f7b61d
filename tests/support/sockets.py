"""A websocket client for tests, straight onto the ASGI application."""

from __future__ import annotations

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from config.asgi import application


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
