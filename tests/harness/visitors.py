"""Clients of the web that take no for no answer: each request is repeated under its key.

A connection that breaks and an answer of 503 say nothing about what has happened. So the same
request is sent again, until it is answered; and of ten that were answered one is sent once more,
to be given the same answer.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.http import HttpRequest
from django.middleware import csrf
from django.test import Client

_VISITORS = 8
_TWICE = 10
_PATIENCE = 60.0
_REST = 0.05
_AWAY = 503
_TOLD = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """One request: who sends it where, under which key."""

    person: str
    path: str
    key: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a wish, and after how many requests that were not answered."""

    wish: Wish
    said: Mapping[str, Any]
    broken: int


@dataclass
class Visitors:
    """Threads that carry wishes to the web; `refused` are answers that nobody should get."""

    base: str
    cookies: Mapping[str, Mapping[str, str]]
    refused: list[str] = field(default_factory=list)
    answers: queue.SimpleQueue[Answer] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        """Open the door to them."""
        self._wishes: queue.Queue[Wish] = queue.Queue()
        self._sent = 0
        for _ in range(_VISITORS):
            threading.Thread(target=self._visit, name="visitor", daemon=True).start()

    def send(self, wish: Wish) -> None:
        """Have a request sent by and by."""
        self._wishes.put(wish)

    @property
    def waiting(self) -> int:
        """Return how many requests have no answer yet."""
        return self._wishes.unfinished_tasks

    def _visit(self) -> None:
        clients = {name: self._client(name) for name in self.cookies}
        while True:
            wish = self._wishes.get()
            try:
                self._carry(clients[wish.person], wish)
            finally:
                self._wishes.task_done()

    def _client(self, person: str) -> httpx.Client:
        cookies = dict(self.cookies[person])
        headers = {"Origin": self.base, "X-CSRFToken": cookies["interlock_csrf"]}
        return httpx.Client(base_url=self.base, cookies=cookies, headers=headers, timeout=20)

    def _carry(self, client: httpx.Client, wish: Wish) -> None:
        said, broken = self._insist(client, wish)
        self._sent += 1
        if said is not None and self._sent % _TWICE == 0:
            again, more = self._insist(client, wish)
            broken += more
            if again is not None and again.get("id") != said.get("id"):
                self.refused.append(f"{wish.path} under {wish.key} was answered in two ways")
        if said is not None:
            self.answers.put(Answer(wish, said, broken))

    def _insist(self, client: httpx.Client, wish: Wish) -> tuple[Mapping[str, Any] | None, int]:
        """Send it until it is answered; return the answer and how often there was none."""
        until, broken = time.monotonic() + _PATIENCE, 0
        while time.monotonic() < until:
            try:
                found = client.post(
                    wish.path, json=wish.body, headers={"Idempotency-Key": wish.key}
                )
            except httpx.TransportError:
                broken += 1
                time.sleep(_REST)
                continue
            if found.is_success:
                return found.json() if found.content else {}, broken
            if found.status_code != _AWAY:
                self.refused.append(
                    f"{wish.path} was refused: {found.status_code} {found.text[:_TOLD]}"
                )
                return None, broken
            time.sleep(_REST)
        self.refused.append(f"{wish.path} under {wish.key} was not answered for a minute")
        return None, broken


def cookies_of(account: Any) -> dict[str, str]:
    """Sign an account in; return the cookies of its session."""
    client = Client()
    client.force_login(account)
    secret = csrf.get_token(HttpRequest())
    return {name: one.value for name, one in client.cookies.items()} | {"interlock_csrf": secret}
