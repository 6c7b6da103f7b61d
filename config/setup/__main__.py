"""`python3 -m config.setup [--dev] [--browser] [--peers]`: what `make` runs first of all."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (this is the message for those who have less)
    sys.exit("Interlock needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 up")

import argparse
import fcntl
from pathlib import Path

from config.console import Console, Trouble, unforeseen
from config.setup import beside, browser, licences
from config.setup.bundle import Bundle
from config.setup.packages import Packages
from config.setup.tools import Tools

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Set the checkout up; return the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m config.setup")
    parser.add_argument("--dev", action="store_true", help="with the tools of make check and test")
    parser.add_argument("--browser", action="store_true", help="with a Chromium for the tests")
    parser.add_argument("--peers", action="store_true", help="with what make proof compares with")
    parser.add_argument("--python-only", action="store_true", help="without the browser bundle")
    chosen = parser.parse_args(arguments)
    console = Console()
    try:
        _set_up(chosen, console)
    except Trouble as trouble:
        console.trouble(trouble)
        return 1
    except KeyboardInterrupt:
        console.say("  Stopped. Typing the same command again goes on from here.")
        return 130
    except Exception as error:  # noqa: BLE001
        console.trouble(unforeseen(error, Tools(ROOT).log))
        return 1
    return 0


def _set_up(chosen: argparse.Namespace, console: Console) -> None:
    tools = Tools(ROOT)
    packages = Packages(tools, console)
    if chosen.browser:
        browser.provide(tools, console)
    tools.log.parent.mkdir(parents=True, exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("w") as lock:
        _wait_for_turn(lock.fileno(), console)
        if chosen.dev:
            packages.install("dev", also=("base",))
        else:
            packages.install("base")
        if chosen.peers:
            beside.install(packages, beside.FEEL_PEERS)
            beside.install(packages, beside.CORE_PEERS)
        if chosen.python_only:
            return
        Bundle(tools, console).build(packages)
        beside.install(packages, beside.BPMN_PYTHON)
        licences.provide(ROOT, packages.site, console)


def _wait_for_turn(lock: int, console: Console) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        console.say("  Another set-up of this checkout is under way; waiting for it.")
        fcntl.flock(lock, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
