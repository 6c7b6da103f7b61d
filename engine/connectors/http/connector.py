"""Call a service over HTTP: `http:1`, with inputs `method`, `url`, `headers` and `body`.

The result is `{"response": {"status", "headers", "body"}}`; `body` is what JSON says, else text.
Where the input `errors` names the status, as in `{"404": "NOT_FOUND"}`, that BPMN error is thrown.
With the input `until`, as in `{field: "state", is: ["closed"]}`, an answer whose field says
anything else is a reason to look again after `every` (a duration, 30 s where nothing is said).
What a failure means is said in `failures`, and in a table in docs/connectors.md.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx

from common.errors import DomainError
from engine import crash_points
from engine.connectors.base import Call, Done, FailureKind, Outcome, Thrown
from engine.connectors.http import egress, failures
from engine.connectors.http.deadline import BoundedTransport, Progress
from engine.connectors.http.failures import (
    AnswerCompressed,
    AnswerTooLarge,
    RequestUnfit,
    Shown,
)
from engine.connectors.masking import Secrets
from engine.crash_points import Point
from engine.semantics import retries

DEADLINE = 30.0
CONNECT = 5.0
_LARGEST_BODY = 5 * 1024 * 1024
_LONGEST_TITLE = 200
_EVERY = "PT30S"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})

#: Headers that say how the message is carried, or whose it is: ours to set.
_RESERVED = frozenset(
    {
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
        "expect", "accept-encoding", "idempotency-key", "proxy-authorization", "proxy-connection",
        "keep-alive", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
        "x-real-ip", "traceparent", "tracestate",
    }
)  # fmt: skip


class HttpConnector:
    """Sends one request and reads one answer; follows no redirect, trusts no proxy variable."""

    job_type: ClassVar[str] = "http:1"
    required_inputs: ClassVar[frozenset[str]] = frozenset({"method", "url"})

    def run(self, call: Call) -> Outcome:
        """Send the request, and classify what came of it."""
        wire = _Wire(ends_at=time.monotonic() + DEADLINE)
        shown = Shown(Secrets.of(call.inputs))
        try:
            request = _request(call)
            shown.request = _told(request, shown.secrets, str(call.inputs["url"]))
            target = egress.check(str(call.inputs["url"]), call.destinations)
            return _send(request, target, wire, shown)
        except tuple(failures.CAUSES) as error:
            return failures.known(error, shown)
        except httpx.TransportError as error:
            return failures.broken(error, wire.progress, shown, seconds=DEADLINE)


@dataclass(slots=True)
class _Wire:
    """The time a call has, on the monotonic clock, and how far it came."""

    ends_at: float
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, slots=True)
class _Request:
    """One request; `errors` are the statuses that the model has a name for."""

    method: str
    headers: dict[str, str]
    body: bytes | None
    errors: Mapping[str, str]
    until: _Until | None = None


@dataclass(frozen=True, slots=True)
class _Until:
    """What the body of the answer must say in a field, and after how many seconds to look again."""

    field: str
    values: tuple[Any, ...]
    seconds: float

    def unmet(self, body: Any) -> str:
        """Return what is waited for where the body does not say it; "" where it does."""
        said = body.get(self.field) if isinstance(body, Mapping) else None
        if said in self.values:
            return ""
        wanted = " or ".join(str(value) for value in self.values)
        return f"Not yet: {self.field} is {said}, and the step waits for {wanted}."


def _told(request: _Request, secrets: Secrets, url: str) -> dict[str, Any]:
    """Return a request as an operator is shown it."""
    told: dict[str, Any] = {
        "method": request.method,
        "url": secrets.text(url),
        "headers": secrets.fields(request.headers),
    }
    if request.body is not None:
        told["body"] = secrets.body(request.body.decode("utf-8", "replace"))
    return told


def _request(call: Call) -> _Request:
    method = str(call.inputs.get("method") or "").upper()
    if method not in _METHODS:
        raise RequestUnfit(f"The method “{method}” is not one of {', '.join(sorted(_METHODS))}.")
    if not isinstance(call.inputs.get("url"), str):
        raise RequestUnfit(
            "The input url is no text. Write an address, or an expression that gives one."
        )
    headers = _own_headers(call.inputs.get("headers") or {})
    headers |= {"accept-encoding": "identity", "idempotency-key": call.key}
    if call.traceparent:
        headers["traceparent"] = call.traceparent
    errors, until = _errors(call.inputs.get("errors") or {}), _until(call.inputs)
    body = call.inputs.get("body")
    if body is None:
        return _Request(method, headers, None, errors, until)
    headers.setdefault("content-type", "application/json")
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    return _Request(method, headers, text.encode(), errors, until)


def _until(inputs: Mapping[str, Any]) -> _Until | None:
    given = inputs.get("until")
    if given is None:
        return None
    field_name = given.get("field") if isinstance(given, Mapping) else None
    values = given.get("is") if isinstance(given, Mapping) else None
    if not isinstance(field_name, str) or values is None:
        raise RequestUnfit('The input until is no context like {field: "state", is: ["closed"]}.')
    try:
        every = retries.length(str(inputs.get("every") or _EVERY))
    except DomainError:
        raise RequestUnfit("The input every is no duration. Write one such as PT30S.") from None
    wanted = tuple(values) if isinstance(values, list) else (values,)
    return _Until(field_name, wanted, max(1.0, every.total_seconds()))


def _own_headers(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise RequestUnfit(
            'The input headers is no context. Write for example {Accept: "text/plain"}.'
        )
    found: dict[str, str] = {}
    for name, value in given.items():
        text = str(value)
        if not str(name).replace("-", "").replace("_", "").isalnum() or not str(name).isascii():
            raise RequestUnfit(f"“{name}” is no name of a header.")
        if any(ord(character) < ord(" ") for character in text):
            raise RequestUnfit(f"The header {name} holds a line break or control character.")
        # Many servers read an underscore as a hyphen.
        if str(name).lower().replace("_", "-") in _RESERVED:
            raise RequestUnfit(f"The header {name} is set by the connector and cannot be given.")
        found[str(name).lower()] = text
    return found


def _errors(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(isinstance(code, str) for code in given.values()):
        raise RequestUnfit(
            'The input errors is no context. Write for example {"404": "NOT_FOUND"}.'
        )
    return {str(status): code for status, code in given.items()}


def _send(request: _Request, target: egress.Target, wire: _Wire, shown: Shown) -> Outcome:
    transport = BoundedTransport(wire.ends_at, wire.progress)
    with (
        httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(DEADLINE, connect=CONNECT),
            trust_env=False,
            follow_redirects=False,
        ) as client,
        client.stream(
            request.method,
            target.url,
            headers={**request.headers, "host": target.authority},
            content=request.body,
            extensions={"sni_hostname": target.host},
        ) as response,
    ):
        crash_points.reached(Point.EFFECT_SENT)
        shown.answer = {
            "status": response.status_code,
            "headers": shown.secrets.fields(response.headers),
        }
        text = _read(response)
    shown.answer["body"] = shown.secrets.body(text)
    return _judged(request, response, text, shown)


def _judged(request: _Request, response: httpx.Response, text: str, shown: Shown) -> Outcome:
    title = _title(response, text, shown.secrets)
    thrown = request.errors.get(str(response.status_code))
    if thrown is not None:
        result = {"response": _result(response, text)}
        words = title or response.reason_phrase
        return Thrown(thrown, words, result, shown.request, shown.answer)
    if response.is_success:
        result = _result(response, text)
        unmet = request.until.unmet(result["body"]) if request.until else ""
        if request.until and unmet:
            seconds = request.until.seconds
            return shown.failed(FailureKind.TRANSIENT, "not_yet", unmet, retry_after=seconds)
        return Done({"response": result})
    return failures.refused(response, title, shown)


def _read(response: httpx.Response) -> str:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise AnswerCompressed("The answer is compressed, which was not asked for.")
    chunks, size = [], 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > _LARGEST_BODY:
            raise AnswerTooLarge(f"The answer is larger than {_LARGEST_BODY // 1024 // 1024} MiB.")
        chunks.append(chunk)
    return b"".join(chunks).decode("utf-8", "replace").replace("\x00", "\ufffd")


def _result(response: httpx.Response, text: str) -> dict[str, Any]:
    body: Any = text
    if "json" in response.headers.get("content-type", ""):
        try:
            body = json.loads(text) if text else None
        except (ValueError, RecursionError):
            body = text
    headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
    return {"status": response.status_code, "headers": headers, "body": body}


def _title(response: httpx.Response, text: str, secrets: Secrets) -> str:
    """Return what a service says of its own refusal (RFC 9457): the cause, in its words."""
    if "problem+json" not in response.headers.get("content-type", ""):
        return ""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    title = said.get("title") if isinstance(said, dict) else None
    told = secrets.text(str(title or "")).encode("utf-8", "replace").decode().replace("\x00", "")
    return " ".join(told.split())[:_LONGEST_TITLE]
