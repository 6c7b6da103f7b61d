"""Send an e-mail over SMTP: `email:1`, with inputs `url`, `from`, `to`, `subject` and `text`.

`url` is the mail server, `smtp://host:25` or `smtps://host:465`; the unit must allow it as it
allows every destination. Over smtp the connection is secured where the server offers it. The
message's id is made from the idempotency key: one that was sent twice can be told by it (RFC 5322,
3.6.4). The result is `{"email": {"id", "refused"}}`; `refused` are addresses the server did not
take, each with its reason.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, ClassVar

from common import clock
from engine import crash_points
from engine.addresses import MAIL
from engine.connectors.base import Call, Done, Failed, FailureKind, Outcome
from engine.connectors.http import egress, failures
from engine.connectors.http.egress import Target
from engine.connectors.http.failures import RequestUnfit, Shown
from engine.connectors.masking import Secrets
from engine.crash_points import Point

DEADLINE = 30.0
CONNECT = 5.0
_MOST_ADDRESSES = 100
_LONGEST_TEXT = 1024 * 1024
_LONGEST_SUBJECT = 500
_ADDRESS = re.compile(r"[^\s@,;<>\"\x00-\x1f\x7f]{1,64}@[A-Za-z0-9.-]{1,253}")
_PASSING = 400
_FINAL = 500


class EmailConnector:
    """Hands one message to one server; an answer of 4xx is for later, one of 5xx is final."""

    job_type: ClassVar[str] = "email:1"
    required_inputs: ClassVar[frozenset[str]] = frozenset({"url", "from", "to", "subject"})

    def run(self, call: Call) -> Outcome:
        """Send the message, and classify what came of it."""
        shown = Shown(Secrets.of(call.inputs))
        try:
            message, recipients = _message(call)
            shown.request = _told(message, recipients, call, shown.secrets)
            target = egress.check(str(call.inputs["url"]), call.destinations, MAIL)
            return _sent(message, recipients, target, shown)
        except tuple(failures.CAUSES) as error:
            return failures.known(error, shown)


def _message(call: Call) -> tuple[EmailMessage, list[str]]:
    inputs = call.inputs
    sender = _addresses(inputs, "from")
    if len(sender) != 1:
        raise RequestUnfit("The input from is not one address, such as desk@acme.example.")
    to, copies = _addresses(inputs, "to"), _addresses(inputs, "cc")
    if not to or len(to) + len(copies) > _MOST_ADDRESSES:
        raise RequestUnfit(f"The input to names no address, or more than {_MOST_ADDRESSES}.")
    subject, text = str(inputs.get("subject") or ""), str(inputs.get("text") or "")
    if len(subject) > _LONGEST_SUBJECT or len(text) > _LONGEST_TEXT:
        raise RequestUnfit("The subject or the text is too long for an e-mail.")
    message = EmailMessage()
    try:
        message["From"], message["To"] = sender[0], ", ".join(to)
        if copies:
            message["Cc"] = ", ".join(copies)
        message["Subject"] = " ".join(subject.split())
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{call.key}@{sender[0].rpartition('@')[2]}>"
        message.set_content(text)
    except (ValueError, MessageError):
        raise RequestUnfit("The inputs make no e-mail: look at addresses and subject.") from None
    return message, [*to, *copies]


def _addresses(inputs: Mapping[str, Any], name: str) -> list[str]:
    given = inputs.get(name) or []
    listed = re.split(r"[,;]", given) if isinstance(given, str) else given
    if not isinstance(listed, list):
        raise RequestUnfit(f"The input {name} is no address and no list of addresses.")
    found = [str(each).strip() for each in listed if str(each).strip()]
    for each in found:
        if not _ADDRESS.fullmatch(each):
            raise RequestUnfit(f"The input {name} holds “{each[:80]}”, which is no address.")
    return found


def _told(
    message: EmailMessage, recipients: list[str], call: Call, secrets: Secrets
) -> dict[str, Any]:
    """Return a message as an operator is shown it."""
    return {
        "server": secrets.text(str(call.inputs["url"])),
        "from": message["From"],
        "to": ", ".join(recipients),
        "subject": secrets.text(str(message["Subject"])),
        "body": secrets.text(str(call.inputs.get("text") or "")),
    }


def _sent(message: EmailMessage, recipients: list[str], target: Target, shown: Shown) -> Outcome:
    client = _Client(target)
    try:
        with _bounded(client):
            client.open()
            crash_points.reached(Point.EFFECT_SENT)
            refused = client.send_message(message, message["From"], recipients)
    except smtplib.SMTPRecipientsRefused as error:
        return _answered(*next(iter(error.recipients.values())), shown)
    except smtplib.SMTPResponseException as error:
        return _answered(error.smtp_code, error.smtp_error, shown)
    except ssl.SSLCertVerificationError:
        sentence = "The mail server's certificate does not hold. Its owner must renew or mend it."
        return shown.failed(FailureKind.ENVIRONMENTAL, "bad_certificate", sentence, at_target=True)
    except (OSError, smtplib.SMTPException) as error:
        return _broken(error, shown)
    finally:
        client.close()
    told = {address: _words(code, text) for address, (code, text) in refused.items()}
    return Done({"email": {"id": str(message["Message-ID"]), "refused": told}})


class _Client(smtplib.SMTP):
    """A client that connects to the address that was checked, and speaks to the name."""

    def __init__(self, target: Target) -> None:
        super().__init__(timeout=CONNECT)
        self._target = target
        self._host = target.host

    def open(self) -> None:
        """Connect, and secure the connection: always over smtps, else where it is offered."""
        self.connect(self._target.host, self._target.port)
        self.timeout = DEADLINE
        if self.sock is not None:
            self.sock.settimeout(DEADLINE)
        self.ehlo_or_helo_if_needed()
        if self._target.scheme == "smtp" and self.has_extn("starttls"):
            self.starttls(context=ssl.create_default_context())
            self.ehlo_or_helo_if_needed()

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._target.address, port), timeout)
        if self._target.scheme != "smtps":
            return plain
        context = ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=self._target.host)


@contextmanager
def _bounded(client: _Client) -> Iterator[None]:
    """End the conversation when its time is over, however slowly the server speaks."""

    def cut() -> None:
        if client.sock is not None:
            client.sock.close()

    timer = threading.Timer(DEADLINE, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _answered(code: int, text: bytes | str, shown: Shown) -> Failed:
    """Classify an answer that says no (RFC 5321, 4.2.1): 4yz is for later, 5yz is final."""
    said = _words(code, text)
    shown.answer = {"status": code, "body": shown.secrets.text(said)}
    passes = _PASSING <= code < _FINAL
    kind = FailureKind.TRANSIENT if passes else FailureKind.PERMANENT
    return shown.failed(kind, f"smtp_{code}", f"The mail server answered {said}", at_target=passes)


def _broken(error: Exception, shown: Shown) -> Failed:
    if isinstance(error, ConnectionRefusedError):
        code, sentence = "connection_refused", "Nothing listens at the mail server's port."
    elif isinstance(error, TimeoutError):
        code, sentence = "timed_out", "The mail server did not answer in time."
    else:
        code = "broke_before_answer"
        sentence = "The connection to the mail server broke; it may have taken the message."
    return shown.failed(FailureKind.TRANSIENT, code, sentence, at_target=True)


def _words(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())[:200]}"
