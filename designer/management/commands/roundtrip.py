"""Takes model files in and gives them out again, as an upload and a download do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import DomainError
from common.problems import title_of
from designer import files
from designer.downloads import download


class Command(BaseCommand):
    """Write what a download of each file of a folder would give; end with 1 if one is refused."""

    help = "Take the .bpmn files of a folder in, and write them out again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two folders."""
        parser.add_argument("source", metavar="INDIR", type=Path)
        parser.add_argument("target", metavar="OUTDIR", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take every file, also after one that is refused."""
        source, target = options["source"], options["target"]
        if not source.is_dir():
            raise CommandError(f"{source} is no folder.")
        target.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in source.glob("*.bpmn"))
        refused = [name for name in names if not self._took(source / name, target / name)]
        self.stdout.write(f"{len(names) - len(refused)} of {len(names)} files were taken.")
        if refused:
            sys.exit(1)

    def _took(self, source: Path, target: Path) -> bool:
        try:
            kept = files.imported(source.read_bytes())
        except DomainError as error:
            self.stdout.write(f"{source.name}: refused: {title_of(error)}")
            return False
        target.write_bytes(download(target.name, kept).content)
        return True
