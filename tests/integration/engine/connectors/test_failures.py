"""Every way in which a call can fail, done by a real service; docs/connectors.md has the table."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from common import clock
from engine.connectors.base import Call, Done, Failed, FailureKind, Outcome, Thrown
from engine.connectors.http import connector
from engine.connectors.http.connector import HttpConnector
from tests.support import bad_services as bad
from tests.support.bad_services import Misbehave, a_bad_service, a_full_door, closed_port

PAGE = Path(__file__).parents[4] / "docs" / "connectors.md"
ROW = re.compile(
    r"^\| .+ \| (\w+) \| (transient|permanent|environmental) \| (yes|no) \|$", re.MULTILINE
)
ROWS = {code: (kind, counts == "yes") for code, kind, counts in ROW.findall(PAGE.read_text())}

Provoke = Callable[[], Outcome]


def ask(url: str, /, *, host: str = "127.0.0.1", **inputs: Any) -> Any:
    port = int(url.split(":")[2].partition("/")[0])
    call = Call(
        {"method": "POST", "url": url} | inputs,
        key="k",
        destinations=frozenset({(host, port)}),
        traceparent="00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
    )
    return HttpConnector().run(call)


def to(serve: Misbehave, *, scheme: str = "http", seconds: float = 20.0, **inputs: Any) -> Provoke:
    """Return a call to a service that behaves so; it has `seconds` in all."""

    def call() -> Outcome:
        with pytest.MonkeyPatch.context() as patch, a_bad_service(serve) as service:
            patch.setattr(connector, "DEADLINE", seconds)
            found: Outcome = ask(f"{scheme}://127.0.0.1:{service.port}/", **inputs)
            return found

    return call


def answering(status: int) -> Provoke:
    return to(bad.answering(f"{status} Said", "Retry-After: 7"))


def at_a_full_door() -> Outcome:
    with pytest.MonkeyPatch.context() as patch, a_full_door() as port:
        patch.setattr(connector, "CONNECT", 0.3)
        found: Outcome = ask(f"http://127.0.0.1:{port}/")
        return found


def behind_its_own_certificate(client: socket.socket, _over: threading.Event) -> None:
    _its_own_certificate().wrap_socket(client, server_side=True).recv(1)


@cache
def _its_own_certificate() -> ssl.SSLContext:
    """Return TLS with a certificate that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.now()
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as both:
        both.write(made.public_bytes(pem))
        both.write(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        both.flush()
        context.load_cert_chain(both.name)
    return context


def without_tls(client: socket.socket, _over: threading.Event) -> None:
    client.recv(65_536)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


#: By code of the page, who brings it about.
PROVOKED: Mapping[str, tuple[Provoke, ...]] = {
    "connection_refused": (lambda: ask(f"http://127.0.0.1:{closed_port()}/"),),
    "connect_timed_out": (at_a_full_door, to(bad.silent, scheme="https", seconds=0.5)),
    "timed_out": (to(bad.silent, seconds=0.5), to(bad.one_byte_at_a_time, seconds=0.5)),
    "broke_while_sending": (to(bad.reset_at_once, body="x" * 20_000_000),),
    "broke_before_answer": (to(bad.reset_after_the_request), to(bad.hang_up)),
    "answer_cut_off": (to(bad.half_a_body), to(bad.half_a_chunk)),
    "answer_garbled": (to(bad.garbage), to(bad.endless_headers)),
    "answer_too_large": (to(bad.endless),),
    "answer_compressed": (to(bad.gzip_bomb),),
    "http_408": (answering(408),),
    "http_425": (answering(425),),
    "http_429": (answering(429),),
    "http_500": tuple(map(answering, (500, 501, 502, 503, 504, 599))),
    "http_404": tuple(map(answering, (400, 401, 403, 404, 405, 409, 410, 413, 422, 451))),
    "redirected": (to(bad.answering("302 Found", "Location: http://10.0.0.1/")),),
    "unfit_request": (lambda: ask("http://127.0.0.1:1/", method="BREW"),),
    "unfit_address": (lambda: ask("http://127.0.0.1:1/", url="ftp://127.0.0.1:1/"),),
    "egress_denied": (lambda: ask("http://127.0.0.1:1/", host="10.0.0.1"),),
    "name_unknown": (lambda: ask("http://no.invalid:80/", host="no.invalid"),),
    "no_route": (lambda: ask("http://255.255.255.255:80/", host="255.255.255.255"),),
    "bad_certificate": (to(behind_its_own_certificate, scheme="https"),),
    "tls_failed": (to(without_tls, scheme="https"),),
}


def test_every_row_of_the_page_is_provoked() -> None:
    assert PROVOKED.keys() == ROWS.keys()


@pytest.mark.parametrize(
    ("code", "provoke"),
    [
        pytest.param(code, provoke, id=f"{code}-{number}")
        for code, several in PROVOKED.items()
        for number, provoke in enumerate(several)
    ],
)
def test_each_failure_is_what_the_page_says(code: str, provoke: Provoke) -> None:
    outcome = provoke()

    assert isinstance(outcome, Failed), outcome
    said = outcome.code
    if code in ("http_500", "http_404"):
        said = f"{said[:6]}{code[6:]}"
    assert (said, (outcome.kind.value.lower(), outcome.at_target)) == (code, ROWS[code])
    assert outcome.diagnosis.endswith(".")
    if code.startswith("http_") and outcome.kind is FailureKind.TRANSIENT:
        assert outcome.retry_after == 7.0


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("soon", None, None),
        ("-5", None, None),
        ("0", 0, 0),
        ("99999999999999999999", 86_400, 1e9),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("in an hour", 3_500, 3_601),
    ],
)
def test_retry_after_is_read_in_both_forms(
    header: str, least: float | None, most: float | None
) -> None:
    if header == "in an hour":
        at = clock.now() + timedelta(hours=1)
        header = format_datetime(at, usegmt=True)
    with a_bad_service(bad.answering("503 Later", f"Retry-After: {header}")) as service:
        asked = ask(service.url).retry_after

    if least is None or most is None:
        assert asked is None
    else:
        assert least <= asked <= most


def test_accepted_is_done() -> None:
    with a_bad_service(bad.answering("202 Accepted")) as service:
        outcome = ask(service.url)

    assert isinstance(outcome, Done)
    assert outcome.result["response"]["status"] == 202


def test_a_body_that_says_json_and_is_none_is_text() -> None:
    serve = bad.answering("200 OK", "Content-Type: application/json", body=b'{"cut":')
    with a_bad_service(serve) as service:
        outcome = ask(service.url)

    assert isinstance(outcome, Done)
    assert outcome.result["response"]["body"] == '{"cut":'


# What is shown


def test_a_call_says_whose_it_is() -> None:
    heads: list[bytes] = []

    def serve(client: Any, _over: threading.Event) -> None:
        heads.append(client.recv(65_536))
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with a_bad_service(serve) as service:
        ask(service.url)

    assert b"traceparent: 00-0123456789abcdef0123456789abcdef-" in heads[0]


SECRET = 'CANARY-"ÿ/+9b1f'  # needs another spelling in JSON, in an address and in base64


def repeat_what_was_sent(client: Any, _over: threading.Event) -> None:
    """Answer 500, and repeat the secret in the title, in a field and in a header."""
    client.recv(65_536)
    body = b'{"title": "Not with CANARY-plain", "said": "CANARY-plain"}'
    client.sendall(
        b"HTTP/1.1 500 No\r\nContent-Type: application/problem+json\r\nX-Echo: CANARY-plain\r\n"
        b"Set-Cookie: session=CANARY-cookie\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )


def test_a_secret_that_comes_back_is_shown_to_nobody() -> None:
    with a_bad_service(repeat_what_was_sent) as service:
        outcome = ask(
            f"{service.url}hook?key=CANARY-plain&token=CANARY-token",
            headers={"Authorization": "Bearer CANARY-plain", "X-Api-Key": "CANARY-plain"},
            body={"note": "it is CANARY-plain", "credentials": {"user": "u", "pin": "CANARY-pin"}},
        )

    assert isinstance(outcome, Failed)
    assert "CANARY" not in f"{outcome.diagnosis} {outcome.request} {outcome.answer}"
    assert outcome.diagnosis == "The service answered 500: Not with [masked]"
    assert outcome.answer["status"] == 500


@pytest.mark.parametrize("spell", ["plain", "json", "address", "base64", "basic"])
def test_a_secret_is_known_in_every_spelling(spell: str) -> None:
    spelling = {
        "plain": SECRET,
        "json": json.dumps(SECRET)[1:-1],
        "address": quote(SECRET, safe=""),
        "base64": base64.b64encode(SECRET.encode()).decode(),
        "basic": SECRET,
    }[spell]
    basic = base64.b64encode(f"user:{SECRET}".encode()).decode()
    sent = f"Basic {basic}" if spell == "basic" else SECRET
    body = f"you sent {spelling} here".encode()
    with a_bad_service(bad.answering("500 No", body=body)) as service:
        outcome = ask(service.url, body={"password": SECRET, "x": sent, "authorization": sent})

    assert "CANARY" not in str(outcome)
    assert spelling not in str(outcome.answer)
    assert outcome.answer["body"].startswith("you sent [masked] here")


def test_an_error_of_the_model_tells_its_operator_as_much_as_a_failure() -> None:
    serve = bad.answering("404 Not Found", body=b'{"token": "CANARY-plain", "why": "gone"}')
    with a_bad_service(serve) as service:
        outcome = ask(service.url, errors={"404": "GONE"})

    assert isinstance(outcome, Thrown)
    assert outcome.request["method"] == "POST"
    assert '"why": "gone"' in outcome.answer["body"]
    assert "CANARY" not in f"{outcome.request} {outcome.answer}"
