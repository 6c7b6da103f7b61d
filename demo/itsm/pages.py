"""The pages one opens in the browser to see that something really happened."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from demo.itsm.book import Row
from demo.itsm.exchange import HTML, Reply

STYLE = (Path(__file__).parent / "desk.css").read_bytes()

_STATE_WORDS = {
    "open": "Open",
    "in_progress": "In progress",
    "on_hold": "On hold",
    "closed": "Closed",
    "ok": "OK",
    "ill": "Ill",
    "maintenance": "In maintenance",
}
_SEGMENTS = {"": "All"} | {
    state: _STATE_WORDS[state] for state in ("open", "in_progress", "on_hold", "closed")
}
_KIND_WORDS = {
    "change": "Change",
    "incident": "Incident",
    "request": "Request",
    "access": "Access",
}
_MEANINGS = {
    "ill": "Answers its health check with no; a rollback makes it well.",
    "maintenance": "Refuses every change with 409 until the maintenance ends.",
}
_REMEDIES = {"ill": "Make well", "maintenance": "End maintenance"}
_PLACES = (
    ("/", "Tickets"),
    ("/chat", "Chat"),
    ("/operations", "Operations"),
    ("/services", "Services"),
)


def ticket_list(rows: Sequence[Row], state: str) -> Reply:
    """Show tickets, the newest first."""
    segments = _segments(_SEGMENTS, state, "/?state=")
    head = ("Ticket", "Title", "Kind", "For run", "Assignee", "State", "Changed")
    lines = [
        (
            f'<a class="mono" href="/tickets/{escape(row["id"])}">{escape(row["id"])}</a>',
            f'<a class="name" href="/tickets/{escape(row["id"])}">{escape(row["title"])}</a>',
            _KIND_WORDS[row["kind"]],
            f'<span class="mono">{escape(row["external_ref"])}</span>',
            escape(row["assignee"]),
            _pill(row["state"]),
            _time(row["changed_at"]),
        )
        for row in rows
    ]
    empty = "No ticket yet. A run of Interlock opens the first one."
    return _page("Tickets", _counted(len(rows), "ticket"), segments + _table(head, lines, empty))


def ticket(row: Row) -> Reply:
    """Show one ticket with its comments."""
    facts = [
        ("State", _pill(row["state"])),
        ("Kind", _KIND_WORDS[row["kind"]]),
        ("Asked for by", escape(row["requested_by"]) or "—"),
        ("Assignee", escape(row["assignee"]) or "Nobody yet"),
        ("For run", f'<span class="mono">{escape(row["external_ref"]) or "—"}</span>'),
        ("Opened", _time(row["created_at"])),
        ("Changed", _time(row["changed_at"])),
    ]
    if row["resolution"]:
        facts.append(("Resolution", f'<span class="text">{escape(row["resolution"])}</span>'))
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    body = f'<dl class="facts">{listed}</dl>'
    if row["description"]:
        body += f'<section><h2>Description</h2><p class="text">{escape(row["description"])}</p>'
        body += "</section>"
    said = "".join(_said(line["author"], line["at"], line["text"]) for line in row["comments"])
    body += f"<section><h2>Comments</h2>{said or '<p class=hint>Nobody wrote anything yet.</p>'}"
    return _page(row["title"], row["id"], body + "</section>")


def chat(channels: Sequence[Row], rows: Sequence[Row], channel: str) -> Reply:
    """Show what was said, the newest first."""
    names = {"": "All", **{row["channel"]: f"#{row['channel']}" for row in channels}}
    lines = "".join(
        _said(f"{row['sender']} in #{row['channel']}", row["at"], row["text"]) for row in rows
    )
    empty = '<p class="hint pad">Nothing was said here yet.</p>'
    body = _segments(names, channel, "/chat?channel=") + f"<section>{lines or empty}</section>"
    return _page("Chat", _counted(len(rows), "message"), body)


def operations(rows: Sequence[Row]) -> Reply:
    """Show what was executed, the newest first."""
    head = ("Operation", "Action", "Target", "Details", "Result", "At")
    lines = [
        (
            f'<span class="mono">{escape(row["id"])}</span>',
            escape(row["action"].replace("_", " ").capitalize()),
            f'<span class="name">{escape(row["target"])}</span>',
            escape(", ".join(f"{name} {value}" for name, value in row["details"].items())),
            _pill(row["result"]),
            _time(row["at"]),
        )
        for row in rows
    ]
    empty = "Nothing was executed yet."
    return _page("Operations", _counted(len(rows), "operation"), _table(head, lines, empty))


def services(rows: Sequence[Row]) -> Reply:
    """Show the services that are not well, each with the button that mends it."""
    head = ("Service", "State", "What it means", "")
    lines = [
        (
            f'<span class="name">{escape(row["name"])}</span>',
            _pill(row["state"]),
            _MEANINGS[row["state"]],
            _button(f"/services/{quote(row['name'])}/mend", _REMEDIES[row["state"]]),
        )
        for row in rows
    ]
    return _page("Services", "those not well", _table(head, lines, "All services are well."))


def _page(title: str, hint: str, body: str) -> Reply:
    links = "".join(
        f'<a href="{place}"{" aria-current=page" if name == title else ""}>{name}</a>'
        for place, name in _PLACES
    )
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Service desk</title>
<link rel="stylesheet" href="/desk.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><b>Service desk</b><nav aria-label="Places">{links}</nav>
<span class="tag">Stand-in of the demo</span></header>
<main><div class="head"><h1>{escape(title)}</h1><span class="hint">{escape(hint)}</span></div>
{body}</main>
</body>
</html>
"""
    return Reply(HTTPStatus.OK, text.encode(), HTML)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]], empty: str) -> str:
    if not lines:
        return f'<p class="hint pad">{empty}</p>'
    top = "".join(f'<th scope="col">{name}</th>' for name in head)
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"


def _segments(names: dict[str, str], chosen: str, place: str) -> str:
    links = "".join(
        f'<a href="{place}{escape(value)}"{" aria-current=true" if value == chosen else ""}>'
        f"{escape(name)}</a>"
        for value, name in names.items()
    )
    return f'<div class="bar"><div class="segments">{links}</div></div>'


def _button(action: str, words: str) -> str:
    return f'<form method="post" action="{escape(action)}"><button>{words}</button></form>'


def _pill(state: str) -> str:
    return f'<span class="pill {escape(state)}">{_STATE_WORDS[state]}</span>'


def _said(who: str, at: str, text: str) -> str:
    return (
        f'<article><p class="who"><b>{escape(who)}</b> {_time(at)}</p>'
        f'<p class="text">{escape(text)}</p></article>'
    )


def _time(stamp: str) -> str:
    return f'<time datetime="{stamp}">{stamp[:10]} {stamp[11:16]} UTC</time>'


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
