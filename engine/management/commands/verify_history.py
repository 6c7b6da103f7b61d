"""`manage.py verify_history`: every run's rows against the replay of its journal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import tenancy
from engine.management import arguments
from engine.queries import verification
from engine.queries.verification import Finding, Verified
from governance.models.units import Unit

_PROGRESS_EVERY = 2.0


@dataclass(slots=True)
class _Tally:
    """What was looked at so far."""

    runs: int = 0
    rows: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def take(self, one: Verified) -> None:
        self.runs += 1
        self.rows += one.rows
        self.erased += one.erased
        self.findings += one.findings

    @property
    def words(self) -> str:
        seconds = max(time.monotonic() - self.began, 0.001)
        rate = f"{self.rows / seconds:,.0f} journal rows a second"
        return f"{self.runs:,} runs, {self.rows:,} journal rows, {rate}"


class Command(BaseCommand):
    """Replays every journal; names each run whose chain is broken or whose rows differ."""

    help = "Replay every journal and compare it with what is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--run", help="The number or the id of one run.")
        parser.add_argument("--json", action="store_true", help="Answer as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Verify, and leave with 1 where anything is wrong."""
        tally, stopped = _Tally(), False
        try:
            self._look(tally, options)
        except KeyboardInterrupt:
            stopped = True
        if options["run"] and not (tally.runs or stopped):
            raise CommandError(f"There is no run {options['run']}.")
        if options["json"]:
            self.stdout.write(json.dumps(_document(tally, stopped=stopped), ensure_ascii=False))
        else:
            self._say_end(tally, stopped=stopped)
        if tally.findings or stopped:
            sys.exit(1)

    def _look(self, tally: _Tally, options: dict[str, Any]) -> None:
        wanted = arguments.run_named(options["run"]) if options["run"] else None
        for unit in Unit.objects.order_by("key"):
            with tenancy.units_in_scope([unit.pk]):
                for one in verification.verify(verification.runs(unit.pk, wanted)):
                    tally.take(one)
                    if not options["json"]:
                        self._say(unit, one.findings)
                    self._say_progress(tally)
                if wanted is None:
                    wrong = verification.counts(unit.pk)
                    tally.findings += wrong
                    if not options["json"]:
                        self._say(unit, wrong)

    def _say(self, unit: Unit, findings: Sequence[Finding]) -> None:
        for finding in findings:
            self.stdout.write(f"{unit.key}: {finding.run}: {finding.what}. {finding.remedy}")

    def _say_progress(self, tally: _Tally) -> None:
        if time.monotonic() - tally.told >= _PROGRESS_EVERY:
            tally.told = time.monotonic()
            self.stderr.write(f"{tally.words} so far; Ctrl-C stops, nothing is changed")

    def _say_end(self, tally: _Tally, *, stopped: bool) -> None:
        if tally.erased:
            self.stdout.write(f"{tally.erased} values were erased; their digests are in place.")
        end = "stopped before the end" if stopped else f"{len(tally.findings)} faults"
        self.stdout.write(f"{tally.words}: {end}.")


def _document(tally: _Tally, *, stopped: bool) -> dict[str, Any]:
    return {
        "schema": 1,
        "ok": not tally.findings and not stopped,
        "complete": not stopped,
        "runs": tally.runs,
        "journal_rows": tally.rows,
        "erased": tally.erased,
        "findings": [
            {**asdict(finding), "instance_id": finding.instance_id and str(finding.instance_id)}
            for finding in tally.findings
        ],
    }
