"""Judges model files as an import and a deployment would; needs no database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.phrases import Phrase
from engine.bpmn.camunda7 import conversion
from engine.bpmn.problems import problem
from engine.bpmn.surroundings import Surroundings
from engine.bpmn.validation import problems
from engine.connectors.registry import known_jobs
from engine.problems import Problem
from engine.xml import MAX_BYTES, UnreadableModel


class Command(BaseCommand):
    """Print what is wrong with each file; end with 1 when one of them could not run."""

    help = "Say what is wrong with BPMN files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files and the form of the answer."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="Answer as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge every file, also after one that is wrong."""
        judged = [(name, _judged(name)) for name in options["files"]]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(*one) for one in judged], indent=2))
        else:
            for name, found in judged:
                self._tell(name, found)
        if any(one.severity == "error" for _, found in judged for one in found):
            sys.exit(1)

    def _tell(self, name: str, found: list[Problem]) -> None:
        if not found:
            self.stdout.write(f"{name}: sound")
        for one in found:
            place = f"{name}#{one.element}" if one.element else name
            self.stdout.write(f"{place}: {one.severity}: {one.message} {one.hint} [{one.code}]")


def _judged(name: str) -> list[Problem]:
    """Return what is wrong with a file; never more of it is read than what is too large."""
    try:
        with Path(name).open("rb") as file:
            return problems(_imported(file.read(MAX_BYTES + 1)), Surroundings(jobs=known_jobs()))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        sentence = Phrase("The file cannot be read: {reason}.", reason=reason)
        remedy = Phrase("Name a file that is there and may be read.")
        return [problem("model_unreadable", sentence=sentence, remedy=remedy)]


def _imported(data: bytes) -> bytes:
    """Return a file as an import would keep it; one that cannot be read is told as a problem."""
    try:
        return conversion.converted(data)
    except UnreadableModel:
        return data


def _as_json(name: str, found: list[Problem]) -> dict[str, Any]:
    return {"file": name, "problems": [asdict(one) for one in found]}
