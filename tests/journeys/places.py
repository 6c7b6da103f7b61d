"""Where pages are: found by following links, as each kind of person, from My work on.

So a new page is covered as soon as something links to it, and one that nothing links to is noticed.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from tests.journeys.installation import SignIn
from tests.support.routes import Route, all_routes

#: Who walks, and sees what the others may not.
WALKERS = ("Ana Ruiz", "Grace Okafor", "Ben Carter", "Helena Brandt", "Dana Keller")
#: Where pages for people without a session are; nothing links to the first administrator's.
DOOR = ("/sign-in",)
#: Pages that are there before anybody can sign in, or never; each is tested by itself.
UNREACHABLE = ("/first-administrator",)
#: Where people begin; and what a page leads to only once a restore has held runs.
STARTS = ("/", "/processes", "/operations/held")
#: Addresses that hand out a file.
FILES = (
    "/runs/<uuid:run_id>/data",
    "/governance/<slug:slug>.csv",
    "/versions/<uuid:version_id>/download",
    "/versions/<uuid:version_id>/picture.svg",
    "/texts.js",
    "/metrics",
)
#: Addresses that only lead on.
LEADING_ON = ("/", "/threads/<uuid:thread_id>")
#: An id that no object has.
NOBODYS = "00000000-0000-7000-8000-000000000000"
_MOST_OF_A_KIND = 6
_MOST_PAGES = 150
_OK = httpx.codes.OK


@dataclass(frozen=True)
class Place:
    """A page, and somebody who may see it."""

    path: str
    person: str


class _Links(HTMLParser):
    """Collects the addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if (tag, name) == ("a", "href")]


def sign_in(client: httpx.Client, person: SignIn) -> httpx.Response:
    """Sign a person in, as a browser would; return the answer."""
    client.get("/sign-in")
    form = {
        "email": person.email,
        "password": person.password,
        "csrfmiddlewaretoken": client.cookies["interlock_csrf"],
    }
    return client.post("/sign-in", data=form, headers={"Referer": f"{client.base_url}/sign-in"})


def page_routes() -> list[Route]:
    """Return the routes that show a page: no API, nothing that only does something."""
    return [
        route
        for route in all_routes()
        if route.method == "GET" and not route.is_api and not route.path.startswith("/health")
    ]


def pattern(route: Route) -> re.Pattern[str]:
    """Return what the addresses of a route look like."""
    parts = re.split(r"(<[^>]+>)", route.path)
    # A name of a file has an ending, and a step's key has dots; an id has none, and where one
    # stands a file is none.
    kinds = {"<str:name>": "[^/]+", "<str:key>": "[^/]+"}
    return re.compile(
        "".join(kinds.get(p, "[^/.]+") if p.startswith("<") else re.escape(p) for p in parts)
    )


def walk(client: httpx.Client, person: str, routes: list[Route], known: dict[str, Place]) -> None:
    """Follow links as one person, and note a first place for each route not known yet."""
    before = set(known)
    counts: dict[str, int] = {}
    seen = set(STARTS)
    waiting = deque(STARTS)
    while waiting and len(seen) < _MOST_PAGES:
        answer = client.get(waiting.popleft())
        if answer.status_code != _OK or "text/html" not in answer.headers["content-type"]:
            continue
        if (path := _route_of(answer.url.path, routes)) is not None:
            known.setdefault(path, Place(answer.url.path, person))
        for link in _links(answer):
            like = _route_of(link, routes) or link
            counts[like] = counts.get(like, 0) + 1
            # Of what somebody saw before, one may show this person something else.
            most = 1 if like in before else _MOST_OF_A_KIND
            if link not in seen and counts[like] <= most:
                seen.add(link)
                waiting.append(link)


def _route_of(address: str, routes: list[Route]) -> str | None:
    return next((route.path for route in routes if pattern(route).fullmatch(address)), None)


def _links(answer: httpx.Response) -> list[str]:
    parser = _Links()
    parser.feed(answer.text)
    paths = []
    for link in parser.found:
        target = urlsplit(urljoin(str(answer.url), link))
        if target.netloc == answer.url.netloc.decode():
            paths.append(target.path)
    return paths
