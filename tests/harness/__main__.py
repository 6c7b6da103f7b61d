"""`manage.py faults`: faults of every kind on servers of our own, then one checker over it all."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.harness import ground

if TYPE_CHECKING:
    from tests.harness.ground import Ground
    from tests.harness.play import Report

_WIDEST = 100
_SHOWN = 40


def main(arguments: Sequence[str]) -> int:
    """Play a profile; return 1 where anything was lost or happened twice."""
    told = _parser().parse_args(arguments)
    seed = told.seed if told.seed is not None else int.from_bytes(os.urandom(3), "big")
    _line(f"faults: profile {told.profile}, seed {seed} (again: --seed {seed})")
    # Whoever stops us does not stop the servers first: they are ours to stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if told.mutants is not None:
            return _catch(told.mutants, seed, told.json)
        reports = _play(told.profile, seed, told.only)
    except KeyboardInterrupt:
        _line("faults: stopped; its processes and servers are gone.")
        return 130
    from tests.harness import keeping  # noqa: PLC0415  (reads settings, which are there now)

    played = {report.name: asdict(report) for report in reports}
    figures = {"profile": told.profile, "seed": seed, **keeping.summed(played, list(played))}
    if told.json:
        Path(told.json).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    _line(_in_words(figures))
    return int(any(report.violations for report in reports))


def _play(profile: str, seed: int, only: str) -> list[Report]:
    with _prepared() as place:
        from tests.harness import keeping, leader, profiles  # noqa: PLC0415

        reports = []
        for trial in profiles.PROFILES[profile]:
            if only in trial.name:
                report = leader.play(trial, place, seed, _say)
                reports.append(report)
                _tell(report)
                if profile == keeping.PROFILE:
                    _line(f"faults: figures in {keeping.keep(report, seed)}")
        return reports


def _catch(wanted: str, seed: int, kept: str | None) -> int:
    """Break the engine in each known way; return 1 where that goes unnoticed."""
    with _prepared() as place:
        from tests.harness import leader  # noqa: PLC0415
        from tests.mutants.catalogue import MUTANTS  # noqa: PLC0415

        verdicts = []
        for mutant in MUTANTS:
            if wanted in mutant.name:
                report = leader.play(mutant.trial, place, seed, _say, mutant.patch)
                verdicts.append({"mutant": mutant.name, **asdict(report)})
                _line(_verdict(mutant.name, report))
        caught = sum(bool(verdict["violations"]) for verdict in verdicts)
        _line(f"faults: {caught} of {len(verdicts)} mutants caught, seed {seed}")
        if kept:
            Path(kept).write_text(json.dumps(verdicts, indent=2) + "\n", encoding="utf-8")
        return int(caught < len(verdicts))


def _verdict(name: str, report: Report) -> str:
    if not report.violations:
        return f"ALIVE  {name}: nothing was noticed in {report.name}, {report.seconds:.0f} s"
    by = ", ".join(sorted({sentence.split(" ", 1)[0] for sentence in report.violations}))
    return f"caught {name}: {by} in {report.name}, {report.seconds:.0f} s; {report.violations[0]}"


@contextmanager
def _prepared() -> Iterator[Ground]:
    with ground.prepared() as place:
        # Settings are read from now on, and say where the servers are.
        import django  # noqa: PLC0415

        django.setup()
        yield place


def _tell(report: Report) -> None:
    if report.skipped:
        _line(f"{report.name}: skipped, {report.skipped}")
        return
    _line(
        f"{report.name}: {report.instances} runs, {report.effects} effects, "
        f"{sum(report.faults.values())} faults, {report.seconds:.0f} s "
        f"({report.calm:.0f} s of calm), {len(report.violations)} violations"
    )
    for fault, times in report.faults.items():
        _line(f"  {times:>5} {fault}")
    for violation in report.violations[:_SHOWN]:
        _line(f"  VIOLATED {violation}")
    if len(report.violations) > _SHOWN:
        _line(f"  … and {len(report.violations) - _SHOWN} more")


def _in_words(figures: dict[str, Any]) -> str:
    return (
        f"faults: {figures['instances']} runs, {figures['kills']} kills, {figures['effects']} "
        f"effects, {figures['violations']} violations in {figures['seconds']:.0f} s, "
        f"seed {figures['seed']}"
    )


def _say(text: str) -> None:
    """Show progress on one line where somebody watches, else on a line each."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r{text[:_WIDEST]:<{_WIDEST}}")
    else:
        sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _line(text: str) -> None:
    start = "\r" + " " * _WIDEST + "\r" if sys.stdout.isatty() else ""
    sys.stdout.write(f"{start}{text}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py faults", description=__doc__)
    parser.add_argument("--profile", choices=("sample", "full"), default="sample")
    parser.add_argument("--seed", type=int, help="Draw the same processes and chances again.")
    parser.add_argument(
        "--mutants",
        nargs="?",
        const="",
        metavar="TEXT",
        help="Break the engine in known ways instead, and see that each is noticed.",
    )
    parser.add_argument("--json", metavar="FILE", help="Where the figures are written, too.")
    parser.add_argument("--only", metavar="TEXT", default="", help="Trials whose name has it.")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
