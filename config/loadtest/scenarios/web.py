"""A user task completed through HTTP while the web has half of what it can do, v an empty view.

How much it can do is measured first, by two clients that never wait. Then pairs of requests, one
of each kind, come at half that rate whether or not the ones before were answered; each is timed
from the moment it should have been sent.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.test import Client

from config.loadtest.bench import Bench
from config.loadtest.crew import web
from config.loadtest.figures import Bound, Row, percentile
from engine.loadtest import models
from engine.loadtest.errors import NotAsItShouldBe
from engine.loadtest.floor import Floor, SignIn

_EMPTY_VIEW = "/api/v1/ping"
#: Clients that never wait, while it is found out how much the web can do.
_PRESSING = 2
#: Clients among whom the requests of the measurement are shared.
_CLIENTS = 4
_HEADSTART = 0.2
#: How much is done again for the profile.
_FEW = 100
_BODY = "{}"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Web:
    """What the web does around the engine: the door, the judge, the audit, the answer."""

    title = "Half of what the web can do"

    def measure(self, bench: Bench) -> list[Row]:
        """Find the rate, then ask at half of it."""
        count = bench.size.requests
        with web(bench.ground) as port:
            clients = [_Client(port) for _ in range(_CLIENTS)]
            for client in clients:
                client.sign_in(bench.floor.sign_in)
            for _warm in range(2):
                with _paths(bench.floor, max(1, count // 2)) as paths:
                    rate = _pairs_per_second(clients[:_PRESSING], paths) / 2
            ours, theirs = [], []
            for _turn in range(bench.size.turns):
                with _paths(bench.floor, count) as paths:
                    completed, empty = _at(rate, clients, paths)
                ours.append(percentile(completed, 99))
                theirs.append(percentile(empty, 99))
        name = f"through HTTP at {rate:.0f} pairs/s, p99 v p99 of an empty view"
        return [Row("web", name, "ms", Bound(most=3, goal=2), ours, theirs)]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what completes some through the web's code in this process."""
        client = Client(headers={"host": "127.0.0.1"})
        sign_in = bench.floor.sign_in
        client.post("/sign-in", {"email": sign_in.email, "password": sign_in.password})

        def complete() -> None:
            for path in paths:
                client.post(path, _BODY, content_type="application/json")

        paths = _started(bench.floor, min(_FEW, bench.size.requests))[1]
        return complete


@dataclass
class _Client:
    """One connection, kept open, of somebody who is signed in."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=30)

    def sign_in(self, sign_in: SignIn) -> None:
        """Sign in by the form, as people do."""
        _status, page = self._ask("GET", "/sign-in")
        found = _TOKEN.search(page)
        if found is None:
            raise NotAsItShouldBe("the sign-in form has no token")
        form = {"email": sign_in.email, "password": sign_in.password}
        body = urlencode({**form, "csrfmiddlewaretoken": found[1]})
        status, _page = self._ask("POST", "/sign-in", body, "application/x-www-form-urlencoded")
        if status != HTTPStatus.FOUND:
            raise NotAsItShouldBe(f"signing in was answered with {status}")

    def ask(self, method: str, path: str, body: str = "") -> None:
        """Ask for something that must be answered with 200."""
        status, said = self._ask(method, path, body, "application/json")
        if status != HTTPStatus.OK:
            raise NotAsItShouldBe(f"{path} was answered with {status}: {said[:200]}")

    def _ask(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, str]:
        headers = {
            "Origin": f"http://127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get(settings.CSRF_COOKIE_NAME, ""),
            **({"Content-Type": kind} if body else {}),
        }
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        self._keep_cookies(answer)
        return answer.status, answer.read().decode()

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value


def _started(floor: Floor, count: int) -> tuple[list[UUID], list[str]]:
    """Start so many runs, and return them and where their user tasks are completed."""
    deployment = floor.deploy(models.work())
    runs = [floor.start(deployment) for _run in range(count)]
    return runs, [f"/api/v1/user-tasks/{task}/complete" for _, task in floor.open_tasks(*runs)]


@contextmanager
def _paths(floor: Floor, count: int) -> Iterator[list[str]]:
    """Give where so many user tasks are completed, and check that they were."""
    runs, paths = _started(floor, count)
    yield paths
    floor.check(runs, 2 * count)


def _pairs_per_second(clients: Sequence[_Client], paths: Sequence[str]) -> float:
    """Return how many pairs are answered where each client asks as soon as it has its answer."""
    waiting = iter(paths)
    turn = threading.Lock()

    def press(client: _Client) -> None:
        while True:
            with turn:
                path = next(waiting, None)
            if path is None:
                return
            client.ask("POST", path, _BODY)
            client.ask("GET", _EMPTY_VIEW)

    began = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(press, clients))
    return len(paths) / (time.perf_counter() - began)


def _at(
    rate: float, clients: Sequence[_Client], paths: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Ask for both at so many pairs a second; return the milliseconds of either kind."""
    begin = time.perf_counter() + _HEADSTART
    completed: list[float] = []
    empty: list[float] = []
    waiting = _timetable(begin, rate, paths)
    turn = threading.Lock()

    def serve(client: _Client) -> None:
        while True:
            with turn:
                at, path = next(waiting, (0.0, None))
            if path is None:
                return
            time.sleep(max(0.0, at - time.perf_counter()))
            client.ask("POST" if path else "GET", path or _EMPTY_VIEW, _BODY if path else "")
            (completed if path else empty).append(1000 * (time.perf_counter() - at))

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(serve, clients))
    return completed, empty


def _timetable(
    begin: float, rate: float, paths: Sequence[str]
) -> Iterator[tuple[float, str | None]]:
    """Yield when to ask for what; an empty path is the empty view, half-way between two others."""
    for place, path in enumerate(paths):
        yield begin + place / rate, path
        yield begin + (place + 0.5) / rate, ""
