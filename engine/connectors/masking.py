"""What an operator is shown of a call: nothing that is secret by its name, its form or its value.

A secret that was sent under a telling name, such as the header Authorization, is looked for
everywhere else too: a service that repeats it in its answer does not bring it before people.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from common.logging import MASK, is_secret, masked

#: Characters of a body that are looked at, and that are shown.
_LOOKED_AT = 64 * 1024
SHOWN = 2_000
#: Shorter ones stand in every second sentence: masking them would hide the text and tell nothing.
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secret values of one call, longest first, each in the spellings it may come back in."""

    spellings: tuple[str, ...] = ()

    @classmethod
    def of(cls, inputs: Mapping[str, Any]) -> Secrets:
        """Return what is secret among the inputs of a call."""
        values = set(_values(inputs))
        url = inputs.get("url")
        if isinstance(url, str):
            values |= set(_of_query(url))
        parts = {part for value in values for part in _parts(value)}
        found = {one for part in parts if len(part) >= _SHORTEST for one in _spellings(part)}
        return cls(tuple(sorted(found, key=lambda one: (-len(one), one))))

    def text(self, text: str) -> str:
        """Return a text without secrets, at most `SHOWN` characters of it."""
        looked_at = text[:_LOOKED_AT]
        for spelling in self.spellings:
            looked_at = looked_at.replace(spelling, MASK)
        if len(text) > _LOOKED_AT and self.spellings:
            # What was cut in two at the end is no longer found as a whole.
            looked_at = looked_at[: -len(self.spellings[0])]
        return str(masked("", looked_at))[:SHOWN]

    def body(self, text: str) -> str:
        """Return a body without secrets; one of JSON is masked by the names in it too."""
        try:
            value = json.loads(text) if len(text) <= _LOOKED_AT else None
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict | list):
            return self.text(json.dumps(masked("", value), ensure_ascii=False))
        return self.text(text)

    def fields(self, named: Mapping[str, str]) -> dict[str, str]:
        """Return headers without secrets."""
        return {name: self.text(str(masked(name, value))) for name, value in named.items()}


def _values(value: Any, *, inside: bool = False) -> Iterator[str]:
    """Yield the texts under secret names, however deep."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _values(inner, inside=inside or is_secret(str(name)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _values(inner, inside=inside)
    elif inside and value is not None and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, str) and value[:1] in "{[":
        yield from _in_json(value)


def _in_json(text: str) -> Iterator[str]:
    """Yield the secrets of a body that was written as text already."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict | list):
        yield from _values(value)


def _of_query(url: str) -> Iterator[str]:
    try:
        query = urlsplit(url).query
    except ValueError:
        return
    for name, value in parse_qsl(query):
        if is_secret(name) or name.lower() in {"key", "sig", "signature", "code"}:
            yield value


def _parts(value: str) -> Iterator[str]:
    """Yield a secret, the words of it (`Bearer abc`), and the password of basic authentication."""
    yield value
    scheme, _, rest = value.partition(" ")
    if not rest:
        return
    yield rest.strip()
    if scheme.lower() == "basic":
        try:
            user_and_password = base64.b64decode(rest.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            return
        yield user_and_password.partition(":")[2]


def _spellings(value: str) -> Iterator[str]:
    yield value
    yield quote(value, safe="", errors="replace")
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()
