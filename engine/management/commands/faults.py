"""Lets faults of every kind befall runs, on servers of its own, and looks for what got lost.

The harness lies with the tests (tests/harness), so this works in a checkout only.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

_HARNESS = settings.BASE_DIR / "tests" / "harness"


class Command(BaseCommand):
    """Run the harness."""

    help = "Kill, pause, cut and flush under running processes, then check that all is well."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what the harness is told."""
        parser.add_argument("--profile", default="sample", help="sample (a minute) or full.")
        parser.add_argument("--seed", type=int, help="Draw the same processes and chances again.")
        parser.add_argument(
            "--mutants",
            nargs="?",
            const="",
            metavar="TEXT",
            help="Break the engine in known ways instead, and see that each is noticed.",
        )
        parser.add_argument("--json", metavar="FILE", help="Where the figures are written, too.")
        parser.add_argument("--only", metavar="TEXT", help="Trials whose name has it.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Become the harness, so that whoever stops us stops it, and it stops what it started.

        Raises:
            CommandError: this is no checkout, or these are production's settings.
        """
        if not _HARNESS.is_dir():
            raise CommandError("The harness lies with the tests: run this in a checkout.")
        if not settings.ALLOW_DEMO:
            raise CommandError("Workers are killed on purpose, which production refuses.")
        told = [
            f"--{name}={options[name]}"
            for name in ("profile", "seed", "json", "only", "mutants")
            if options[name] is not None
        ]
        command = [sys.executable, "-m", "tests.harness", *told]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, command)  # noqa: S606  (ours)
