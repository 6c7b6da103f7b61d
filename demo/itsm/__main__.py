"""Run the stand-in: `python -m demo.itsm --port 8401 --data DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from demo.itsm.server import BreakableProtocol, Server


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="demo.itsm", description="A service desk that stands in.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8401)
    parser.add_argument("--data", type=Path, required=True, help="where its book is kept")
    said = parser.parse_args()
    uvicorn.run(
        Server(said.data),
        host=said.host,
        port=said.port,
        http=BreakableProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
