"""What should not stand in a model: secrets, hosts and addresses, wherever text is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from common.phrases import Phrase
from engine.bpmn import texts
from engine.bpmn.elements import (
    Activity,
    FlowNode,
    SequenceFlow,
    ServiceTask,
    StarlarkTask,
    ThrowEvent,
)
from engine.bpmn.process import Process
from engine.lint.finding import about
from engine.lint.rules import Setting
from engine.problems import Problem

_HOST: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://(?:[^\s/@\"']{1,200}@)?([\w.-]{1,253})", re.IGNORECASE
)
_INTERNAL: Final = re.compile(
    r"\b((?:[a-z0-9-]{1,63}\.){1,8}(?:local|internal|corp|lan|intranet))\b", re.IGNORECASE
)
_IPV4: Final = re.compile(
    r"(?<![\d.])((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d))(?![\d.])"
)
_MAIL: Final = re.compile(
    r"\b([\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})\b", re.IGNORECASE
)
_NAME: Final = (
    r"pass(?:word|wd|phrase)?|pwd|secret|client_?secret|credentials?|authorization"
    r"|(?:api|access|private)[_-]?key|(?:access|auth|bearer|refresh)?[_-]?token"
)
_ENTRY: Final = re.compile(
    rf"[\"']?\b((?:\w{{0,30}}[_-])?(?:{_NAME}))\b[\"']?\s*[:=]\s*[\"']([^\"']{{4,4000}})[\"']",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(rf"(?:.*[._-])?(?:{_NAME})", re.IGNORECASE)
_FORMS: Final = (
    (Phrase("a private key"), re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----")),
    (Phrase("an access key of AWS"), re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    (
        Phrase("a token of GitHub"),
        re.compile(r"\b(?:gh[pousr]_\w{36,255}|github_pat_\w{22,255})\b"),
    ),
    (Phrase("a token of GitLab"), re.compile(r"\bglpat-[\w-]{20,255}")),
    (Phrase("a token of Slack"), re.compile(r"\bxox[abeoprs]-[\w-]{10,255}")),
    (Phrase("a signed token"), re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),
    (Phrase("a password in an address"), re.compile(r"://[^\s/:@\"']{1,100}:[^\s/@\"']{1,100}@")),
    (Phrase("credentials of HTTP"), re.compile(r"\b(?:Basic|Bearer)\s+[\w+/=.-]{16,}")),
)
_MOST = 1_000_000
"""Characters of one process that are looked at: as many as the validator reads expressions of."""


def secrets(process: Process, _setting: Setting) -> Iterator[Problem]:
    """No secret stands in a model: what was drawn is read by many and kept for ever."""
    for place, what, text in _written(process):
        kind = _secret(what, text)
        if kind:
            yield about("secret_written", place, what=what, kind_found=kind)


def hosts(process: Process, setting: Setting) -> Iterator[Problem]:
    """Systems are named by connections, which an admin keeps."""
    for place, what, text in _written(process):
        named = [*_HOST.findall(text), *_INTERNAL.findall(text)]
        for host in _unlike(named, setting):
            if not _IPV4.fullmatch(host):
                yield about("host_written", place, what=what, found=host[:80])


def addresses(process: Process, setting: Setting) -> Iterator[Problem]:
    """Addresses of machines and people change without a new version."""
    for place, what, text in _written(process):
        for address in _unlike([*_IPV4.findall(text), *_MAIL.findall(text)], setting):
            yield about("address_written", place, what=what, found=address[:80])


def _unlike(found: list[str], setting: Setting) -> list[str]:
    """Return what is not allowed, by itself or by its domain."""
    allowed = tuple(one.casefold() for one in setting.allowed)
    return [
        one
        for one in dict.fromkeys(found)
        if not any(
            one.casefold() == each or one.casefold().endswith((f".{each}", f"@{each}"))
            for each in allowed
        )
    ]


def _secret(what: str, text: str) -> str:
    """Return what kind of secret a text holds, "" where it holds none."""
    for kind, form in _FORMS:
        if form.search(text):
            return kind
    for name, value in _ENTRY.findall(text):
        if _is_literal(value):
            return Phrase("“{name}” with a value", name=name[:40])
    target = what.rpartition(" ")[2].strip("`")
    bare = text.strip()
    if _NAMED.fullmatch(target) and bare[:1] == '"' == bare[-1:] and _is_literal(bare[1:-1]):
        return Phrase("“{name}” with a value", name=target[:40])
    return ""


def _is_literal(value: str) -> bool:
    """Return whether a value is one, and no name of where it comes from."""
    return len(value) >= len("abcd") and not re.match(r"\s*(?:secrets?|connection|=)[.\s]", value)


def _written(process: Process) -> Iterator[tuple[FlowNode | SequenceFlow, str, str]]:
    """Yield every text of a process with its place and what it is called there."""
    left = _MOST
    for place, what, text in _texts(process):
        yield place, what, text[:left]
        left -= len(text)
        if left <= 0:
            return


def _texts(process: Process) -> Iterator[tuple[FlowNode | SequenceFlow, str, str]]:
    for flow in process.flows.values():
        if flow.condition:
            yield flow, Phrase("condition"), flow.condition
    for node in process.nodes.values():
        yield from ((node, what, text) for what, text in _of(node))


def _of(node: FlowNode) -> Iterator[tuple[str, str]]:
    yield from texts.of(node)
    if isinstance(node, StarlarkTask):
        yield Phrase("script"), node.source
    if isinstance(node, ServiceTask | ThrowEvent):
        for key, value in node.headers.items():
            yield Phrase("setting `{target}`", target=key[:60]), f'"{value}"'
    if isinstance(node, Activity) and node.documentation:
        yield Phrase("documentation"), node.documentation
