"""What every way in which an HTTP call can fail means, and what an operator is told of it.

The same table, for people, stands in docs/connectors.md; a test holds each row against a real
service that misbehaves so.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from common import clock
from engine.addresses import AddressUnfit
from engine.connectors.base import Failed, FailureKind
from engine.connectors.http import egress
from engine.connectors.http.deadline import Phase, Progress
from engine.connectors.masking import Secrets

#: Statuses below 500 that pass by themselves (RFC 9110, 15.5.9; RFC 8470, 5.2; RFC 6585, 4).
BUSY = frozenset({408, 425, 429})
_DIGITS = 9


class RequestUnfit(Exception):
    """The inputs make no request; the text says which and why."""


class AnswerTooLarge(Exception):
    """The answer is larger than we take."""


class AnswerCompressed(Exception):
    """The answer is packed, and nobody can say how large it will be."""


CAUSES: Mapping[type[Exception], tuple[FailureKind, str]] = {
    RequestUnfit: (FailureKind.PERMANENT, "unfit_request"),
    AnswerTooLarge: (FailureKind.PERMANENT, "answer_too_large"),
    AnswerCompressed: (FailureKind.PERMANENT, "answer_compressed"),
    AddressUnfit: (FailureKind.PERMANENT, "unfit_address"),
    egress.EgressDenied: (FailureKind.ENVIRONMENTAL, "egress_denied"),
    egress.NameUnknown: (FailureKind.ENVIRONMENTAL, "name_unknown"),
}


@dataclass(slots=True)
class Shown:
    """What an operator may see of a call; `secrets` are masked in it."""

    secrets: Secrets
    request: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)

    def failed(self, kind: FailureKind, code: str, diagnosis: str, **more: Any) -> Failed:
        """Return the failure with what was sent and what came back."""
        said = self.secrets.text(diagnosis)
        return Failed(kind, code, said, self.request, self.answer, **more)


def known(error: Exception, shown: Shown) -> Failed:
    """Classify what we found ourselves, before the call or in its answer."""
    kind, code = CAUSES[type(error)]
    at_target = isinstance(error, egress.NameUnknown)
    return shown.failed(kind, code, str(error), at_target=at_target)


def refused(response: httpx.Response, title: str, shown: Shown) -> Failed:
    """Classify an answer that says no; `title` is the service's own sentence, where it has one."""
    status = response.status_code
    if response.is_redirect:
        sentence = f"The service answered {status}; it points elsewhere, which is not followed."
        return shown.failed(FailureKind.PERMANENT, "redirected", sentence)
    sentence = f"The service answered {status} {response.reason_phrase}."
    if title:
        sentence = f"The service answered {status}: {title}"
    passes = status in BUSY or response.is_server_error
    wait = _retry_after(response.headers.get("retry-after", ""))
    return shown.failed(
        FailureKind.TRANSIENT if passes else FailureKind.PERMANENT,
        f"http_{status}",
        sentence,
        retry_after=wait,
        at_target=passes,
    )


def broken(
    error: httpx.TransportError, progress: Progress, shown: Shown, *, seconds: float
) -> Failed:
    """Classify a call without a whole answer by how far it came. `seconds` is the time it had."""
    kind, code, sentence = _meaning(error, progress, seconds)
    return shown.failed(kind, code, sentence, at_target=True)


_Meaning = tuple[FailureKind, str, str]

_SENDING: _Meaning = (
    FailureKind.TRANSIENT,
    "broke_while_sending",
    "The service closed the connection before it had the whole request.",
)
_WAITING: _Meaning = (
    FailureKind.TRANSIENT,
    "broke_before_answer",
    (
        "The connection broke after the request was sent; the service may have done the work. "
        "The next attempt bears the same key."
    ),
)
_GARBLED: _Meaning = (
    FailureKind.TRANSIENT,
    "answer_garbled",
    "What answers there does not speak HTTP. Look at the address and its port.",
)
_READING: _Meaning = (
    FailureKind.TRANSIENT,
    "answer_cut_off",
    "The connection broke in the middle of the answer.",
)


def _meaning(error: httpx.TransportError, progress: Progress, seconds: float) -> _Meaning:
    if progress.phase is Phase.CONNECTING:
        return _unreached(error)
    if progress.phase is Phase.SECURING:
        return _unsecured(error)
    if isinstance(error, httpx.TimeoutException):
        sentence = f"The service gave no whole answer within {seconds:.0f} s."
        return FailureKind.TRANSIENT, "timed_out", sentence
    waited = _GARBLED if progress.received else _WAITING
    return {Phase.SENDING: _SENDING, Phase.READING: _READING}.get(progress.phase, waited)


def _unreached(error: httpx.TransportError) -> _Meaning:
    if isinstance(error, httpx.TimeoutException):
        sentence = "The service did not take the connection in time."
        return FailureKind.TRANSIENT, "connect_timed_out", sentence
    if any(isinstance(cause, ConnectionRefusedError) for cause in _chain(error)):
        sentence = "The service refuses connections; nothing listens there at the moment."
        return FailureKind.TRANSIENT, "connection_refused", sentence
    sentence = "There is no way to the service from here. Whoever runs the network can look."
    return FailureKind.ENVIRONMENTAL, "no_route", sentence


def _unsecured(error: httpx.TransportError) -> _Meaning:
    if isinstance(error, httpx.TimeoutException):
        sentence = "The service did not secure the connection (TLS) in time."
        return FailureKind.TRANSIENT, "connect_timed_out", sentence
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _chain(error)):
        sentence = "The service's certificate does not hold. Its owner must renew or mend it."
        return FailureKind.ENVIRONMENTAL, "bad_certificate", sentence
    sentence = "The service and we agree on no secure connection (TLS). Look at address and port."
    return FailureKind.ENVIRONMENTAL, "tls_failed", sentence


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it, down to the system's own."""
    here: BaseException | None = error
    while here is not None:
        yield here
        here = here.__cause__ or here.__context__


def _retry_after(text: str) -> float | None:
    """Return the seconds in a Retry-After header (RFC 9110, 10.2.3): a number or a date.

    How long is too long is for the retry policy to say.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:_DIGITS])
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - clock.now()).total_seconds())
