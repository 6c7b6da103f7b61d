"""Fills an empty installation with the demo company."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import DomainError
from demo import seeding


class Command(BaseCommand):
    """Seed the demo company once."""

    help = "Fill an empty installation with the demo company. A second time, nothing happens."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address of the stand-in."""
        parser.add_argument("--itsm-url", default="http://127.0.0.1:8401")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and say where the sign-ins are; what is printed here goes into a log."""
        try:
            sign_ins = seeding.seed(itsm_url=options["itsm_url"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        if not sign_ins:
            self.stdout.write("Somebody can sign in already. Nothing was changed.")
            return
        self.stdout.write(f"{len(sign_ins)} people can sign in: see {seeding.SIGN_INS}.")
