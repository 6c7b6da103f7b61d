"""The number beside My work is the length of the list behind it, and costs one statement."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from engine.actions import user_tasks
from engine.queries.user_tasks import count_inbox, list_inbox
from tests.support.drawings import line
from tests.support.floor import Floor, gate, user_task

pytestmark = pytest.mark.django_db


def test_it_counts_what_is_listed_for_everybody(
    floor: Floor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    floor.deploy(line(user_task()))
    work = [floor.task(floor.start()) for _ in range(3)]
    user_tasks.claim_user_task(actor=floor.ola, user_task_id=work[0].pk)
    floor.complete(work[1], by=floor.pia)
    counts = []
    for actor in (floor.ola, floor.pia, floor.ben):
        with django_assert_num_queries(1):
            counts.append(count_inbox(actor=actor))
        assert counts[-1] == len(list_inbox(actor=actor))
    assert max(counts) > min(counts)


def test_a_gate_on_ones_own_work_or_with_ones_vote_is_not_counted(floor: Floor) -> None:
    floor.deploy(line(gate(quorum=2)))
    floor.start()
    everybody = [floor.ola, floor.pia, floor.ben]

    assert [count_inbox(actor=a) for a in everybody] == [
        len(list_inbox(actor=a)) for a in everybody
    ]
