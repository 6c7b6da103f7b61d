"""Prints the code that the page of the first administrator asks for on a server."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from governance import set_up_code


class Command(BaseCommand):
    """Print the set-up code."""

    help = "Print the code for /first-administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(set_up_code.current())
