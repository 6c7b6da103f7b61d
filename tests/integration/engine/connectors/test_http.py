"""The HTTP connector against real sockets: what leaves, what never does, how it fails."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from engine import addresses
from engine.connectors.base import Call, Done, Failed, FailureKind, Thrown
from engine.connectors.http import connector
from engine.connectors.http.connector import HttpConnector

HOOK = "/hooks/CANARY-path?a=1&key=CANARY-query"
HEADERS = {
    "/r": ("Location", "http://127.0.0.1:1/"),
    "/busy": ("Retry-After", "7"),
    "/bomb": ("Content-Encoding", "gzip"),
    HOOK: ("Set-Cookie", "session=CANARY-cookie"),
}


class Service(BaseHTTPRequestHandler):
    """Answers by path, and remembers what it was asked."""

    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        self.server.seen.append((self.command, self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        if self.path == "/reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.connection.close()
            return
        status = {"/busy": 429, "/broken": 500, "/no": 404, "/r": 302, "/refuse": 409}.get(
            self.path, 200
        )
        self.send_response(status)
        if self.path in HEADERS:
            self.send_header(*HEADERS[self.path])
        problem = self.path == "/refuse"
        self.send_header("Content-Type", f"application/{'problem+' if problem else ''}json")
        self.end_headers()
        if self.path == "/drip":
            for _ in range(20):
                self.wfile.write(b" ")
                time.sleep(0.05)
        if problem:
            self.wfile.write(b'{"title": "edge-b is in\\n maintenance. token=abcdef123456"}')
            return
        size = 6 * 1024 * 1024 if self.path == "/endless" else 0
        self.wfile.write(b'"' + b"x" * size + b'"' if size else b'{"id": "CHG-1"}')

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: Any) -> None:
        """Stay silent."""


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.seen = []  # type: ignore[attr-defined]
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def ask(
    service: ThreadingHTTPServer, path: str = "/", *, listed: bool = True, **inputs: Any
) -> Any:
    port = service.server_address[1]
    values = {"method": "GET", "url": f"http://127.0.0.1:{port}{path}", **inputs}
    allowed = frozenset({("127.0.0.1", port)}) if listed else frozenset()
    return HttpConnector().run(Call(values, key="k-1", destinations=allowed))


def test_the_result_holds_status_and_body_as_json_says(service: ThreadingHTTPServer) -> None:
    outcome = ask(service, method="POST", body={"title": "Upgrade"})

    assert isinstance(outcome, Done)
    assert outcome.result["response"]["status"] == 200
    assert outcome.result["response"]["body"] == {"id": "CHG-1"}
    _, _, headers, body = service.seen[0]  # type: ignore[attr-defined]
    assert headers["idempotency-key"] == "k-1"
    assert json.loads(body) == {"title": "Upgrade"}


def test_what_nobody_listed_is_never_connected_to(service: ThreadingHTTPServer) -> None:
    outcome = ask(service, listed=False)

    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.kind) == ("egress_denied", FailureKind.ENVIRONMENTAL)
    assert service.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "host",
    ["localhost", "0x7f000001", "2130706433", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "[::1]"],
)
def test_other_spellings_of_loopback_are_not_the_listed_one(
    service: ThreadingHTTPServer, host: str
) -> None:
    port = service.server_address[1]
    outcome = ask(service, url=f"http://{host}:{port}/")

    assert isinstance(outcome, Failed)
    assert outcome.code == "egress_denied"
    assert service.seen == []  # type: ignore[attr-defined]


def test_a_listed_name_that_leads_inside_is_refused(service: ThreadingHTTPServer) -> None:
    port = service.server_address[1]
    call = Call(
        {"method": "GET", "url": f"http://localhost:{port}/"},
        key="k",
        destinations=frozenset({("localhost", port)}),
    )
    outcome = HttpConnector().run(call)

    assert isinstance(outcome, Failed)
    assert outcome.code == "egress_denied"
    assert service.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "code", "kind"),
    [
        ("/busy", "http_429", FailureKind.TRANSIENT),
        ("/broken", "http_500", FailureKind.TRANSIENT),
        ("/no", "http_404", FailureKind.PERMANENT),
        ("/r", "redirected", FailureKind.PERMANENT),
        ("/bomb", "answer_compressed", FailureKind.PERMANENT),
        ("/endless", "answer_too_large", FailureKind.PERMANENT),
        ("/reset", "broke_before_answer", FailureKind.TRANSIENT),
    ],
)
def test_failures_are_sorted_by_what_would_help(
    service: ThreadingHTTPServer, path: str, code: str, kind: FailureKind
) -> None:
    outcome = ask(service, path)

    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.kind) == (code, kind)


def test_retry_after_is_honoured(service: ThreadingHTTPServer) -> None:
    assert ask(service, "/busy").retry_after == 7.0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "a\nb"},
        {"Content-Length": "9"},
        {"Host": "x"},
        {"a b": "c"},
        {"Idempotency-Key": "z"},
        {"Idempotency_Key": "z"},
    ],
)
def test_headers_that_would_break_the_message_are_refused(
    service: ThreadingHTTPServer, headers: dict[str, str]
) -> None:
    outcome = ask(service, headers=headers)

    assert isinstance(outcome, Failed)
    assert outcome.code == "unfit_request"
    assert service.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    ["file:///etc/hostname", "gopher://x/", "http://u:p@127.0.0.1/", "http://", "http://a b/"],
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    call = Call({"method": "GET", "url": url}, key="k", destinations=frozenset({("127.0.0.1", 80)}))

    outcome = HttpConnector().run(call)

    assert isinstance(outcome, Failed)
    assert outcome.code == "unfit_address"


def test_nothing_answers_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call = Call(
        {"method": "GET", "url": f"http://127.0.0.1:{port}/"},
        key="k",
        destinations=frozenset({("127.0.0.1", port)}),
    )
    outcome = HttpConnector().run(call)

    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.kind) == ("connection_refused", FailureKind.TRANSIENT)


def test_the_deadline_is_for_the_whole_answer(
    service: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "DEADLINE", 0.3)

    outcome = ask(service, "/drip")

    assert isinstance(outcome, Failed)
    assert outcome.code == "timed_out"


def drip_headers(client: socket.socket, over: threading.Event) -> None:
    client.recv(65_536)
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(80):
        if over.wait(0.05):
            return
        client.sendall(b"x-more: 1\r\n")


def drip_status_line(client: socket.socket, over: threading.Event) -> None:
    client.recv(65_536)
    for byte in b"HTTP/1.1 200 " + b"x" * 80:
        if over.wait(0.05):
            return
        client.sendall(bytes([byte]))


def drip_handshake(client: socket.socket, over: threading.Event) -> None:
    client.recv(65_536)
    record = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + b"\0" * 80
    for byte in record:
        if over.wait(0.05):
            return
        client.sendall(bytes([byte]))


def read_slowly(client: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.05) and client.recv(1_000):
        continue


@pytest.fixture
def slow_service() -> Iterator[Any]:
    """Give a way to start a service that serves its one caller byte by byte, as told."""
    over, doors, threads = threading.Event(), [], []

    def start(serve: Any) -> int:
        door = socket.create_server(("127.0.0.1", 0))
        # A small window, or the kernel takes a whole request before anybody reads it.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        doors.append(door)

        def run() -> None:
            client, _ = door.accept()
            with client, contextlib.suppress(OSError):
                serve(client, over)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return int(door.getsockname()[1])

    yield start
    over.set()
    for thread in threads:
        thread.join(5)
    for door in doors:
        door.close()


@pytest.mark.parametrize(
    ("serve", "scheme", "body", "code"),
    [
        (drip_headers, "http", None, "timed_out"),
        (drip_status_line, "http", None, "timed_out"),
        (drip_handshake, "https", None, "connect_timed_out"),
        (read_slowly, "http", "x" * 20_000_000, "timed_out"),
    ],
)
def test_the_deadline_is_for_the_whole_call(
    slow_service: Any,
    serve: Any,
    scheme: str,
    body: str | None,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connector, "DEADLINE", 0.5)
    port = slow_service(serve)
    inputs = {"method": "POST", "url": f"{scheme}://127.0.0.1:{port}/", "body": body}
    began = time.monotonic()

    call = Call(inputs, key="k", destinations=frozenset({("127.0.0.1", port)}))
    outcome = HttpConnector().run(call)

    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.kind) == (code, FailureKind.TRANSIENT)
    assert time.monotonic() - began < 2


def test_a_refusal_is_told_in_the_services_own_words(service: ThreadingHTTPServer) -> None:
    outcome = ask(service, "/refuse")

    assert isinstance(outcome, Failed)
    assert outcome.diagnosis.startswith("The service answered 409: edge-b is in maintenance.")
    assert "abcdef123456" not in outcome.diagnosis


def test_an_answer_that_the_model_has_a_name_for_is_thrown(service: ThreadingHTTPServer) -> None:
    outcome = ask(service, "/refuse", errors={"409": "IN_MAINTENANCE"})

    assert isinstance(outcome, Thrown)
    assert outcome.code == "IN_MAINTENANCE"
    assert outcome.result["response"]["status"] == 409


def test_names_for_answers_that_are_none_are_refused(service: ThreadingHTTPServer) -> None:
    outcome = ask(service, errors=["409"])

    assert isinstance(outcome, Failed)
    assert outcome.code == "unfit_request"


@pytest.mark.parametrize(
    "address", ["64:ff9b::a9fe:a9fe", "::7f00:1", "fec0::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_an_ipv6_address_that_leads_inside_is_not_public(address: str) -> None:
    assert not addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url", ["http://u:CANARY-9b1f@h:99999/", "http://127.0.0.1:1/?token=CANARY-9b1f"]
)
def test_what_an_operator_is_shown_of_a_call_holds_no_secret(url: str) -> None:
    outcome = HttpConnector().run(Call({"method": "GET", "url": url}, key="k"))

    assert isinstance(outcome, Failed)
    assert "CANARY" not in f"{outcome.diagnosis} {outcome.request}"


_TALKATIVE = """
import json, logging.config, sys
from config.logging import logging_config
from engine.connectors.base import Call
from engine.connectors.http.connector import HttpConnector
logging.config.dictConfig(logging_config("DEBUG"))
port, inputs = int(sys.argv[1]), json.loads(sys.argv[2])
print(HttpConnector().run(Call(inputs, "k", destinations=frozenset({("127.0.0.1", port)}))))
logging.getLogger("engine").debug("told to the end")
"""


def test_no_log_tells_what_a_call_sends(service: ThreadingHTTPServer) -> None:
    port = service.server_address[1]
    inputs = {
        "method": "POST",
        "url": f"http://127.0.0.1:{port}{HOOK}",
        "headers": {"Authorization": "Bearer CANARY-bearer", "X-Own": "CANARY-own"},
        "body": {"password": "CANARY-body"},
    }

    ran = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", _TALKATIVE, str(port), json.dumps(inputs)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.startswith("Done")
    assert "told to the end" in ran.stderr
    assert "CANARY" not in ran.stderr
