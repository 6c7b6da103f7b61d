"""Each call once: a key's first call is performed, its repeats get the same answer.

Performing, remembering the answer and counting the effect are one write, so a server that is killed
in between has done all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from demo.itsm.book import Book, stamp
from demo.itsm.exchange import Refusal, Reply, Request

LONGEST_KEY = 200


def once(book: Book, request: Request, perform: Callable[[], Reply]) -> Reply:
    """Perform a changing call, or repeat what it was answered the first time.

    A refusal is not remembered: the caller may mend the request and use the key again.

    Raises:
        Refusal: the key belongs to a call that said something else.
    """
    if len(request.key) > LONGEST_KEY:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"The key is longer than {LONGEST_KEY} letters.")
    with book.writing():
        known = book.row("SELECT * FROM answers WHERE key = ?", request.key)
        if known is not None:
            return _again(book, request, known)
        reply = perform()
        _remember(book, request, reply)
        return reply


def counts(book: Book) -> dict[str, Any]:
    """Return how often each key was called, and how often something was done for it."""
    totals = book.row("SELECT count(*) AS keys, coalesce(sum(calls), 0) AS calls FROM answers")
    effects = book.row("SELECT count(*) AS effects FROM effects")
    repeated = book.rows(
        "SELECT key, calls, (SELECT count(*) FROM effects WHERE effects.key = answers.key)"
        " AS effects FROM answers WHERE calls > 1 OR effects > 1 ORDER BY key"
    )
    unnamed = book.row("SELECT count(*) AS unnamed FROM effects WHERE key = ''")
    return {**(totals or {}), **(effects or {}), **(unnamed or {}), "repeated": repeated}


def _again(book: Book, request: Request, known: dict[str, Any]) -> Reply:
    if known["fingerprint"] != request.fingerprint:
        raise Refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This Idempotency-Key belongs to another call. Use a new key for a new call.",
        )
    book.run("UPDATE answers SET calls = calls + 1 WHERE key = ?", request.key)
    reply = Reply(known["status"], bytes(known["body"]))
    return reply.with_header("Idempotent-Replay", "true")


def _remember(book: Book, request: Request, reply: Reply) -> None:
    call = f"{request.method} {request.path}"
    book.insert("effects", {"key": request.key, "call": call, "at": stamp()})
    if request.key:
        answer = {
            "key": request.key,
            "fingerprint": request.fingerprint,
            "status": reply.status,
            "body": reply.body,
        }
        book.insert("answers", answer)
