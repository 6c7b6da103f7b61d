"""A command that plays on real tables brings its own servers where nobody named any."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCENARIOS = ROOT / "tests" / "conformance" / "scenarios"


def test_scenarios_are_played_on_real_tables_where_nothing_was_set_up(tmp_path: Path) -> None:
    scenario = min(SCENARIOS.glob("*.json"))
    for file in (scenario, scenario.with_suffix(".bpmn")):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    shell = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # A short path: that of a Unix socket may have 107 bytes.
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        done = subprocess.run(  # noqa: S603
            [sys.executable, ROOT / "manage.py", "conformance", tmp_path, "--mode", "durable"],
            env={**shell, "TMPDIR": temporary},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "1 scenarios (durable): 1 pass" in done.stdout, done.stderr
        assert not list(Path(temporary).glob("interlock-*"))
