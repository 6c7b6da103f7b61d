"""The number beside Reviews is the length of the list behind it, and costs one statement."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from designer.queries.reviews import count_waiting, list_reviews
from governance.models.units import Role
from tests.integration.designer.conftest import Desk

pytestmark = pytest.mark.django_db


def test_it_counts_what_is_listed_for_everybody(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    unit_id = desk.process.unit_id
    everybody = [
        desk.ana,
        desk.gita,
        desk.marek,
        desk.office.person("Olga Operator", Role.OPERATOR),
        desk.office.person("Rita Reviewer", Role.REVIEWER),
        desk.office.person("Nobody Here"),
    ]

    def counts() -> list[int]:
        found = []
        for actor in everybody:
            with django_assert_num_queries(1):
                found.append(count_waiting(actor=actor, unit_id=unit_id))
        listed = [list_reviews(actor=a, unit_id=unit_id).counts["mine"] for a in everybody]
        assert found == listed
        return found

    assert counts() == [0, 0, 0, 0, 0, 0]
    review = desk.submit()
    assert counts() == [0, 1, 1, 0, 0, 0]
    desk.vote(review, desk.gita)
    assert counts() == [0, 0, 1, 0, 0, 0]
    desk.vote(review, desk.marek)
    assert counts() == [0, 1, 1, 1, 1, 0]
