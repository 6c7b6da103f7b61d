"""Plays conformance scenarios from the command line, in memory or on the real tables."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engine.conformance import players, scenario
from engine.conformance.errors import ScenarioUnreadable
from engine.conformance.players import Player, Verdict
from engine.errors import RehearsalRefused
from engine.rehearsal import studio
from engine.xml import MAX_BYTES

_DURABLE = "durable"
_MODES = sorted([*players.MODES, _DURABLE])


class Command(BaseCommand):
    """Print what came of each scenario of a folder; end with 1 when one of them failed."""

    help = "Play the scenarios of a folder: each is a JSON file, its model lies beside it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder, how its scenarios are played, and where the verdicts go."""
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument("--mode", choices=_MODES, default="memory")
        parser.add_argument("--only", metavar="NAME", help="Play the scenario of this name only.")
        parser.add_argument("--json", metavar="FILE", help="Where one row per scenario is written.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play every scenario, also after one that failed."""
        files = sorted(Path(options["folder"]).glob("*.json"))
        meant = [file for file in files if _is_meant(file, options)]
        with _player(options["mode"]) as player:
            played = [_played(file, player) for file in meant]
        if not played:
            raise CommandError(f"There is no such scenario in {options['folder']}.")
        for verdict in played:
            why = f": {verdict.why}" if verdict.why else ""
            self.stdout.write(f"{verdict.outcome:<11} {verdict.name}{why}")
        counted = Counter(verdict.outcome for verdict in played)
        tally = ", ".join(f"{counted[kind]} {kind}" for kind in players.OUTCOMES)
        self.stdout.write(f"{len(played)} scenarios ({options['mode']}): {tally}")
        if options["json"]:
            rows = [asdict(verdict) for verdict in played]
            Path(options["json"]).write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        if counted[players.FAIL]:
            sys.exit(1)


@contextmanager
def _player(mode: str) -> Iterator[Player]:
    """Give the way to play; the real tables are those of a database made for it.

    Raises:
        CommandError: these are production's settings.
    """
    if mode != _DURABLE:
        yield players.MODES[mode]
        return
    try:
        with studio.studio():
            yield studio.play
    except RehearsalRefused as error:
        raise CommandError(error.title) from error


def _is_meant(file: Path, options: dict[str, Any]) -> bool:
    """Return whether a file is to be played: by its own name, or by that in the scenario."""
    only = options["only"]
    return only is None or only == file.stem or only == _named(file)


def _named(file: Path) -> object:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content.get("name") if isinstance(content, dict) else None


def _played(file: Path, player: Player) -> Verdict:
    try:

        def beside(name: str) -> bytes:
            with file.with_name(name).open("rb") as found:
                return found.read(MAX_BYTES + 1)

        read = scenario.read(json.loads(file.read_text(encoding="utf-8")))
        whole = read.with_decisions(beside)
        return players.play(whole, beside(str(read.content["model"])), player)
    except (OSError, ValueError) as error:
        if not isinstance(error, ScenarioUnreadable):
            error = ScenarioUnreadable(f"{file.name} cannot be read: {error}")
        return Verdict(file.stem, players.FAIL, str(error))
