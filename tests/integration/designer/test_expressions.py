"""Expressions of a draft are tried by who may edit it, and no faster than somebody types."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from designer.api.expressions import Trials
from tests.integration.designer.conftest import Desk
from tests.integration.designer.test_api import browser, send

pytestmark = pytest.mark.django_db


def test_an_author_tries_an_expression(desk: Desk) -> None:
    draft = desk.draft()
    address = f"/api/v1/drafts/{draft.pk}/expressions"

    answer = send(
        browser(desk, "Ana Ruiz"), "post", address, {"text": "1 + risk", "sample": {"risk": 2}}
    )

    assert (answer.status_code, answer.json()["value"], answer.json()["kind"]) == (
        200,
        "3",
        "number",
    )


def test_who_may_not_edit_tries_nothing(desk: Desk) -> None:
    draft = desk.draft()
    address = f"/api/v1/drafts/{draft.pk}/expressions"

    answer = send(browser(desk, "Ben Carter"), "post", address, {"text": "1"})

    assert answer.status_code == 403


def test_a_large_sample_is_refused(desk: Desk) -> None:
    draft = desk.draft()
    address = f"/api/v1/drafts/{draft.pk}/expressions"

    answer = send(
        browser(desk, "Ana Ruiz"), "post", address, {"text": "1", "sample": {"a": "x" * 70_000}}
    )

    assert answer.status_code == 400


def test_a_loop_of_trials_is_told_to_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(Trials, "rate", "2/min")
    draft = desk.draft()
    address = f"/api/v1/drafts/{draft.pk}/expressions"
    at = browser(desk, "Ana Ruiz")

    answers = [send(at, "post", address, {"text": "1"}).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    cache.clear()
