"""What no line of a log may hold."""

from __future__ import annotations

from typing import Any

import pytest

from common.logging import MASK, mask


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "CANARY"),
        ("headers", {"Authorization": "CANARY", "Cookie": ["CANARY"]}),
        ("event", "asked with Bearer CANARY"),
        ("event", "postgresql://owner:CANARY@host/db"),
        ("urls", ["http://h/?a=1&token=CANARY"]),
    ],
)
def test_a_secret_is_masked_by_its_name_or_its_form(name: str, value: Any) -> None:
    line = mask(None, "info", {name: value})

    assert "CANARY" not in str(line)
    assert MASK in str(line)


def test_a_request_is_left_out_with_its_address() -> None:
    line = mask(None, "warning", {"event": "Forbidden: /audit", "request": "GET /audit?x=CANARY"})

    assert line == {"event": "Forbidden: /audit"}


@pytest.mark.parametrize(
    "address", ["http://itsm:8080/api", "https://[::1]:443/", "redis://h:6379"]
)
def test_the_port_of_an_address_is_no_password(address: str) -> None:
    assert mask(None, "info", {"event": address}) == {"event": address}
