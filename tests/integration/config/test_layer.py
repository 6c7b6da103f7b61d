"""The channel layer between frames: whoever listens goes on listening."""

from __future__ import annotations

import asyncio

from channels.layers import get_channel_layer

#: Seconds, longer than redis-py waits for any answer.
_QUIET = 5.5


def test_who_hears_nothing_for_a_while_goes_on_listening() -> None:
    async def heard() -> object:
        layer = get_channel_layer()
        assert layer is not None
        channel = await layer.new_channel()
        listening = asyncio.create_task(layer.receive(channel))
        await asyncio.sleep(_QUIET)
        await layer.send(channel, {"type": "forward"})
        return await asyncio.wait_for(listening, 3)

    assert asyncio.run(heard()) == {"type": "forward"}
