"""What every log line carries, and what none may."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from common import context

MASK = "[masked]"

# Names whose value is a secret whatever it looks like, and texts that are one wherever they stand.
_SECRET_NAME = re.compile(
    r"pass(word|phrase)|secret|token|authori[sz]ation|cookie|api[-_]?key|credential", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"(?P<lead>\b(?:bearer|basic)\s+|://[^/\s:@]*:(?=[^\s@]{0,200}@)|\b(?:password|secret|token|api[-_]?key)\s*[=:]\s*)"
    r"(?P<value>[^\s@,;\"'&]+)",
    re.IGNORECASE,
)


def add_scene(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Add the ids of the scene the line was written in: request, actor, unit, run, job."""
    scene = context.current()
    found = {
        "request_id": scene.request_id,
        "actor": scene.actor and (scene.actor.person_id or scene.actor.name),
        "unit_id": scene.unit_id,
        "instance_id": scene.instance_id,
        "job_id": scene.job_id,
    }
    event.update({name: str(value) for name, value in found.items() if value and name not in event})
    return event


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace every secret in the line, by the name it has or by the form it takes.

    Django hands its whole request on. It is left out: its address may hold anything in its query,
    and who asked for what is told by the line's number and path.
    """
    event.pop("request", None)
    for name, value in list(event.items()):
        if not name.startswith("_"):
            event[name] = masked(name, value)
    return event


def is_secret(name: str) -> bool:
    """Return whether what has this name is a secret, whatever it looks like."""
    return _SECRET_NAME.search(name) is not None


def masked(name: str, value: Any) -> Any:
    """Return the value without secrets; looks into mappings and sequences."""
    if is_secret(name) and value not in (None, "", True, False):
        return MASK
    if isinstance(value, str):
        return _SECRET_TEXT.sub(rf"\g<lead>{MASK}", value)
    if isinstance(value, Mapping):
        return {key: masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked("", inner) for inner in value]
    return value
