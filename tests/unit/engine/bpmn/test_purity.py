"""The language stands on its own: importing all of it brings in no framework."""

from __future__ import annotations

import subprocess
import sys


def test_the_language_imports_no_framework_and_no_neighbour() -> None:
    script = (
        "import sys, engine.bpmn.validation, engine.bpmn.diff, engine.expressions, engine.forms\n"
        "import engine.decisions.record, engine.decisions.findings\n"
        "roots = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted(roots & {'django', 'celery', 'channels', 'psycopg', 'httpx', 'governance',\n"
        "    'designer', 'config'}))\n"
    )
    told = subprocess.run(  # noqa: S603  # our own interpreter and our own text
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
