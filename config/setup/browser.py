"""The Chromium that the browser tests drive: the PATH's, else Debian's, else how to get it."""

from __future__ import annotations

import os
import shutil

from config.console import Console, Trouble
from config.setup.tools import Tools

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def on_path() -> str | None:
    """Return the first Chromium of the PATH."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def provide(tools: Tools, console: Console) -> None:
    """Install Chromium where there is none and we may.

    Raises:
        Trouble: there is none and only root could install it.
    """
    if on_path():
        return
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        raise Trouble(
            "The browser tests need Chromium, and there is none on the PATH.",
            "Get it with `sudo apt-get install chromium`, or your system's way, and try again.",
        )
    with console.step("Chromium", "installing Debian's package") as step:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        tools.run(step, [apt, "update", "-q"], env=quiet)
        packages = ["chromium", "fonts-dejavu-core"]
        tools.run(
            step, [apt, "install", "-q", "-y", "--no-install-recommends", *packages], env=quiet
        )
        if on_path() is None:
            raise Trouble("Chromium is installed, but not on the PATH.", "Add its folder to it.")
        step.done("installed Debian's package")
