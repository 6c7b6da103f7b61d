"""What comes in and what goes out: one request, one reply, one kind of refusal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

JSON = "application/json"
PROBLEM = "application/problem+json"
HTML = "text/html; charset=utf-8"
CSS = "text/css; charset=utf-8"

LONGEST_BODY = 256 * 1024
LONGEST_TEXT = 4000


class Refusal(Exception):
    """The server will not do it. Becomes problem+json, with the sentence as its title."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title

    def reply(self) -> Reply:
        """Return the refusal as it is sent."""
        return problem(self.status, self.title)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, complete."""

    status: int
    body: bytes
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_header(self, name: str, value: str) -> Reply:
        """Return the same answer with one more header."""
        return Reply(self.status, self.body, self.kind, {**self.headers, name: value})


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read to its end. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def key(self) -> str:
        """Return the caller's name for this call, or "" when it has none."""
        return self.headers.get("idempotency-key", "")

    @property
    def fingerprint(self) -> str:
        """Return what tells this call from another one with the same key."""
        said = f"{self.method} {self.path}\n".encode() + self.body
        return hashlib.sha256(said).hexdigest()

    @property
    def base_url(self) -> str:
        """Return the address the caller used, without a path."""
        return f"http://{self.headers.get('host', '127.0.0.1')}"

    def fields(self) -> dict[str, Any]:
        """Return the body as an object.

        Raises:
            Refusal: it is not a JSON object, or not sent as one.
        """
        if not self.body:
            return {}
        if not self.headers.get("content-type", "").startswith(JSON):
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the body as {JSON}.")
        try:
            said = json.loads(self.body.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise Refusal(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from error
        if not isinstance(said, dict):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The body is JSON, but not an object: {…}.")
        return said


def text_of(fields: Mapping[str, Any], name: str, *, default: str | None = None) -> str:
    """Return one text of a body, stripped.

    Raises:
        Refusal: it is missing and has no default, is no text, or is too long.
    """
    value = fields.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (not value.strip() and default is None):
        raise Refusal(HTTPStatus.BAD_REQUEST, f"“{name}” is missing. Send it as a text.")
    if len(value) > LONGEST_TEXT:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"“{name}” is longer than {LONGEST_TEXT} letters.")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Refusal(HTTPStatus.BAD_REQUEST, f"“{name}” holds half a character.")
    return value.strip()


def choice_of(fields: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    """Return one text that must be among `choices`.

    Raises:
        Refusal: it is another one.
    """
    value = text_of(fields, name)
    if value not in choices:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"“{name}” is one of {', '.join(choices)}.")
    return value


def answer(status: int, value: Mapping[str, Any]) -> Reply:
    """Return a JSON reply."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode())


def problem(status: int, title: str) -> Reply:
    """Return a problem reply (RFC 9457)."""
    value = {"type": "about:blank", "title": title, "status": int(status)}
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), PROBLEM)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
