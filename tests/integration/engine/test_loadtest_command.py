"""`manage.py loadtest` runs a measurement by its name, and hands its end on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from engine.management.commands import loadtest


def test_a_profile_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(CommandError, match=r"no profile nothing. There are: .*feel, feel_fuzz"):
        call_command("loadtest", "--profile", "nothing")


@pytest.mark.parametrize(("program", "status"), [("", 0), ("raise SystemExit(3)", 3)])
def test_a_profile_runs_in_a_process_of_its_own(
    program: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    folder = tmp_path / "tests" / "proof"
    folder.mkdir(parents=True)
    (folder / "mine.py").write_text(program)
    monkeypatch.setattr(loadtest, "_MEASUREMENTS", folder)
    settings.BASE_DIR = tmp_path

    with pytest.raises(SystemExit) as ended:
        call_command("loadtest", "--profile", "mine")

    assert ended.value.code == status


def test_quick_and_full_are_sizes_of_the_durable_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    folder = tmp_path / "tests" / "proof"
    folder.mkdir(parents=True)
    (folder / "durable.py").write_text("import sys; raise SystemExit(len(sys.argv))")
    monkeypatch.setattr(loadtest, "_MEASUREMENTS", folder)
    settings.BASE_DIR = tmp_path

    with pytest.raises(SystemExit) as ended:
        call_command("loadtest", "--profile", "quick", "--json", "figures.json")

    assert ended.value.code == len(["durable", "--size", "quick", "--json", "figures.json"])


def test_the_durable_core_is_measured_and_what_it_did_is_checked(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.proof.durable", "--size", "smoke"]

    done = subprocess.run(  # noqa: S603  (ours)
        [*command, "--json", str(target)], check=True, capture_output=True, text=True
    )

    figures = json.loads(target.read_text(encoding="utf-8"))
    assert len(figures["rows"]) == 6
    assert figures["what"]["synchronous_commit"] == "on"
    assert done.stdout.count("│") == 6
