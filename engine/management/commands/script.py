"""Runs a Starlark file as a script task would, and prints its result as JSON; needs no database."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engine.management import arguments
from engine.scripts import LIMITS, Runner, RunnerLost, ScriptFailed


class Command(BaseCommand):
    """Print the result of a script; end with 1, and say why, when it has none."""

    help = "Run a Starlark script in the script runner and print its result as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the variables it sees."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--context", default="{}", metavar="JSON", help="The variables, as a JSON object."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the file.

        Raises:
            CommandError: it cannot be read, the context is no JSON object, or there is no result.
        """
        # Never more than what is refused for its size.
        source = arguments.text(options["file"], LIMITS.size + 1)
        context = arguments.parsed_object(options["context"], "The context")
        with Runner() as runner:
            try:
                value = runner.run(source, context)
            except ScriptFailed as error:
                raise CommandError(error.sentence) from None
            except RunnerLost:
                raise CommandError("The script runner does not start on this machine.") from None
        self.stdout.write(json.dumps(value, ensure_ascii=False))
