"""Tells what changed between two versions of a model; needs no database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engine.bpmn.diff import Change, diff
from engine.management import arguments
from engine.xml import MAX_BYTES, UnreadableModel, load

Row = dict[str, str | None]


class Command(BaseCommand):
    """Print the differences of two files, behaviour first and the riskiest of it on top."""

    help = "Say what changed from one BPMN file to another."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two files and the form of the answer."""
        parser.add_argument("old", metavar="OLD")
        parser.add_argument("new", metavar="NEW")
        parser.add_argument(
            "--json", action="store_true", help="Answer as JSON: a list with a row per difference."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare the files."""
        changes = diff(_model(options["old"]), _model(options["new"]))
        if options["json"]:
            rows = [row for change in changes for row in _rows(change)]
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        for change in changes:
            self.stdout.write(f"{change.group}: {change.sentence}")
        if not changes:
            self.stdout.write("Nothing changed.")


def _model(name: str) -> bytes:
    """Return a file that can be compared.

    Raises:
        CommandError: It cannot be read, or is no model.
    """
    content = arguments.content(name, MAX_BYTES + 1)
    try:
        load(content)
    except UnreadableModel as error:
        raise CommandError(f"{name}: {error}") from None
    return content


def _rows(change: Change) -> Iterator[Row]:
    """Yield one row per difference: an element that came, went or moved is one in all."""
    told = change.name or change.type
    if change.kind == "changed":
        for one in change.properties:
            yield _row(change, one.aspect, one.before, one.after, one.sentence)
    elif change.kind == "moved":
        before = "; ".join(f"{one.label}: {one.before}" for one in change.properties)
        after = "; ".join(f"{one.label}: {one.after}" for one in change.properties)
        yield _row(change, "drawing", before, after, change.sentence)
    elif change.kind == "added":
        yield _row(change, "element", "", told, change.sentence)
    else:
        yield _row(change, "element", told, "", change.sentence)


def _row(change: Change, aspect: str, old: str, new: str, sentence: str) -> Row:
    return {
        "element": change.element,
        "op": change.kind,
        "aspect": aspect,
        "old": old or None,
        "new": new or None,
        "class": change.group,
        "sentence": sentence,
    }
