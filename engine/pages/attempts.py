"""Attempts as people read them: a sentence, who tried, and the two sides of the call as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.models.attempts import Attempt, Ending


def shown(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt for a template."""
    return {
        "number": attempt.number,
        "element": attempt.element,
        "at": attempt.at,
        "ending": Ending(attempt.ending).label,
        "diagnosis": attempt.diagnosis or attempt.code,
        "target": attempt.target,
        "took": attempt.took / 1000,
        "worker": attempt.worker,
        "version": attempt.version,
        "trace_id": attempt.trace_id,
        "request": _written(attempt.request),
        "answer": _written(attempt.answer),
    }


def _written(side: Mapping[str, Any]) -> str:
    """Return one side of a call as HTTP writes it: a first line, headers, and a body."""
    first = " ".join(str(side[name]) for name in ("method", "url", "status") if name in side)
    headers = [f"{name}: {value}" for name, value in side.get("headers", {}).items()]
    body = ["", side["body"]] if side.get("body") else []
    return "\n".join([first, *headers, *body]).strip()
