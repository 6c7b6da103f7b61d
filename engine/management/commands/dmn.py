"""`manage.py dmn`: decides, judges and analyses decision models; needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.errors import DomainError
from engine.decisions import Answer, Decisions, read
from engine.decisions.findings import sentences
from engine.decisions.record import answers, as_json, in_words, values_of
from engine.expressions import DateTime, admit
from engine.expressions.errors import Refusal
from engine.management import arguments
from engine.xml import MAX_BYTES


class Command(BaseCommand):
    """Answer one question, or a batch of them; or say what is wrong with a model."""

    help = "Decide by a DMN file, judge it, or analyse its tables."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, what is asked of it, and the form of the answer."""
        parser.add_argument("file", nargs="?", metavar="FILE")
        parser.add_argument(
            "--import",
            action="append",
            default=[],
            dest="imports",
            metavar="FILE",
            help="A model that FILE imports; may be repeated.",
        )
        asked = parser.add_mutually_exclusive_group()
        asked.add_argument("--decision", metavar="NAME", help="Make this decision.")
        asked.add_argument("--service", metavar="NAME", help="Call this decision service.")
        asked.add_argument("--bkm", metavar="NAME", help="Call this business knowledge model.")
        asked.add_argument("--analyse", action="store_true", help="Analyse the decision tables.")
        asked.add_argument("--batch", metavar="CALLS", help="Answer a list of calls.")
        parser.add_argument("--context", default="{}", metavar="JSON", help="The inputs by name.")
        parser.add_argument("--json", metavar="OUT", help="Where a batch puts its answers.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked; end with 1 when the model cannot run."""
        if options["batch"]:
            self._batch(Path(options["batch"]), options["json"])
            return
        if not options["file"]:
            raise CommandError("Name a FILE, or a list of calls with --batch.")
        try:
            decisions = _decisions(options["file"], options["imports"])
            self._one(decisions, options)
        except DomainError as refusal:
            raise CommandError(in_words(refusal)) from None

    def _one(self, decisions: Decisions, options: dict[str, Any]) -> None:
        questions: dict[str, Callable[..., Answer]] = {
            "decision": decisions.decide,
            "service": decisions.serve,
            "bkm": decisions.call,
        }
        for kind, ask in questions.items():
            if options[kind]:
                answer = ask(options[kind], _context(options["context"]), _now())
                self.stdout.write(json.dumps(as_json(answer), indent=2, ensure_ascii=False))
                return
        if options["analyse"]:
            for one in decisions.analysed():
                for line in sentences(one):
                    self.stdout.write(line)
        self._judge(options["file"], decisions)

    def _judge(self, name: str, decisions: Decisions) -> None:
        for one in decisions.problems:
            place = f"{name}#{one.element}" if one.element else name
            self.stdout.write(f"{place}: {one.severity}: {one.message} {one.hint} [{one.code}]")
        if not decisions.problems:
            self.stdout.write(f"{name}: sound")
        if any(one.severity == "error" for one in decisions.problems):
            sys.exit(1)

    def _batch(self, calls: Path, out: str | None) -> None:
        """Answer every call; paths in it are relative to its own."""
        if not out:
            raise CommandError("Name the file for the answers with --json.")
        asked = arguments.parsed(arguments.text(calls), "The list of calls")
        if not isinstance(asked, list):
            raise CommandError("The list of calls is no JSON list.")
        told = answers(
            asked, lambda path: arguments.opened(calls.parent / path, MAX_BYTES + 1), _now()
        )
        arguments.leave(out, json.dumps(told, ensure_ascii=False))


def _decisions(name: str, imports: list[str]) -> Decisions:
    # Never more than what is refused for its size.
    files = [arguments.content(path, MAX_BYTES + 1) for path in (name, *imports)]
    main, *imported = map(read, files)
    return Decisions(main, imported)


def _context(text: str) -> dict[str, Any]:
    context = arguments.parsed_object(text, "The context")
    try:
        return values_of(context)
    except (Refusal, KeyError, TypeError, ArithmeticError) as wrong:
        raise CommandError(f"A value of the context cannot be read: {wrong}.") from None


def _now() -> DateTime | None:
    moment = admit(clock.now())
    return moment if isinstance(moment, DateTime) else None
