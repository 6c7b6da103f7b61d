"""The table of who may do what, against the matrix that was given, where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from governance.access_table import ROLES, TABLE

#: Beside the checkout, as it is given to those who build the product.
GIVEN = [
    parent / "shared" / "security" / "matrix.json" for parent in Path(__file__).resolve().parents
]

#: Its action -> our act; giving oneself a role is `person.keep`, which is never on one's own.
ACTS = {
    "create draft": "draft.create",
    "approve version": "review.vote",
    "start run": "run.start",
    "read secret value": "secret.read",
    "read audit log": "audit.read",
    "edit / delete audit entry": "audit.edit",
    "complete job": "job.complete",
}


def cells() -> list[dict[str, str]]:
    path = next((path for path in GIVEN if path.exists()), None)
    if path is None:
        pytest.skip("the given matrix is not at hand")
    found: list[dict[str, str]] = json.loads(path.read_text())["cells"]
    return found


def test_each_role_may_what_the_matrix_allows_it_and_no_more() -> None:
    judged = 0
    for cell in cells():
        role = cell["role"].upper()
        if role not in ROLES or cell["action"] not in ACTS:
            continue
        rule = TABLE[ACTS[cell["action"]]]
        assert (role in rule.roles) == (cell["expect"] == "allowed"), cell
        judged += 1

    assert judged >= len(ACTS) * 6


def test_nobody_gives_themselves_a_role() -> None:
    assert {c["expect"] for c in cells() if c["action"] == "grant self a role"} == {"denied"}
    assert TABLE["person.keep"].own_work


def test_every_action_of_the_matrix_is_known() -> None:
    assert {cell["action"] for cell in cells()} <= set(ACTS) | {"grant self a role"}
