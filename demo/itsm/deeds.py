"""What the systems do: tickets, comments, deployments and other operations, checks, chat.

Every function here that changes something runs inside one write of the book (see replays).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from demo.itsm.book import Book, Row, stamp
from demo.itsm.exchange import Refusal, choice_of, text_of

PREFIXES = {"change": "CHG", "incident": "INC", "request": "REQ", "access": "ACC"}
#: `closed` is reached by closing with a resolution, not by writing the word.
STATES = ("open", "in_progress", "on_hold")
SERVICE_STATES = ("well", "ill", "maintenance")
FIRST_NUMBER = 1001
MOST_ROWS = 500


def open_ticket(book: Book, fields: Mapping[str, Any]) -> Row:
    """Open a ticket and return it.

    Raises:
        Refusal: a field is missing or wrong.
    """
    kind = choice_of(fields, "kind", tuple(PREFIXES))
    last = book.row("SELECT max(number) AS number FROM tickets WHERE kind = ?", kind) or {}
    number = (last["number"] or FIRST_NUMBER - 1) + 1
    now = stamp()
    row = {
        "id": f"{PREFIXES[kind]}-{number}",
        "kind": kind,
        "number": number,
        "title": text_of(fields, "title"),
        "description": text_of(fields, "description", default=""),
        "requested_by": text_of(fields, "requested_by", default=""),
        "external_ref": text_of(fields, "external_ref", default=""),
        "state": "open",
        "created_at": now,
        "changed_at": now,
    }
    book.insert("tickets", row)
    return ticket(book, str(row["id"]))


def comment(book: Book, ticket_id: str, fields: Mapping[str, Any]) -> Row:
    """Write a comment on a ticket and return it.

    Raises:
        Refusal: there is no such ticket, or no text.
    """
    ticket(book, ticket_id)
    row: Row = {
        "ticket": ticket_id,
        "author": text_of(fields, "author", default="Interlock"),
        "text": text_of(fields, "text"),
        "at": stamp(),
    }
    row["id"] = book.insert("comments", row)
    return row


def change_ticket(book: Book, ticket_id: str, fields: Mapping[str, Any]) -> Row:
    """Set a ticket's state, assignee or both, and return it.

    Raises:
        Refusal: there is no such ticket, it is closed, or a field is wrong.
    """
    found = _open(book, ticket_id)
    state = choice_of(fields, "state", STATES) if "state" in fields else found["state"]
    assignee = text_of(fields, "assignee", default=found["assignee"])
    sql = "UPDATE tickets SET state = ?, assignee = ?, changed_at = ? WHERE id = ?"
    book.run(sql, state, assignee, stamp(), ticket_id)
    return ticket(book, ticket_id)


def close_ticket(book: Book, ticket_id: str, fields: Mapping[str, Any]) -> Row:
    """Close a ticket with a resolution and return it.

    Raises:
        Refusal: there is no such ticket, it is closed already, or the resolution is missing.
    """
    _open(book, ticket_id)
    resolution = text_of(fields, "resolution")
    sql = "UPDATE tickets SET state = 'closed', resolution = ?, changed_at = ? WHERE id = ?"
    book.run(sql, resolution, stamp(), ticket_id)
    return ticket(book, ticket_id)


def ticket(book: Book, ticket_id: str) -> Row:
    """Return one ticket with its comments.

    Raises:
        Refusal: there is none with this id.
    """
    found = book.row("SELECT * FROM tickets WHERE id = ?", ticket_id)
    if found is None:
        raise Refusal(HTTPStatus.NOT_FOUND, f"There is no ticket {ticket_id[:40]}.")
    del found["number"]
    sql = "SELECT author, text, at FROM comments WHERE ticket = ? ORDER BY id"
    return {**found, "comments": book.rows(sql, ticket_id)}


def tickets(book: Book, wanted: Mapping[str, str]) -> list[Row]:
    """Return tickets, the newest first, by kind, state or external reference."""
    names = [name for name in ("kind", "state", "external_ref") if wanted.get(name)]
    where = " AND ".join(f"{name} = ?" for name in names) or "1"
    sql = f"SELECT * FROM tickets WHERE {where} ORDER BY rowid DESC LIMIT {MOST_ROWS}"  # noqa: S608
    return book.rows(sql, *(wanted[name] for name in names))


def execute(book: Book, action: str, target: str, details: Mapping[str, Any]) -> Row:
    """Do something to a target, as a machine would, and return what came of it.

    Raises:
        Refusal: the target is in maintenance.
    """
    if state_of(book, target) == "maintenance":
        refused = f"{target} is in maintenance. End it on the page Services, then try again."
        raise Refusal(HTTPStatus.CONFLICT, refused)
    row: Row = {
        "action": action,
        "target": target,
        "details": json.dumps(details, ensure_ascii=False, sort_keys=True),
        "result": "ok",
        "at": stamp(),
    }
    number = book.insert("operations", row)
    return {**row, "id": f"OPS-{FIRST_NUMBER - 1 + number}", "details": dict(details)}


def deploy(book: Book, fields: Mapping[str, Any]) -> Row:
    """Put a version of a service in place. With `rollback`, an ill service is well again.

    Raises:
        Refusal: a field is missing or wrong.
    """
    service = text_of(fields, "service")
    details = {
        "version": text_of(fields, "version"),
        "window": text_of(fields, "window", default="now"),
    }
    back = fields.get("rollback") is True
    if back:
        mend(book, service)
    done = execute(book, "rollback" if back else "deployment", service, details)
    return {**done, "service": service, **details}


def operate(book: Book, fields: Mapping[str, Any]) -> Row:
    """Do any other named action: grant, revoke, provision, restore, erase.

    Raises:
        Refusal: the action or its target is missing, or the details are no object.
    """
    details = fields.get("details", {})
    if not isinstance(details, dict):
        raise Refusal(HTTPStatus.BAD_REQUEST, "“details” is an object: {…}.")
    return execute(book, text_of(fields, "action"), text_of(fields, "target"), details)


def operations(book: Book) -> list[Row]:
    """Return what was executed, the newest first."""
    rows = book.rows(f"SELECT * FROM operations ORDER BY id DESC LIMIT {MOST_ROWS}")  # noqa: S608
    return [
        {**row, "id": f"OPS-{FIRST_NUMBER - 1 + row['id']}", "details": json.loads(row["details"])}
        for row in rows
    ]


def check(book: Book, fields: Mapping[str, Any]) -> Row:
    """Return whether a service is well. The latency is made up, and always the same for a name.

    Raises:
        Refusal: no service is named.
    """
    service = text_of(fields, "service")
    healthy = state_of(book, service) != "ill"
    steady = 20 + hashlib.sha256(service.encode()).digest()[0] % 60
    latency = steady if healthy else steady * 40
    return {"service": service, "healthy": healthy, "latency_ms": latency}


def set_state(book: Book, fields: Mapping[str, Any]) -> Row:
    """Make a service ill, put it in maintenance, or make it well, for tests and the demo.

    Raises:
        Refusal: no service is named, or the state is none.
    """
    service = text_of(fields, "service")
    state = choice_of(fields, "state", SERVICE_STATES)
    mend(book, service)
    if state != "well":
        book.insert("services", {"name": service, "state": state})
    return {"service": service, "state": state}


def mend(book: Book, service: str) -> None:
    """Make a service well."""
    book.run("DELETE FROM services WHERE name = ?", service)


def state_of(book: Book, service: str) -> str:
    """Return how a service is. One nobody spoke of is well."""
    found = book.row("SELECT state FROM services WHERE name = ?", service)
    return str(found["state"]) if found else "well"


def services(book: Book) -> list[Row]:
    """Return the services that are not well."""
    return book.rows("SELECT * FROM services ORDER BY name")


def say(book: Book, channel: str, fields: Mapping[str, Any]) -> Row:
    """Post a message in a channel and return it.

    Raises:
        Refusal: there is no text.
    """
    row: Row = {
        "channel": channel,
        "sender": text_of(fields, "sender", default="Interlock"),
        "text": text_of(fields, "text"),
        "at": stamp(),
    }
    row["id"] = book.insert("messages", row)
    return row


def messages(book: Book, channel: str = "") -> list[Row]:
    """Return messages, the newest first, of one channel or of all."""
    sql = f"SELECT * FROM messages WHERE ? IN ('', channel) ORDER BY id DESC LIMIT {MOST_ROWS}"  # noqa: S608
    return book.rows(sql, channel)


def channels(book: Book) -> list[Row]:
    """Return the channels and how much was said in each."""
    return book.rows(
        "SELECT channel, count(*) AS messages FROM messages GROUP BY channel ORDER BY channel"
    )


def _open(book: Book, ticket_id: str) -> Row:
    found = ticket(book, ticket_id)
    if found["state"] == "closed":
        raise Refusal(HTTPStatus.CONFLICT, f"{ticket_id} is closed. Open a new ticket.")
    return found
