"""Calls side by side: each in a thread, and what comes back in the order in which it does.

A step of a run is shorter than what a pool of the standard library does around a call: that one
keeps for each a lock, a condition, and who waits for it.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeAlias, TypeVar

K = TypeVar("K")
T = TypeVar("T")
#: What a thread is to do, and under which key; None lets it end.
_Order: TypeAlias = "tuple[K, contextvars.Context, Callable[[], T]] | None"


@dataclass(slots=True)
class Calls(Generic[K, T]):
    """At most so many threads, made as they are needed; a call more waits for one of them.

    Attributes:
        out: the keys of the calls that have not been fetched yet.
    """

    most: int
    out: set[K] = field(default_factory=set)
    _orders: SimpleQueue[_Order[K, T]] = field(default_factory=SimpleQueue)
    _returned: SimpleQueue[tuple[K, T | BaseException]] = field(default_factory=SimpleQueue)
    _threads: list[threading.Thread] = field(default_factory=list)

    def make(self, key: K, call: Callable[[], T]) -> None:
        """Let a call out, in the context of now."""
        self.out.add(key)
        if len(self._threads) < min(self.most, len(self.out)):
            thread = threading.Thread(target=self._serve, name="call", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._orders.put((key, contextvars.copy_context(), call))

    def fetch(self, together: float, patience: float) -> dict[K, T]:
        """Return what has come back after `together` seconds, or earlier where all has.

        Where nothing has, wait for the first; after `patience` seconds return none.

        Raises:
            BaseException: what a call was ended by.
        """
        found: dict[K, T] = {}
        until = time.monotonic() + together
        while self.out and (left := until - time.monotonic()) > 0:
            self._fetch(found, left)
        if self.out and not found:
            self._fetch(found, patience)
        while self._fetch(found, 0):
            pass
        return found

    def close(self) -> None:
        """Wait for all calls, and let the threads end."""
        for _thread in self._threads:
            self._orders.put(None)
        for thread in self._threads:
            thread.join()

    def _fetch(self, found: dict[K, T], patience: float) -> bool:
        try:
            key, result = self._returned.get(timeout=patience) if patience else self._now()
        except Empty:
            return False
        self.out.discard(key)
        if isinstance(result, BaseException):
            raise result
        found[key] = result
        return True

    def _now(self) -> tuple[K, T | BaseException]:
        return self._returned.get_nowait()

    def _serve(self) -> None:
        while (order := self._orders.get()) is not None:
            key, scene, call = order
            try:
                self._returned.put((key, scene.run(call)))
            except BaseException as error:  # noqa: BLE001  (whoever fetches it is to know)
                self._returned.put((key, error))
