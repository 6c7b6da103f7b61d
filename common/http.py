"""What JSON views share: strict bodies, If-Match, Idempotency-Key."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import IO, Any

from django.http import HttpRequest
from rest_framework.parsers import BaseParser

from common.errors import Invalid

MAX_BODY = 6 * 1024 * 1024
_MAX_DEPTH = 64
_MAX_KEY = 200
_MAX_DIGITS = 18


class UnreadableBody(Invalid):
    """The body is no JSON that we take."""

    code = "common.unreadable_body"
    title = "The body cannot be read: {reason}. Send one JSON object in UTF-8."


class BodyTooBig(Invalid):
    """The body is larger than any that is meant."""

    code = "common.body_too_big"
    title = "The body is larger than {limit} MB. Send less at once."
    status = 413


class MissingPrecondition(Invalid):
    """A header that protects against lost edits or doubled effects is missing."""

    code = "common.missing_precondition"
    title = "The header {header} is missing. {remedy}"


class StrictJSONParser(BaseParser):
    """Reads one JSON object: no NaN, no duplicate names, no NUL, no deep nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        """Return the object.

        Raises:
            UnreadableBody: the text is not such an object.
            BodyTooBig: it is over the limit.
        """
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            raise BodyTooBig(limit=MAX_BODY // 1024 // 1024)
        return read_object(raw)


def read_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in the bytes; no bytes at all read as an empty object.

    Raises:
        UnreadableBody: the text is not such an object.
    """
    if not raw:
        return {}
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise UnreadableBody(reason="it is nested too deeply") from None
    except ValueError as error:
        raise UnreadableBody(reason=str(error)) from None
    if not isinstance(value, dict):
        raise UnreadableBody(reason="it is not an object")
    _refuse_odd(value)
    return value


def if_match(request: HttpRequest) -> int:
    """Return the revision in If-Match.

    Raises:
        MissingPrecondition: the header is missing or holds no revision.
    """
    text = request.headers.get("If-Match", "").strip().strip('"')
    if not text.isdecimal() or len(text) > _MAX_DIGITS:
        raise MissingPrecondition(
            header="If-Match", remedy="Send the revision you edited, so that no edit is lost."
        )
    return int(text)


def idempotency_key(request: HttpRequest) -> str:
    """Return the Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header).

    Raises:
        MissingPrecondition: the header is missing or too long.
    """
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not 1 <= len(key) <= _MAX_KEY:
        raise MissingPrecondition(
            header="Idempotency-Key",
            remedy="Send one of your own choice, 1 to 200 characters, so that a retry acts once.",
        )
    return key


def moment(text: str) -> datetime | None:
    """Return the moment that a text names with its offset from UTC, None where it names none."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _refuse_odd(value: Any) -> None:
    """Refuse what PostgreSQL or JSON cannot keep, and nesting nobody means."""
    work: list[tuple[Any, int]] = [(value, 1)]
    while work:
        item, depth = work.pop()
        if depth > _MAX_DEPTH:
            raise UnreadableBody(reason=f"it is nested deeper than {_MAX_DEPTH}")
        if isinstance(item, str) and ("\x00" in item or not _is_unicode(item)):
            raise UnreadableBody(reason="it holds NUL or half a character")
        if isinstance(item, float) and not math.isfinite(item):
            raise UnreadableBody(reason="it holds a number that is too large")
        if isinstance(item, dict):
            work.extend((inner, depth + 1) for pair in item.items() for inner in pair)
        elif isinstance(item, list):
            work.extend((inner, depth + 1) for inner in item)


def _is_unicode(text: str) -> bool:
    """Tell whether the text has no lone surrogate, which JSON can spell and UTF-8 cannot."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
