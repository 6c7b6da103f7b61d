"""Call a service over HTTP: `http:1`, with inputs `method`, `url`, `headers` and `body`.

The result is `{"response": {"status", "headers", "body"}}`; `body` is what JSON says, else text.
Where the input `errors` names the status, as in `{"404": "NOT_FOUND"}`, that BPMN error is thrown.
Refused or not done are sorted by what would help: a destination nobody allowed or a 4xx is
permanent, a 429 or 5xx passes by itself.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

import httpx

from common import clock
from common.logging import masked
from engine import crash_points
from engine.connectors.base import Call, Done, Failed, FailureKind, Outcome, Thrown
from engine.connectors.http import egress
from engine.connectors.http.deadline import BoundedTransport
from engine.crash_points import Point

DEADLINE = 30.0
_CONNECT = 5.0
_LARGEST_BODY = 5 * 1024 * 1024
_SHOWN = 2_000
_LONGEST_TITLE = 200
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_BUSY = frozenset({408, 425, 429})

#: Headers that say how the message is carried, or whose it is: ours to set.
_RESERVED = frozenset(
    {
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
        "expect", "accept-encoding", "idempotency-key", "proxy-authorization", "proxy-connection",
        "keep-alive", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
        "x-real-ip",
    }
)  # fmt: skip


class _Unfit(Exception):
    """The inputs make no request; the text says which and why."""


class _TooMuch(Exception):
    """The answer is larger, slower or odder than we take; the text says what."""


_CAUSES: Mapping[type[Exception], tuple[FailureKind, str]] = {
    _Unfit: (FailureKind.PERMANENT, "unfit_request"),
    _TooMuch: (FailureKind.PERMANENT, "unfit_answer"),
    egress.EgressDenied: (FailureKind.PERMANENT, "egress_denied"),
    egress.NameUnknown: (FailureKind.ENVIRONMENTAL, "name_unknown"),
}


class HttpConnector:
    """Sends one request and reads one answer; follows no redirect, trusts no proxy variable."""

    job_type: ClassVar[str] = "http:1"
    required_inputs: ClassVar[frozenset[str]] = frozenset({"method", "url"})

    def run(self, call: Call) -> Outcome:
        """Send the request, and classify what came of it."""
        started = time.monotonic()
        shown: dict[str, Any] = {}
        try:
            method, headers, body = _request(call)
            shown = {"method": method, "url": masked("", str(call.inputs["url"]))[:_SHOWN]}
            errors = _errors(call.inputs.get("errors") or {})
            target = egress.check(str(call.inputs["url"]), call.destinations)
            return _send(_Request(target, method, headers, body, errors), started, shown)
        except tuple(_CAUSES) as error:
            kind, code = _CAUSES[type(error)]
            return Failed(kind, code, str(error), shown)
        except httpx.TransportError as error:
            return _broken(error, shown)


def _request(call: Call) -> tuple[str, dict[str, str], bytes | None]:
    method = str(call.inputs.get("method") or "").upper()
    if method not in _METHODS:
        raise _Unfit(f"The method “{method}” is not one of {', '.join(sorted(_METHODS))}.")
    if not isinstance(call.inputs.get("url"), str):
        raise _Unfit("The input url is no text. Write an address, or an expression that gives one.")
    headers = _own_headers(call.inputs.get("headers") or {})
    headers |= {"accept-encoding": "identity", "idempotency-key": call.key}
    body = call.inputs.get("body")
    if body is None:
        return method, headers, None
    headers.setdefault("content-type", "application/json")
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    return method, headers, text.encode()


def _own_headers(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise _Unfit('The input headers is no context. Write for example {Accept: "text/plain"}.')
    found: dict[str, str] = {}
    for name, value in given.items():
        text = str(value)
        if not str(name).replace("-", "").replace("_", "").isalnum() or not str(name).isascii():
            raise _Unfit(f"“{name}” is no name of a header.")
        if any(ord(character) < ord(" ") for character in text):
            raise _Unfit(f"The header {name} holds a line break or control character.")
        # Many servers read an underscore as a hyphen.
        if str(name).lower().replace("_", "-") in _RESERVED:
            raise _Unfit(f"The header {name} is set by the connector and cannot be given.")
        found[str(name).lower()] = text
    return found


@dataclass(frozen=True, slots=True)
class _Request:
    """One request; `errors` are the statuses that the model has a name for."""

    target: egress.Target
    method: str
    headers: dict[str, str]
    body: bytes | None
    errors: Mapping[str, str]


def _errors(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(isinstance(code, str) for code in given.values()):
        raise _Unfit('The input errors is no context. Write for example {"404": "NOT_FOUND"}.')
    return {str(status): code for status, code in given.items()}


def _send(request: _Request, started: float, shown: dict[str, Any]) -> Outcome:
    timeout = httpx.Timeout(DEADLINE, connect=_CONNECT)
    wire = BoundedTransport(ends_at=started + DEADLINE)
    with (
        httpx.Client(
            transport=wire, timeout=timeout, trust_env=False, follow_redirects=False
        ) as client,
        client.stream(
            request.method,
            request.target.url,
            headers={**request.headers, "host": request.target.authority},
            content=request.body,
            extensions={"sni_hostname": request.target.host},
        ) as response,
    ):
        crash_points.reached(Point.EFFECT_SENT)
        text = _read(response)
    answer = {"status": response.status_code, "body": masked("", text[:_SHOWN])}
    thrown = request.errors.get(str(response.status_code))
    if thrown is not None:
        title = _title(response, text) or response.reason_phrase
        return Thrown(thrown, title, {"response": _result(response, text)})
    if response.is_success:
        return Done({"response": _result(response, text)})
    return _refused(response, _title(response, text), shown, answer)


def _read(response: httpx.Response) -> str:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise _TooMuch("The answer is compressed, which was not asked for.")
    chunks, size = [], 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > _LARGEST_BODY:
            raise _TooMuch(f"The answer is larger than {_LARGEST_BODY // 1024 // 1024} MiB.")
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


def _title(response: httpx.Response, text: str) -> str:
    """Return what a service says of its own refusal (RFC 9457): the cause, in its words."""
    if "problem+json" not in response.headers.get("content-type", ""):
        return ""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    title = said.get("title") if isinstance(said, dict) else None
    told = str(masked("", title or "")).encode("utf-8", "replace").decode().replace("\x00", "")
    return " ".join(told.split())[:_LONGEST_TITLE]


def _refused(
    response: httpx.Response, title: str, shown: dict[str, Any], answer: dict[str, Any]
) -> Failed:
    status = response.status_code
    if response.is_redirect:
        sentence = f"The service answered {status}; it points elsewhere, which is not followed."
        return Failed(FailureKind.PERMANENT, "redirected", sentence, shown, answer)
    passing = status in _BUSY or response.is_server_error
    kind = FailureKind.TRANSIENT if passing else FailureKind.PERMANENT
    sentence = f"The service answered {status} {response.reason_phrase}."
    if title:
        sentence = f"The service answered {status}: {title}"
    wait = _retry_after(response.headers.get("retry-after", ""))
    return Failed(kind, f"http_{status}", sentence, shown, answer, wait)


def _broken(error: httpx.TransportError, shown: dict[str, Any]) -> Failed:
    if isinstance(error.__cause__, ssl.SSLError) or "CERTIFICATE" in str(error):
        sentence = "The service's certificate does not hold. Its owner must renew or mend it."
        return Failed(FailureKind.ENVIRONMENTAL, "bad_certificate", sentence, shown)
    if isinstance(error, httpx.TimeoutException):
        sentence = f"The service gave no whole answer within {DEADLINE:.0f} s."
        return Failed(FailureKind.TRANSIENT, "timed_out", sentence, shown)
    if isinstance(error, httpx.ConnectError):
        sentence = "The service cannot be reached; nothing answers there."
        return Failed(FailureKind.TRANSIENT, "unreachable", sentence, shown)
    sentence = "The connection broke before the answer was whole."
    return Failed(FailureKind.TRANSIENT, "connection_broke", sentence, shown)


def _retry_after(text: str) -> float | None:
    """Return the seconds in a Retry-After header (RFC 9110, 10.2.3): a number or a date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - clock.now()).total_seconds())
