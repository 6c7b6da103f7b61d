"""DomainError to an answer, once: problem+json (RFC 9457) for programs, a page for people."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.response import Response

from common import context
from common.errors import Conflict, DomainError, Forbidden, Invalid, Missing, Transient
from common.words import in_words

logger = logging.getLogger(__name__)

#: After how many seconds it is worth asking again when the database was away.
_AWAY_FOR = 5
_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (Invalid, 422),
    (Forbidden, 403),
    (Missing, 404),
    (Conflict, 409),
    (Transient, 503),
)


class NotSignedIn(Forbidden):
    """There is no session, or it has ended."""

    code = "common.not_signed_in"
    title = "You are not signed in. Sign in, then do it again; what you typed is kept."
    status = 401


class NotFound(Missing):
    """No such address or object, or none that this person may know of."""

    code = "common.not_found"
    title = "There is nothing here that you may see. Look at the address, or ask its owner."


class Refused(Forbidden):
    """The framework refused before a view was reached."""

    code = "common.refused"
    title = "This request was refused. Load the page again and repeat it."


class BadRequest(Invalid):
    """The framework could not read the request, or fields of it."""

    code = "common.bad_request"
    title = "The request cannot be read: {reason}"
    status = 400


class WrongMethod(Invalid):
    """The address exists and does not take this method."""

    code = "common.wrong_method"
    title = "{method} is not offered here."
    status = 405


class TooManyRequests(Transient):
    """A limit on how often has been reached."""

    code = "common.too_many_requests"
    title = "Too many requests in a short time. Wait a minute, then try again."
    status = 429


class DatabaseAway(Transient):
    """The database is away, has no room, or took too long."""

    code = "common.database_away"
    title = (
        "The database cannot do this just now. Look whether your change is there; "
        "if it is not, try again in a minute."
    )


class Broken(Transient):
    """A bug of ours. The text names nothing but where to look."""

    code = "common.broken"
    title = (
        "Something broke on our side; nothing was changed. "
        "The number {request_id} finds it in the log."
    )
    status = 500


def status_of(error: DomainError) -> int:
    """Return the HTTP status of a refusal: its own, or its kind's."""
    own = getattr(error, "status", None)
    if isinstance(own, int):
        return own
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def title_of(error: DomainError) -> str:
    """Return the refusal's sentence, translated and with its context filled in."""
    words = {
        name: in_words(value) if isinstance(value, str | int | float) else str(value)
        for name, value in error.context.items()
    }
    return _(error.title).format_map(_Lenient(words))


def document(error: DomainError, path: str) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    return {
        "type": f"/docs/errors#{error.code}",
        "title": title_of(error),
        "status": status_of(error),
        "code": error.code,
        "instance": path,
        "request_id": context.current().request_id,
        "errors": in_words(error.problems),
        "schema": 1,
        **{name: error.context.get(name) for name in error.members},
    }


def as_domain_error(error: BaseException) -> DomainError | None:
    """Return what a framework's exception means in our words, or None for a bug."""
    match error:
        case DomainError():
            found: DomainError | None = error
        case Http404() | ObjectDoesNotExist() | drf.NotFound():
            found = NotFound()
        case drf.NotAuthenticated() | drf.AuthenticationFailed():
            found = NotSignedIn()
        case PermissionDenied() | drf.PermissionDenied():
            found = Refused()
        case drf.APIException():
            found = _from_rest(error)
        case OperationalError() | InterfaceError():
            logger.warning("request.database_away", exc_info=error)
            found = DatabaseAway(retry_after=_AWAY_FOR)
        case _:
            found = None
    return found


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asks: the API's addresses always answer problem documents."""
    return request.path.startswith("/api/")


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the refusal as the asker reads it."""
    found = document(error, request.path)
    response = (
        JsonResponse(found, status=found["status"], content_type="application/problem+json")
        if wants_json(request)
        else render(request, "error.html", {"problem": found}, status=found["status"])
    )
    _say_when(response, error)
    # The door records who was refused what.
    response.refusal = error  # type: ignore[attr-defined]
    return response


def exception_handler(error: Exception, info: dict[str, Any]) -> Response | None:
    """Answer an exception of an API view; None lets a bug travel on to the middleware."""
    known = as_domain_error(error)
    if known is None:
        return None
    found = document(known, info["request"].path)
    response = Response(found, status=found["status"], content_type="application/problem+json")
    _say_when(response, known)
    response.refusal = known  # type: ignore[attr-defined]
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request whose form token is missing or stale."""
    logger.info("csrf.refused", extra={"reason": reason})
    return answer(request, Refused())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer an address that no route knows."""
    return answer(request, NotFound())


def server_broke(request: HttpRequest) -> HttpResponse:
    """Answer what reached the framework's last line: an outage before any view, or a bug."""
    error = sys.exc_info()[1]
    known = as_domain_error(error) if error is not None else None
    return answer(request, known or Broken(request_id=context.current().request_id))


def _say_when(response: HttpResponse | Response, error: DomainError) -> None:
    """Tell a program after how many seconds it is worth asking again, where that is known."""
    if "retry_after" in error.context:
        response["Retry-After"] = str(error.context["retry_after"])


def _from_rest(error: drf.APIException) -> DomainError:
    if isinstance(error, drf.ValidationError):
        return BadRequest(reason=_("some fields are wrong."), problems=list(_fields(error.detail)))
    if isinstance(error, drf.MethodNotAllowed):
        return WrongMethod(method=str(error.args[0]) if error.args else _("This method"))
    if isinstance(error, drf.Throttled):
        return TooManyRequests()
    return BadRequest(reason=str(error.detail))


def _fields(detail: Any, path: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [
            row
            for name, inner in detail.items()
            for row in _fields(inner, f"{path}.{name}" if path else str(name))
        ]
    if isinstance(detail, list):
        return [row for inner in detail for row in _fields(inner, path)]
    return [{"field": path, "message": str(detail)}]


class _Lenient(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""
