"""The sandbox program: plays scenarios of one draft, and ends.

`engine.sandbox.runner` starts it without an environment. It reads its one request from standard
input, gives up every means to open anything, and answers on standard output. It knows no settings,
no database and no connector: whatever a model, a form or a decision makes it do, no file and no
socket can be opened from then on.
"""

from __future__ import annotations

import base64
import codecs
import json
import resource
import sys
import zoneinfo
from collections.abc import Mapping
from typing import Any

from common.errors import DomainError
from engine import xml
from engine.bpmn import parser
from engine.companions import Companions
from engine.conformance.errors import ScenarioUnreadable
from engine.sandbox import trial
from engine.sandbox.stage import Part


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report for each scenario of a request, or why there is none.

    A request has a `draft` and those it may have `called`, what expressions are `given` besides
    variables, `scenarios`, and `most_jobs`. A file is `{"model", "process", "files": {name: bytes},
    "names": [...]}`, bytes in base 64.
    """
    try:
        parts = {trial.DRAFT: _part(request["draft"])}
        for file in request["called"]:
            part = _part(file)
            parts |= dict.fromkeys(file["names"], part)
    except DomainError as error:
        context = {name: str(value) for name, value in error.context.items()}
        return {"title": error.title, "context": context}
    given, most_jobs = request["given"], request.get("most_jobs")
    return {"reports": [_report(one, parts, given, most_jobs) for one in request["scenarios"]]}


def _report(
    content: Mapping[str, Any],
    parts: Mapping[str, Part],
    given: Mapping[str, Any],
    most: int | None,
) -> dict[str, Any]:
    try:
        return trial.play(content, parts, given, most)
    except ScenarioUnreadable as error:
        return {"unreadable": str(error)}


def _part(file: Mapping[str, Any]) -> Part:
    """Return the process of a file: the one that is named, else the first that may run."""
    files = {name: base64.b64decode(content) for name, content in file["files"].items()}
    companions = Companions.of(files)
    model = parser.read(base64.b64decode(file["model"]), companions.formbook.texts)
    named = [one for one in model.processes if one.id == file.get("process")]
    found = [*named, *model.executable, *model.processes]
    if not found:
        raise _NothingToRun
    return Part(found[0], companions.rulebook)


class _NothingToRun(DomainError):
    """The file holds no process."""

    title = "The drawing holds no process. Draw a start event first."


def main() -> None:
    """Answer one request."""
    seconds, memory = (int(text) for text in sys.argv[1:3])
    request = json.load(sys.stdin)
    # Time zones that expressions name, and encodings of files, are read while files can be.
    for encoding in xml.ENCODINGS:
        codecs.lookup(encoding)
    zones = [zoneinfo.ZoneInfo(name) for name in sorted(zoneinfo.available_timezones())]
    for kind, most in (
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(kind, (most, most))
    json.dump(answer(request), sys.stdout, allow_nan=False, default=str)
    del zones


if __name__ == "__main__":
    main()
