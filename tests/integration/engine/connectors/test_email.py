"""The e-mail connector against a real socket: what leaves, and what each way to fail means."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from engine.connectors.base import Call, Done, Failed
from engine.connectors.email.connector import EmailConnector

GOOD = {"from": "desk@acme.example", "to": "ana@acme.example", "subject": "Hello", "text": "There"}


class _Conversation(socketserver.StreamRequestHandler):
    """Answers each command as told, 250 where nothing is; takes what follows DATA."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        taking = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            self.server.lines.append(line)  # type: ignore[attr-defined]
            if taking and line != ".":
                continue
            word = "." if taking else line.split(" ")[0].split(":")[0].upper()
            taking = word == "DATA"
            usual = "354 go on" if taking else "250 fine"
            answer = self.server.answers.get(word, usual)  # type: ignore[attr-defined]
            self.wfile.write(f"{answer}\r\n".encode())
            if word == "QUIT":
                return


@pytest.fixture
def server() -> Iterator[Any]:
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
    server.daemon_threads = True
    server.lines, server.answers = [], {}
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def send(port: int, *, allowed: bool = True, **inputs: Any) -> Done | Failed:
    destinations = frozenset({("127.0.0.1", port)} if allowed else ())
    given = {"url": f"smtp://127.0.0.1:{port}", **GOOD, **inputs}
    outcome = EmailConnector().run(Call(given, "key-1", destinations=destinations))
    assert isinstance(outcome, Done | Failed)
    return outcome


def failure(outcome: Done | Failed) -> tuple[str, str, bool]:
    assert isinstance(outcome, Failed), outcome
    return outcome.code, outcome.kind.value, outcome.at_target


def test_a_message_is_handed_over_once_with_an_id_made_of_the_key(server: Any) -> None:
    port = server.server_address[1]
    outcome = send(port, to=["ana@acme.example", "ben@acme.example"], cc="eve@acme.example")

    assert isinstance(outcome, Done)
    assert outcome.result["email"] == {"id": "<key-1@acme.example>", "refused": {}}
    assert sum(line.lower().startswith("rcpt to:") for line in server.lines) == 3
    assert "Message-ID: <key-1@acme.example>" in server.lines


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"RCPT": "550 no such box"}, ("smtp_550", "PERMANENT", False)),
        ({"RCPT": "451 later"}, ("smtp_451", "TRANSIENT", True)),
        ({"MAIL": "553 not you"}, ("smtp_553", "PERMANENT", False)),
        ({"DATA": "421 busy"}, ("smtp_421", "TRANSIENT", True)),
        ({".": "552 too large"}, ("smtp_552", "PERMANENT", False)),
    ],
)
def test_an_answer_that_says_no(
    server: Any, answers: dict[str, str], expected: tuple[str, str, bool]
) -> None:
    server.answers = answers
    assert failure(send(server.server_address[1])) == expected


def test_nothing_listens_and_nobody_allowed_it() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert failure(send(port)) == ("connection_refused", "TRANSIENT", True)
    assert failure(send(port, allowed=False)) == ("egress_denied", "ENVIRONMENTAL", False)


@pytest.mark.parametrize(
    "inputs",
    [
        {"to": ""},
        {"to": "ana@acme.example\nBcc: eve@acme.example"},
        {"to": "ana"},
        {"to": ["a@b.example"] * 101},
        {"to": 7},
        {"from": "a@b.example, c@d.example"},
        {"subject": "x" * 501},
        {"url": "http://127.0.0.1:1"},
    ],
)
def test_inputs_that_make_no_message_are_not_sent(server: Any, inputs: dict[str, Any]) -> None:
    code, kind, counts = failure(send(server.server_address[1], **inputs))

    assert code in ("unfit_request", "unfit_address")
    assert (kind, counts, server.lines) == ("PERMANENT", False, [])


def test_a_line_break_in_a_subject_makes_no_header(server: Any) -> None:
    send(server.server_address[1], subject="Hello\r\nBcc: eve@acme.example")
    assert "Subject: Hello Bcc: eve@acme.example" in server.lines
