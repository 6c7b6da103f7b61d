"""A gate between networks: `python -m tests.support.gate HOST PORT=SOCKET...`.

Listens at ports of an address and passes every connection on to a Unix socket, so that servers
which have none but those can be reached from another network namespace.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial


async def _main(host: str, doors: list[str]) -> None:
    servers = []
    for door in doors:
        port, path = door.split("=", 1)
        servers.append(await asyncio.start_server(partial(_pass_on, path), host, int(port)))
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _pass_on(path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    inner_reader, inner_writer = await asyncio.open_unix_connection(path)
    async with asyncio.TaskGroup() as both:
        both.create_task(_copy(reader, inner_writer))
        both.create_task(_copy(inner_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # Whichever side went away: the other is told below.
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2:]))
