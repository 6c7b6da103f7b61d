"""Can a timer's text be read? The forms of ISO 8601 the machine takes, checked before it runs."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from engine.bpmn import cron
from engine.expressions import FeelSyntaxError, parse
from engine.expressions.errors import Refusal
from engine.expressions.moments import named_zone

EXAMPLES = {
    "date": "2030-01-31T22:00:00Z",
    "duration": "PT15M",
    "cycle": "R3/PT1H",
}

# One of the four digits' years is kept free for the zone.
_LAST_YEAR = 9998
_DURATION = re.compile(
    r"-?P(?=.)(?:\d{1,6}Y)?(?:\d{1,6}M)?(?:\d{1,6}W)?(?:\d{1,6}D)?"
    r"(?:T(?=.)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:\.\d{1,9})?S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(?:-1|\d{0,9})/(?:(?P<start>[^/]+)/)?(?P<step>P[^/]+)", re.ASCII)
_ZERO = re.compile(r"[^1-9]*")
_FRACTION = re.compile(r"\.\d+")
_SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)
# What begins like this was meant as ISO 8601; anything else may be the name of a variable.
_MEANT_AS_ISO = re.compile(r"[-+]?P[\dT]|R-?\d*/|\d", re.ASCII)


def is_date(text: str) -> bool:
    """Return whether the text names a moment with its zone."""
    wall, _, zone = text.strip().partition("@")
    try:
        moment = datetime.fromisoformat(wall)
        if zone:
            named_zone(zone)
    except (ValueError, Refusal):
        return False
    return moment.year <= _LAST_YEAR and bool(zone) != (moment.tzinfo is not None)


def is_duration(text: str) -> bool:
    """Return whether the text is a duration."""
    return _DURATION.fullmatch(text.strip()) is not None


def is_forward(text: str) -> bool:
    """Return whether a duration leads forward in time."""
    return not text.strip().startswith("-") and not _ZERO.fullmatch(text)


def is_cycle(text: str) -> bool:
    """Return whether the text is a repetition, as ISO 8601 or as cron writes it."""
    rule = cron.parse(text)
    if rule is not None:
        return rule.after(_SOME_DAY) is not None
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        return False
    return is_duration(match["step"]) and (match["start"] is None or is_date(match["start"]))


def is_endless(cycle: str) -> bool:
    """Return whether a repetition leaves not even a second between two turns."""
    step = cycle.strip().rpartition("/")[2]
    return cron.parse(cycle) is None and not is_forward(_FRACTION.sub("", step))


def unreadable(kind: str, text: str) -> str | None:
    """Return why a timer's text cannot be read, None when it can: "" says it is no ISO text.

    A text that is not meant as ISO 8601 is an expression, which the run will evaluate.
    """
    if _READERS[kind](text):
        return None
    if _MEANT_AS_ISO.match(text):
        return ""
    try:
        return next(iter(parse(text).doubts), None)
    except FeelSyntaxError as error:
        return error.sentence


_READERS = {"date": is_date, "duration": is_duration, "cycle": is_cycle}
