"""`manage.py loadtest` runs a measurement by its name, and hands its end on."""

from __future__ import annotations

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
