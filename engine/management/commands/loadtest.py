"""Measures a part of the product in full and keeps the figures in docs/proof/.

The profiles quick and full measure the durable core beside what PostgreSQL can do, on servers that
are started for it: no installation is touched.

How it is measured lies with the tests (tests/proof/PROFILE.py), so this works in a checkout only.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

_MEASUREMENTS = settings.BASE_DIR / "tests" / "proof"
#: Sizes of one measurement.
_SIZES = ("quick", "full")
_DURABLE = "durable"


class Command(BaseCommand):
    """Run the measurement of a profile; its exit status is ours."""

    help = "Measure a part of Interlock under load and write docs/proof/PROFILE.json."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the profile, and whether other programs are measured with it."""
        parser.add_argument("--profile", required=True, metavar="NAME", help="What to measure.")
        parser.add_argument(
            "--peers",
            action="store_true",
            help="Measure other programs turn by turn with it, where the profile leaves it open.",
        )

        parser.add_argument("--json", metavar="FILE", help="Where quick and full write figures.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, in a process of its own.

        Raises:
            CommandError: there is no such profile here.
        """
        profiles = sorted(path.stem for path in _MEASUREMENTS.glob("*.py"))
        profile = options["profile"]
        if profile not in {*profiles, *_SIZES}:
            known = ", ".join(profiles) or "none: this is no checkout"
            raise CommandError(f"There is no profile {profile}. There are: {known}.")
        more = ["--peers"] if options["peers"] else []
        if profile in _SIZES:
            profile, more = _DURABLE, ["--size", profile]
        if options["json"]:
            more += ["--json", options["json"]]
        command = [sys.executable, "-m", f"tests.proof.{profile}", *more]
        sys.exit(subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode)  # noqa: S603
