"""The outermost shell of a request: its number, its scene, and the answer to what goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from common import context, problems
from common.errors import DomainError
from common.ids import new_id

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

_NUL = "\x00"


def request_scene(get_response: GetResponse) -> GetResponse:
    """Give each request a number that logs, audit entries and answers share."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # A quoted cookie can spell NUL, which the table of sessions could not be asked for.
        request.COOKIES = {k: v for k, v in request.COOKIES.items() if _NUL not in v}
        with context.scene(context.Scene(request_id=str(new_id()))) as scene:
            response = get_response(request)
            response["X-Request-Id"] = scene.request_id
            return response

    return middleware


class problem_pages:  # noqa: N801  (named as a middleware is, in the settings' list)
    """Turn every exception into an answer in words; a bug is logged once, by its number."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse NUL at the gate: PostgreSQL can neither keep it nor look for it."""
        if _holds_nul(request):
            return problems.answer(
                request, problems.BadRequest(reason="it holds the character NUL.")
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Answer an exception of a view."""
        known: DomainError | None = problems.as_domain_error(error)
        if known is None:
            logger.error("request.broke", extra={"path": request.path}, exc_info=error)
            known = problems.Broken(request_id=context.current().request_id)
        return problems.answer(request, known)


def _holds_nul(request: HttpRequest) -> bool:
    """Tell whether the address or a form holds NUL; bodies of the API are read by its parser."""
    sent = [request.GET] if problems.wants_json(request) else [request.GET, request.POST]
    texts = (text for data in sent for name, values in data.lists() for text in (name, *values))
    return _NUL in request.path or any(_NUL in text for text in texts)
