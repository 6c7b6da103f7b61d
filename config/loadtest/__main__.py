"""`manage.py loadtest [--profile quick|full] [--peers] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django

from common import heap
from config import env
from config.console import Console, Trouble
from config.loadtest import drawing, machine
from config.loadtest.figures import Row
from config.loadtest.ground import Ground, ground
from config.loadtest.sizes import SIZES
from engine.loadtest.errors import NotAsItShouldBe

_STOPPED = 130
#: Parts of the product that are measured by themselves, with the tools of a checkout.
_PARTS = env.ROOT / "tests" / "proof"


def main(arguments: list[str]) -> int:
    """Measure, show and keep what was measured; return the exit status.

    A figure that misses its bound is a result, not a failure: the status is 0.
    """
    wish = _parsed(arguments)
    if wish.profile not in SIZES:
        return _part(wish)
    for stopping in (signal.SIGINT, signal.SIGTERM):
        # Also where whoever started us has Ctrl+C ignored.
        signal.signal(stopping, signal.default_int_handler)
    target = Path(wish.json) if wish.json else _usual_target(wish.profile)
    try:
        rows = _measured(wish, target)
    except Trouble as trouble:
        Console().trouble(trouble)
        return 1
    except NotAsItShouldBe as wrong:
        what = f"What was measured did not do what it should have: {wrong}."
        Console().trouble(Trouble(what, "There are no figures; please report it."))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n  Stopped. What was made for the load test is gone again.\n")
        return _STOPPED
    sys.stdout.write(f"\n{drawing.chart(rows)}\n\n{_profiles(rows)}{target}\n")
    sys.stdout.write(f"{target.with_suffix('.svg')}\n")
    return 0


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="manage.py loadtest",
        description="Measure what Interlock does on this machine beside what the machine can do,"
        " on databases of its own, which are gone in the end. docs/loadtest.md tells how to read"
        " what comes out.",
    )
    parts = sorted(path.stem for path in _PARTS.glob("*.py"))
    profiles = [name for name in SIZES if name != "smoke"]
    parser.add_argument(
        "--profile",
        default="quick",
        choices=[*SIZES, *parts],
        metavar="NAME",
        help=f"{' or '.join(profiles)} (two minutes, or twenty-five); in a checkout also a part of"
        f" the product: {', '.join(parts)}.",
    )
    parser.add_argument("--peers", action="store_true", help="Install and measure others, too.")
    parser.add_argument("--json", metavar="FILE", help="Where the figures are kept.")
    parser.add_argument(
        "--own-servers", action="store_true", help="Measure on a PostgreSQL started for it."
    )
    only = "Only scenarios whose title has it; may be said several times."
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help=only)
    return parser.parse_args(arguments)


def _part(wish: argparse.Namespace) -> int:
    """Measure one part of the product, in a program of its own."""
    more = ["--peers"] if wish.peers else []
    command = [sys.executable, "-m", f"tests.proof.{wish.profile}", *more]
    return subprocess.run(command, cwd=_PARTS.parents[1], check=False).returncode


def _measured(wish: argparse.Namespace, target: Path) -> list[Row]:
    """Measure, and keep the figures before anything is taken down."""
    began = time.monotonic()
    with ground(own_servers=wish.own_servers) as where:
        about = machine.head()
        what = machine.about(where.address(), where.folder)
        what |= {"profile": wish.profile, "server": where.where, "workers": 2}
        _say(f"  Load test on {where.where}, {_told(about, what)}.")
        _prepare()
        rows = _rows(where, wish)
        what["seconds"] = round(time.monotonic() - began)
        _keep(target, rows, about | {"what": what, "load_after": _load()})
    return rows


def _prepare() -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  (needs the environment)

    import config.celery  # noqa: F401, PLC0415  (doorbells go to our own broker)

    call_command("migrate", verbosity=0)
    # As the processes do that are measured elsewhere: some of it is measured in this one.
    heap.settle()


def _rows(where: Ground, wish: argparse.Namespace) -> list[Row]:
    from config.loadtest import running  # noqa: PLC0415  (needs Django)

    asked = running.Wish(SIZES[wish.profile], wish.peers, wish.only)
    return running.rows(where, asked, _say)


def _keep(target: Path, rows: list[Row], about: dict[str, Any]) -> None:
    """Write the figures, and beside them the picture."""
    what = about.pop("what")
    figures = {**about, "figures": {"what": what, "rows": {row.key: row.told() for row in rows}}}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    title = f"{about['date']}, {_told(about, what)}"
    target.with_suffix(".svg").write_text(drawing.picture(rows, title), encoding="utf-8")


def _told(about: dict[str, Any], what: dict[str, Any]) -> str:
    """Return in one line on what the figures were taken."""
    return (
        f"PostgreSQL {what['postgresql'].split()[0]}, synchronous_commit"
        f" {what['synchronous_commit']}, fsync {what['fsync']} ({what['fsync_ms']} ms),"
        f" {about['machine']['processors']} processors, load {about['load'][0]}"
    )


def _profiles(rows: list[Row]) -> str:
    """Return where the time goes in what missed its goal, each profile once."""
    told = {tuple(row.profile): row for row in rows if row.profile}
    return "".join(
        f"Where the time goes: {row.name}\n" + "".join(f"    {line}\n" for line in lines) + "\n"
        for lines, row in told.items()
    )


def _usual_target(profile: str) -> Path:
    data = Path(os.environ.get("DATA_DIR") or env.ROOT / "var")
    return data / "loadtest" / f"{profile}.json"


def _load() -> list[float]:
    return [round(figure, 2) for figure in os.getloadavg()]


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
