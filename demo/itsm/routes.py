"""Which address does what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from demo.itsm import deeds, pages, replays
from demo.itsm.book import Book, Row
from demo.itsm.exchange import CSS, Refusal, Reply, Request, answer
from demo.itsm.faults import Faults

_TICKET = r"(?P<ticket>[A-Z]{3}-\d{1,12})"
_SERVICE = r"(?P<service>[A-Za-z0-9._-]{1,120})"
_CHANNEL = r"(?P<channel>[a-z0-9-]{1,60})"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every call works with."""

    book: Book
    faults: Faults


@dataclass(frozen=True, slots=True)
class Call:
    """One call: on which desk, what was asked, and what its address names."""

    desk: Desk
    request: Request
    named: Mapping[str, str]

    @property
    def book(self) -> Book:
        """Return the desk's book."""
        return self.desk.book

    @property
    def fields(self) -> dict[str, Any]:
        """Return the body; a refusal where it is no object."""
        return self.request.fields()


Handle = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """One address and what it does. `once` calls change something and obey Idempotency-Key."""

    method: str
    path: re.Pattern[str]
    handle: Handle
    once: bool = False


def serve(desk: Desk, request: Request) -> Reply:
    """Return the answer to a request, refusals included."""
    try:
        route, named = _find(request)
        call = Call(desk, request, named)
        if not route.once:
            return route.handle(call)
        return replays.once(desk.book, request, lambda: route.handle(call))
    except Refusal as refusal:
        return refusal.reply()


def _find(request: Request) -> tuple[Route, dict[str, str]]:
    found = [(route, match) for route in ROUTES if (match := route.path.fullmatch(request.path))]
    for route, match in found:
        if route.method == request.method:
            return route, match.groupdict()
    if found:
        allowed = ", ".join(sorted({route.method for route, _ in found}))
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"This address takes {allowed}.")
    raise Refusal(HTTPStatus.NOT_FOUND, "There is nothing at this address.")


def _health(call: Call) -> Reply:
    call.book.row("SELECT 1")
    return answer(HTTPStatus.OK, {"status": "ok"})


def _tickets(call: Call) -> Reply:
    found = [_addressed(row, call) for row in deeds.tickets(call.book, call.request.query)]
    return answer(HTTPStatus.OK, {"tickets": found, "count": len(found)})


def _ticket(call: Call) -> Reply:
    found = deeds.ticket(call.book, call.named["ticket"])
    return answer(HTTPStatus.OK, _addressed(found, call))


def _open(call: Call) -> Reply:
    made = deeds.open_ticket(call.book, call.fields)
    return answer(HTTPStatus.CREATED, _addressed(made, call))


def _comment(call: Call) -> Reply:
    return answer(HTTPStatus.CREATED, deeds.comment(call.book, call.named["ticket"], call.fields))


def _close(call: Call) -> Reply:
    closed = deeds.close_ticket(call.book, call.named["ticket"], call.fields)
    return answer(HTTPStatus.OK, _addressed(closed, call))


def _change(call: Call) -> Reply:
    changed = deeds.change_ticket(call.book, call.named["ticket"], call.fields)
    return answer(HTTPStatus.OK, _addressed(changed, call))


def _deploy(call: Call) -> Reply:
    return answer(HTTPStatus.CREATED, deeds.deploy(call.book, call.fields))


def _operate(call: Call) -> Reply:
    return answer(HTTPStatus.CREATED, deeds.operate(call.book, call.fields))


def _check(call: Call) -> Reply:
    return answer(HTTPStatus.OK, deeds.check(call.book, call.fields))


def _say(call: Call) -> Reply:
    return answer(HTTPStatus.CREATED, deeds.say(call.book, call.named["channel"], call.fields))


def _effects(call: Call) -> Reply:
    return answer(HTTPStatus.OK, replays.counts(call.book))


def _add_fault(call: Call) -> Reply:
    return answer(HTTPStatus.CREATED, asdict(call.desk.faults.add(call.fields)))


def _clear_faults(call: Call) -> Reply:
    return answer(HTTPStatus.OK, {"removed": call.desk.faults.clear()})


def _set_state(call: Call) -> Reply:
    with call.book.writing():
        return answer(HTTPStatus.OK, deeds.set_state(call.book, call.fields))


def _services_page(call: Call) -> Reply:
    return pages.services(deeds.services(call.book))


def _mend(call: Call) -> Reply:
    # A form needs no JSON, so another site could send it; the browser says where it stood.
    if call.request.headers.get("sec-fetch-site") != "same-origin":
        raise Refusal(HTTPStatus.FORBIDDEN, "This is done from the page Services only.")
    with call.book.writing():
        deeds.mend(call.book, call.named["service"])
    return Reply(HTTPStatus.SEE_OTHER, b"", headers={"Location": "/services"})


def _ticket_list(call: Call) -> Reply:
    state = call.request.query.get("state", "")
    return pages.ticket_list(deeds.tickets(call.book, {"state": state}), state)


def _ticket_page(call: Call) -> Reply:
    return pages.ticket(deeds.ticket(call.book, call.named["ticket"]))


def _chat_page(call: Call) -> Reply:
    channel = call.request.query.get("channel", "")
    return pages.chat(deeds.channels(call.book), deeds.messages(call.book, channel), channel)


def _operations_page(call: Call) -> Reply:
    return pages.operations(deeds.operations(call.book))


def _style(_: Call) -> Reply:
    return Reply(HTTPStatus.OK, pages.STYLE, CSS, {"Cache-Control": "max-age=300"})


def _addressed(row: Row, call: Call) -> Row:
    return {**row, "url": f"{call.request.base_url}/tickets/{row['id']}"}


def _route(line: str, handle: Handle, *, once: bool = False) -> Route:
    method, path = line.split()
    return Route(method, re.compile(path), handle, once)


ROUTES = (
    _route("GET /health", _health),
    _route("GET /api/tickets", _tickets),
    _route("POST /api/tickets", _open, once=True),
    _route(f"GET /api/tickets/{_TICKET}", _ticket),
    _route(f"PATCH /api/tickets/{_TICKET}", _change, once=True),
    _route(f"POST /api/tickets/{_TICKET}/comments", _comment, once=True),
    _route(f"POST /api/tickets/{_TICKET}/close", _close, once=True),
    _route("POST /api/deployments", _deploy, once=True),
    _route("POST /api/operations", _operate, once=True),
    _route("POST /api/checks", _check, once=True),
    _route(f"POST /api/chat/{_CHANNEL}", _say, once=True),
    _route("GET /api/effects", _effects),
    _route("POST /control/faults", _add_fault),
    _route("DELETE /control/faults", _clear_faults),
    _route("PUT /control/services", _set_state),
    _route("GET /", _ticket_list),
    _route(f"GET /tickets/{_TICKET}", _ticket_page),
    _route("GET /chat", _chat_page),
    _route("GET /operations", _operations_page),
    _route("GET /services", _services_page),
    _route(f"POST /services/{_SERVICE}/mend", _mend),
    _route("GET /desk.css", _style),
)
